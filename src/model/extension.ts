import { Field, ObjectType, registerEnumType } from 'type-graphql'

import { Dialable } from './dialable.js'
import type { InDetail } from './in-detail.js'
import { Node, ProviderResource } from './node.js'
import type { Reference } from './reference.js'

export enum RegistrationStatus {
  REGISTERED = 'REGISTERED',
  UNREGISTERED = 'UNREGISTERED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(RegistrationStatus, {
  name: 'RegistrationStatus',
  description: 'Whether a telephone is connected to the switchboard.',
  valuesConfig: {
    REGISTERED: { description: 'A device is connected now.' },
    UNREGISTERED: { description: 'No device is connected now.' },
    UNKNOWN: { description: 'The provider does not tell.' },
  },
})

export enum ForwardingCondition {
  ALWAYS = 'ALWAYS',
  BUSY = 'BUSY',
  NO_ANSWER = 'NO_ANSWER',
  UNREACHABLE = 'UNREACHABLE',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(ForwardingCondition, {
  name: 'ForwardingCondition',
  description: 'When calls are forwarded.',
  valuesConfig: {
    ALWAYS: { description: 'Every call.' },
    BUSY: { description: 'When the line is busy.' },
    NO_ANSWER: { description: 'When nobody answers.' },
    UNREACHABLE: { description: 'When the call cannot be delivered: busy, unanswered or offline.' },
    UNKNOWN: { description: 'A condition we do not know.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Where calls to an extension are sent on, and when.' })
export class ForwardingRule {
  @Field(() => ForwardingCondition, { description: 'When this rule applies.' })
  readonly condition!: ForwardingCondition

  /** Edge `destination`; null when the provider does not tell it. */
  readonly destinationRef!: Reference | null
  readonly accountKey!: string
}

@ObjectType({ simpleResolvers: true, implements: [Node, ProviderResource, Dialable], description: 'An internal line.' })
export class Extension extends ProviderResource {
  declare readonly __typename: 'Extension'

  @Field(() => String, { description: 'Internal number; a string, because leading zeros matter.' })
  readonly number!: string

  @Field(() => String, { nullable: true, description: 'Name shown for this line, usually the person.' })
  readonly displayName!: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address of the person.' })
  readonly email!: string | null

  @Field(() => RegistrationStatus, { description: 'Whether a device is registered now, as far as the provider tells.' })
  readonly registration!: RegistrationStatus

  /** Edge `callerIdDid`: the number shown on outgoing calls; null when none is set. */
  readonly callerIdRef!: InDetail<Reference | null>
  /** Field `voicemailEnabled`; null when the provider does not tell. */
  readonly voicemail!: InDetail<boolean | null>
  /** Edge `forwarding`; null when the provider does not tell, empty when nothing is forwarded. */
  readonly forwardingRules!: InDetail<readonly ForwardingRule[] | null>
  /** Field `callPermissions`; null when the provider does not tell. */
  readonly permissions!: InDetail<readonly string[] | null>
  /** The provider's id of the person whose line it is, where others refer to it by that. */
  readonly ownerId?: string | null
  /**
   * Provider ids of its groups. `undefined` here does not mean the detail: the provider tells
   * membership only at the groups, so the edge is found through their members.
   */
  readonly groupIds!: readonly string[] | undefined
  /** Provider ids of its DIDs; `undefined`: they are those whose destination it is. */
  readonly didIds!: readonly string[] | undefined
}
