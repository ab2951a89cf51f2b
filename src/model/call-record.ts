import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { InDetail } from './in-detail.js'
import { Money } from './values/money.js'
import { Node, ProviderResource } from './node.js'
import type { Reference } from './reference.js'
import { DateTime, PhoneNumber } from './values/scalars.js'

export enum CallKind {
  VOICE = 'VOICE',
  FAX = 'FAX',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CallKind, {
  name: 'CallKind',
  description: 'What was sent over the line.',
  valuesConfig: {
    VOICE: { description: 'People talked.' },
    FAX: { description: 'A fax was sent.' },
    UNKNOWN: { description: 'A word we do not know.' },
  },
})

export enum CallDirection {
  INBOUND = 'INBOUND',
  OUTBOUND = 'OUTBOUND',
  INTERNAL = 'INTERNAL',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CallDirection, {
  name: 'CallDirection',
  description: 'Which way a call went.',
  valuesConfig: {
    INBOUND: { description: 'From outside to us.' },
    OUTBOUND: { description: 'From us to outside.' },
    INTERNAL: { description: 'Between our own lines.' },
    UNKNOWN: { description: 'A word we do not know.' },
  },
})

export enum CallDisposition {
  ANSWERED = 'ANSWERED',
  MISSED = 'MISSED',
  NO_ANSWER = 'NO_ANSWER',
  BUSY = 'BUSY',
  REJECTED = 'REJECTED',
  CANCELLED = 'CANCELLED',
  VOICEMAIL = 'VOICEMAIL',
  FAILED = 'FAILED',
  IN_PROGRESS = 'IN_PROGRESS',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CallDisposition, {
  name: 'CallDisposition',
  description: 'How a call ended.',
  valuesConfig: {
    ANSWERED: { description: 'Somebody, or a menu, took the call.' },
    MISSED: { description: 'Somebody called us and nobody took it.' },
    NO_ANSWER: { description: 'We called and nobody took it.' },
    BUSY: { description: 'The line was busy.' },
    REJECTED: { description: 'The other side refused the call.' },
    CANCELLED: { description: 'The caller gave up.' },
    VOICEMAIL: { description: 'A message could be left.' },
    FAILED: { description: 'The call could not be made.' },
    IN_PROGRESS: { description: 'The call is still going on.' },
    UNKNOWN: { description: 'A word we do not know; see nativeDisposition.' },
  },
})

export enum HangupParty {
  CALLER = 'CALLER',
  CALLEE = 'CALLEE',
  SYSTEM = 'SYSTEM',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(HangupParty, {
  name: 'HangupParty',
  description: 'Who ended a call.',
  valuesConfig: {
    CALLER: { description: 'The one who called.' },
    CALLEE: { description: 'The one who was called.' },
    SYSTEM: { description: 'The switchboard.' },
    UNKNOWN: { description: 'The provider does not tell.' },
  },
})

export enum CallLegAction {
  ENTER_DID = 'ENTER_DID',
  ENTER_MENU = 'ENTER_MENU',
  ENTER_GROUP = 'ENTER_GROUP',
  RING = 'RING',
  BRIDGE = 'BRIDGE',
  TRANSFER = 'TRANSFER',
  FORWARD = 'FORWARD',
  VOICEMAIL = 'VOICEMAIL',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CallLegAction, {
  name: 'CallLegAction',
  description: 'What happened at one step of a call.',
  valuesConfig: {
    ENTER_DID: { description: 'The call came in on one of our numbers.' },
    ENTER_MENU: { description: 'The caller heard a menu.' },
    ENTER_GROUP: { description: 'The call went to a group or queue.' },
    RING: { description: 'A phone rang.' },
    BRIDGE: { description: 'Two sides were connected.' },
    TRANSFER: { description: 'The call was handed over.' },
    FORWARD: { description: 'The call was sent on to another number.' },
    VOICEMAIL: { description: 'The caller could leave a message.' },
    UNKNOWN: { description: 'A step we do not know; see nativeAction.' },
  },
})

export enum CallLegResult {
  CONTINUED = 'CONTINUED',
  ANSWERED = 'ANSWERED',
  ANSWERED_ELSEWHERE = 'ANSWERED_ELSEWHERE',
  NO_ANSWER = 'NO_ANSWER',
  BUSY = 'BUSY',
  REJECTED = 'REJECTED',
  CANCELLED = 'CANCELLED',
  FAILED = 'FAILED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CallLegResult, {
  name: 'CallLegResult',
  description: 'How one step of a call ended.',
  valuesConfig: {
    CONTINUED: { description: 'The call went on to the next step.' },
    ANSWERED: { description: 'It was taken here.' },
    ANSWERED_ELSEWHERE: { description: 'Another phone was faster.' },
    NO_ANSWER: { description: 'Nobody took it here.' },
    BUSY: { description: 'This phone was busy.' },
    REJECTED: { description: 'It was refused here.' },
    CANCELLED: { description: 'The caller gave up while it rang here.' },
    FAILED: { description: 'It could not be delivered here.' },
    UNKNOWN: { description: 'A word we do not know; see nativeResult.' },
  },
})

export enum RecordingStatus {
  AVAILABLE = 'AVAILABLE',
  DELETED = 'DELETED',
  PENDING = 'PENDING',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(RecordingStatus, {
  name: 'RecordingStatus',
  description: 'Whether a recording can be listened to.',
  valuesConfig: {
    AVAILABLE: { description: 'It can be listened to.' },
    DELETED: { description: 'It existed and was removed.' },
    PENDING: { description: 'It is still being made.' },
    UNKNOWN: { description: 'A word we do not know.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'One side of a call.' })
export class CallParty {
  @Field(() => PhoneNumber, { nullable: true, description: 'The number in E.164, when it is a public one.' })
  readonly number!: string | null

  @Field(() => String, { nullable: true, description: 'The number as the provider writes it.' })
  readonly rawNumber!: string | null

  @Field(() => String, { nullable: true, description: 'The name shown with the number.' })
  readonly displayName!: string | null

  /** Edges `endpoint` and `extension`: our object with this number; null for a foreign number. */
  readonly endpointRef!: Reference | null
  readonly accountKey!: string
}

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: 'One step of a call. Phones that ring together are siblings under one parent.',
})
export class CallLeg extends Node {
  declare readonly __typename: 'CallLeg'

  @Field(() => Int, { description: 'Position in the order of time, from 0.' })
  readonly sequence!: number

  @Field(() => ID, { nullable: true, description: 'The id of the step this one belongs to.' })
  readonly parentId!: string | null

  @Field(() => CallLegAction, { description: 'What happened.' })
  readonly action!: CallLegAction

  @Field(() => String, { nullable: true, description: "The provider's own word for the step." })
  readonly nativeAction!: string | null

  @Field(() => DateTime, { description: 'When the step began.' })
  readonly startedAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was answered here.' })
  readonly answeredAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When the step ended.' })
  readonly endedAt!: string | null

  @Field(() => CallLegResult, { description: 'How the step ended.' })
  readonly result!: CallLegResult

  @Field(() => String, { nullable: true, description: "The provider's own word for the result." })
  readonly nativeResult!: string | null

  /** Edge `target`; null when the step leads to nothing of ours. */
  readonly targetRef!: Reference | null
  readonly accountKey!: string
}

@ObjectType({ simpleResolvers: true, implements: Node, description: 'The recording of a call.' })
export class Recording extends Node {
  declare readonly __typename: 'Recording'
  readonly accountKey!: string
  /** The provider's name of the file or the call; the `link` edge is made from it. */
  readonly nativeName!: string
  /** The extensions that speak in it; absent where the provider does not tell apart who spoke when. */
  readonly speakerRefs?: readonly Reference[]

  @Field(() => RecordingStatus, { description: 'Whether it can be listened to.' })
  readonly status!: RecordingStatus

  @Field(() => String, { nullable: true, description: 'Media type, when it is known before listening.' })
  readonly mimeType!: string | null
}

@ObjectType({
  simpleResolvers: true,
  implements: [Node, ProviderResource],
  description: 'One call as a person would count it, whatever number of provider rows describe it.',
})
export class CallRecord extends ProviderResource {
  declare readonly __typename: 'CallRecord'

  @Field(() => CallKind, { description: 'Voice or fax.' })
  readonly kind!: CallKind

  @Field(() => CallDirection, { description: 'Which way the call went.' })
  readonly direction!: CallDirection

  @Field(() => CallParty, { description: 'Who called.' })
  readonly caller!: CallParty

  @Field(() => CallParty, { description: 'Who was called.' })
  readonly callee!: CallParty

  @Field(() => DateTime, { description: 'When the call began.' })
  readonly startedAt!: string

  @Field(() => DateTime, { nullable: true, description: 'When it was first answered, by a person or a menu.' })
  readonly answeredAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  readonly endedAt!: string | null

  @Field(() => Int, { nullable: true, description: 'Seconds from start to end.' })
  readonly durationSeconds!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds from start to the first answer; the whole call when nobody answered.',
  })
  readonly waitSeconds!: number | null

  @Field(() => Int, { nullable: true, description: 'Seconds from answer to end, as the provider measures it.' })
  readonly talkSeconds!: number | null

  @Field(() => CallDisposition, { description: 'How the call ended.' })
  readonly disposition!: CallDisposition

  @Field(() => String, { nullable: true, description: "The provider's own word for how it ended." })
  readonly nativeDisposition!: string | null

  @Field(() => String, { nullable: true, description: "The provider's own word for why it ended." })
  readonly nativeHangupCause!: string | null

  @Field(() => HangupParty, { description: 'Who ended the call, as far as it can be told.' })
  readonly hangupParty!: HangupParty

  @Field(() => [Recording], {
    nullable: true,
    description: 'Recordings of this call; null when the provider does not tell.',
  })
  readonly recordings!: InDetail<readonly Recording[] | null>

  @Field(() => Money, { nullable: true, description: 'What the call cost.' })
  readonly cost!: Money | null

  /** Edge `did`: our number that was dialled or shown; null when none was. */
  readonly didRef!: Reference | null
  /** Edge `answeredBy`; null when nobody answered, or the provider does not tell who. */
  readonly answeredByRef!: InDetail<Reference | null>
  /** Edge `groups`: those the call went through; null when the provider does not tell. */
  readonly groupRefs!: InDetail<readonly Reference[] | null>
  /** Edge `legs`; null when the provider does not tell them. */
  readonly steps!: InDetail<readonly CallLeg[] | null>
}
