import type { CallDirection, CallParty } from '../model/call-record.js'
import type { Reference } from '../model/reference.js'
import type { CallFactType } from '../providers/live.js'

/** What clients hear of. RECORDED: the call's record can be read now. */
export type CallEventType = Exclude<CallFactType, 'RECORD_WRITTEN'> | 'RECORDED'

export type LiveCallState = 'RINGING' | 'IN_MENU' | 'QUEUED' | 'ANSWERED' | 'ENDED' | 'UNKNOWN'

/** A call at one moment. Times are ISO UTC with milliseconds. */
export interface CallSnapshot {
  readonly accountKey: string
  readonly providerCallId: string
  readonly direction: CallDirection
  readonly state: LiveCallState
  readonly caller: CallParty
  readonly callee: CallParty
  readonly didRef: Reference | null
  /** Where it is now; null after its end, and where that is unknown. */
  readonly targetRef: Reference | null
  /** The group it went to last; absent in events that were stored before it was told. */
  readonly groupRef?: Reference | null
  readonly startedAt: string
  readonly answeredAt: string | null
  readonly endedAt: string | null
  /** Everything of ours that has had to do with it so far, each once; in no order that means anything. */
  readonly involved: readonly Reference[]
}

/** An event as the log has it, JSON. Times are ISO UTC with milliseconds. */
export interface StoredCallEvent {
  readonly type: CallEventType
  readonly occurredAt: string
  readonly receivedAt: string
  /** This server concluded it. */
  readonly inferred: boolean
  /** The provider's own word; null for what follows from another event. */
  readonly nativeType: string | null
  /** The call right after it. */
  readonly call: CallSnapshot
}
