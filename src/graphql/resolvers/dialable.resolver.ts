import { FieldResolver, Resolver, Root } from 'type-graphql'

import type { Destination } from '../../loaders/edges/destination.js'
import { Dialable } from '../../model/dialable.js'
import { displayNumberOf, labelOf } from '../label.js'
import { Free } from '../limits/cost.js'

export const DISPLAY_NUMBER =
  'As dialled or shown; text. A public number is in E.164 if it can be read as one, else as the provider writes it.'

/** Fields of everything that can be dialled. `Group` has a `displayNumber` of its own. */
@Resolver(() => Dialable)
export class DialableResolver {
  @Free
  @FieldResolver(() => String, {
    description: 'What a person would call it: name, else number, else what the provider calls it. Never empty.',
  })
  label(@Root() object: Readonly<Destination>): string {
    return labelOf(object)
  }

  @Free
  @FieldResolver(() => String, { nullable: true, description: DISPLAY_NUMBER })
  displayNumber(@Root() object: Readonly<Exclude<Destination, { __typename: 'Group' }>>): string | null {
    return displayNumberOf(object)
  }
}
