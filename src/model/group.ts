import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'

import { Dialable } from './dialable.js'
import type { InDetail } from './in-detail.js'
import { Node, ProviderResource } from './node.js'
import type { Reference } from './reference.js'

export enum GroupKind {
  RING_GROUP = 'RING_GROUP',
  QUEUE = 'QUEUE',
  SKILL_GROUP = 'SKILL_GROUP',
  CONTACT_LIST = 'CONTACT_LIST',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(GroupKind, {
  name: 'GroupKind',
  description: 'What a group does with its members.',
  valuesConfig: {
    RING_GROUP: { description: 'Its phones ring together or one after another.' },
    QUEUE: { description: 'Callers wait for a free agent.' },
    SKILL_GROUP: { description: 'Agents who share a skill.' },
    CONTACT_LIST: { description: 'A list of people to write to; no call ever rings here.' },
    UNKNOWN: { description: 'A kind we do not know.' },
  },
})

/** One member as the provider refers to it; null for what it does not tell. */
export interface GroupMembership {
  readonly member: Reference
  readonly priority: number | null
  readonly delaySeconds: number | null
}

@ObjectType({
  simpleResolvers: true,
  implements: [Node, ProviderResource, Dialable],
  description: 'A ring group, a queue, or whatever else the provider groups.',
})
export class Group extends ProviderResource {
  declare readonly __typename: 'Group'

  @Field(() => GroupKind, { description: 'What kind of group this is.' })
  readonly kind!: GroupKind

  @Field(() => String, { nullable: true, description: 'Name of the group.' })
  readonly name!: string | null

  @Field(() => Int, { nullable: true, description: 'Seconds a call rings here before it goes on.' })
  readonly ringTimeoutSeconds!: number | null

  /** Field `number`: the internal number that reaches the group; null when it has none. */
  readonly internalNumber!: InDetail<string | null>
  /** Edge `members`; null when the provider does not tell. */
  readonly memberships!: InDetail<readonly GroupMembership[] | null>
  /** Field `memberCount`; `undefined`: count `memberships`, reading the detail if need be. */
  readonly countedMembers!: InDetail<number | null>
}
