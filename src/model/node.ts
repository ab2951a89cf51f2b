import { Field, ID, InterfaceType } from 'type-graphql'

import { DateTime } from './values/scalars.js'

const typename = (value: { __typename: string }) => value.__typename

@InterfaceType({ description: 'Anything that can be fetched again by its id.', resolveType: typename })
export abstract class Node {
  readonly __typename!: string

  @Field(() => ID, { description: 'Opaque and stable: the same object keeps the same id for ever.' })
  readonly id!: string
}

@InterfaceType({ implements: Node, description: 'Anything read from a provider.', resolveType: typename })
export abstract class ProviderResource extends Node {
  /** Key of the account it was read from; the `account` field is an edge. */
  readonly accountKey!: string

  @Field(() => String, { description: "Identifier in the provider's own system, unchanged." })
  readonly providerResourceId!: string

  @Field(() => DateTime, { description: 'When this server last read it from the provider.' })
  readonly fetchedAt!: string

  /** The provider's own object, secrets removed; field `raw` selects from it. */
  readonly payload!: unknown

  /**
   * How many entries of its lists could not be read and are left out, by the list's field here;
   * absent: none. A detail has its own.
   */
  readonly leftOut?: Readonly<Record<string, number>>
}
