import type { CallRecord } from '../model/call-record.js'
import type { ArchivedCall } from '../store/archive-store.js'

/** What became of a call since it was last seen. */
export type ChangeKind = 'CREATED' | 'UPDATED' | 'DELETED'

/** The body of an event of an archive, as it is stored. */
export interface StoredChange {
  readonly kind: ChangeKind
  /** Global id of the call. */
  readonly callRecordId: string
  /** Schema names of the fields that differ, for UPDATED; otherwise none. */
  readonly changedFields: readonly string[]
  /**
   * Of a call that is gone: who took part in it, for callers who see their own calls alone; absent in
   * a sealed archive.
   */
  readonly parties?: Parties
}

/** The references by which a call is somebody's; numbers and names of others are not among them. */
export type Parties = Pick<CallRecord, 'answeredByRef' | 'accountKey'> & {
  readonly caller: Pick<CallRecord['caller'], 'endpointRef'>
  readonly callee: Pick<CallRecord['callee'], 'endpointRef'>
  readonly steps?: readonly Pick<NonNullable<CallRecord['steps']>[number], 'targetRef'>[] | null
}

/** Members of a call that say nothing about the call. */
const OF_THE_READING = new Set(['fetchedAt', '__typename', 'id', 'accountKey', 'providerResourceId', 'leftOut'])

/** The schema's names of members that have another one here. */
const SHOWN_AS: Readonly<Record<string, string>> = {
  didRef: 'did',
  answeredByRef: 'answeredBy',
  groupRefs: 'groups',
  steps: 'legs',
  payload: 'raw',
}

/** A call as it is archived. */
export function toArchivedCall(call: CallRecord): ArchivedCall {
  return {
    id: call.id,
    startedAt: call.startedAt,
    record: JSON.stringify(call),
    facts: {
      kind: call.kind,
      direction: call.direction,
      disposition: call.disposition,
      callerNumber: call.caller.number,
      calleeNumber: call.callee.number,
      durationSeconds: call.durationSeconds,
      waitSeconds: call.waitSeconds,
      talkSeconds: call.talkSeconds,
    },
  }
}

/** The call as it was read; members that only its detail has are absent, as `undefined` is. */
export const fromArchivedCall = ({ record }: Pick<ArchivedCall, 'record'>): CallRecord =>
  JSON.parse(record) as CallRecord

/** Schema names of the fields in which two readings of one call differ, in a fixed order. */
export function changedFields(before: CallRecord, after: CallRecord): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names]
    .filter((name) => !OF_THE_READING.has(name))
    .filter((name) => textOf(before, name) !== textOf(after, name))
    .map((name) => SHOWN_AS[name] ?? name)
    .sort()
}

const textOf = (call: CallRecord, name: string) => JSON.stringify(call[name as keyof CallRecord])

export const partiesOf = ({ accountKey, caller, callee, answeredByRef, steps }: CallRecord): Parties => ({
  accountKey,
  caller: { endpointRef: caller.endpointRef },
  callee: { endpointRef: callee.endpointRef },
  answeredByRef,
  ...(steps !== undefined && { steps: steps && steps.map(({ targetRef }) => ({ targetRef })) }),
})
