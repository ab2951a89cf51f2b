import { Field, ObjectType } from 'type-graphql'

import { AuthFlow } from './authorization.js'
import { Capability } from './capability.js'
import { Node } from './node.js'

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: 'A supported provider, and what can be had from it.',
})
export class Provider extends Node {
  declare readonly __typename: 'Provider'

  @Field(() => String, { description: 'Stable short name, such as ipex; `providers` lists all of them.' })
  readonly slug!: string

  @Field(() => String, { description: 'The name people know the provider by.' })
  readonly name!: string

  @Field(() => [AuthFlow], { description: 'The ways a login at this provider can be made.' })
  readonly authFlows!: readonly `${AuthFlow}`[]

  @Field(() => [Capability], { description: 'What can be done with each kind of object, and how.' })
  readonly capabilities!: readonly Capability[]
}
