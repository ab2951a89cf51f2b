import { Field, ObjectType, registerEnumType } from 'type-graphql'

import { CallDirection, CallParty } from './call-record.js'
import { Node } from './node.js'
import type { Reference } from './reference.js'
import { DateTime } from './values/scalars.js'

export enum LiveCallState {
  RINGING = 'RINGING',
  IN_MENU = 'IN_MENU',
  QUEUED = 'QUEUED',
  ANSWERED = 'ANSWERED',
  ENDED = 'ENDED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(LiveCallState, {
  name: 'LiveCallState',
  description: 'What a call is doing now.',
  valuesConfig: {
    RINGING: { description: 'A phone rings, or the call is on its way to one.' },
    IN_MENU: { description: 'The caller hears a menu.' },
    QUEUED: { description: 'The caller waits in a group or queue.' },
    ANSWERED: { description: 'Two sides talk.' },
    ENDED: { description: 'It is over.' },
    UNKNOWN: { description: 'A word we do not know.' },
  },
})

export enum CallEventType {
  STARTED = 'STARTED',
  ENTERED_MENU = 'ENTERED_MENU',
  ENTERED_GROUP = 'ENTERED_GROUP',
  RINGING = 'RINGING',
  ANSWERED = 'ANSWERED',
  TRANSFERRED = 'TRANSFERRED',
  MISSED = 'MISSED',
  ENDED = 'ENDED',
  RECORDED = 'RECORDED',
}
registerEnumType(CallEventType, {
  name: 'CallEventType',
  description: 'What happened to a call.',
  valuesConfig: {
    STARTED: { description: 'The call began.' },
    ENTERED_MENU: { description: 'The caller hears a menu.' },
    ENTERED_GROUP: { description: 'The call went to a group or queue.' },
    RINGING: { description: 'A phone rings.' },
    ANSWERED: { description: 'Somebody took the call.' },
    TRANSFERRED: { description: 'The call was handed over.' },
    MISSED: { description: 'Somebody called us and nobody took it.' },
    ENDED: { description: 'The call is over.' },
    RECORDED: { description: "The call's record can be read now." },
  },
})

@ObjectType({ simpleResolvers: true, implements: Node, description: 'A call under way, or just over.' })
export class LiveCall extends Node {
  declare readonly __typename: 'LiveCall'
  /** Edge `account`. */
  readonly accountKey!: string

  @Field(() => String, { description: "Identifier in the provider's own system, unchanged." })
  readonly providerCallId!: string

  @Field(() => CallDirection, { description: 'Which way the call goes.' })
  readonly direction!: `${CallDirection}`

  @Field(() => LiveCallState, { description: 'What it is doing.' })
  readonly state!: `${LiveCallState}`

  @Field(() => CallParty, { description: 'Who calls.' })
  readonly caller!: CallParty

  @Field(() => CallParty, { description: 'Who is called.' })
  readonly callee!: CallParty

  /** Edge `did`. */
  readonly didRef!: Reference | null
  /** Edge `currentTarget`. */
  readonly targetRef!: Reference | null
  /** Edge `group`. */
  readonly groupRef?: Reference | null

  @Field(() => DateTime, { description: 'When the call began, as far as it is known.' })
  readonly startedAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was answered.' })
  readonly answeredAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  readonly endedAt!: string | null
}

@ObjectType({ simpleResolvers: true, implements: Node, description: 'Something that happened to a call.' })
export class CallEvent extends Node {
  declare readonly __typename: 'CallEvent'

  @Field(() => String, { description: 'Given to `callEvents` as `resumeAfter`, goes on after this event.' })
  readonly cursor!: string

  @Field(() => CallEventType, { description: 'What happened.' })
  readonly type!: `${CallEventType}`

  @Field(() => DateTime, { description: 'When it happened, as the provider says.' })
  readonly occurredAt!: string

  @Field(() => DateTime, { description: 'When this server heard of it.' })
  readonly receivedAt!: string

  @Field(() => Boolean, { description: 'False for events that were missed and are told again.' })
  readonly live!: boolean

  @Field(() => Boolean, {
    description: "True where this server concluded it, for example from a call's absence in two polls.",
  })
  readonly inferred!: boolean

  @Field(() => String, { nullable: true, description: "The provider's own word for the event." })
  readonly nativeType!: string | null

  @Field(() => LiveCall, { description: 'The call as it was right after this event.' })
  readonly call!: LiveCall
}
