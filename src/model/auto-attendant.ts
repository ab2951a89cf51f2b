import { Field, ObjectType } from 'type-graphql'

import { Dialable } from './dialable.js'
import { Node, ProviderResource } from './node.js'

@ObjectType({
  simpleResolvers: true,
  implements: [Node, ProviderResource, Dialable],
  description: 'A menu that callers hear (IVR).',
})
export class AutoAttendant extends ProviderResource {
  declare readonly __typename: 'AutoAttendant'

  @Field(() => String, { nullable: true, description: 'Internal number that reaches the menu.' })
  readonly number!: string | null

  @Field(() => String, { nullable: true, description: 'Name of the menu, where the provider tells it.' })
  readonly name!: string | null
}
