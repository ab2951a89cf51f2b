import { globalId, parseGlobalId } from '../model/id.js'
import type { LiveCall } from '../model/live-call.js'
import type { CurrentCall } from '../providers/live.js'
import type { OriginateInput } from '../providers/writes.js'
import type { Reading } from './mutation.js'

/** A call as its provider lists it now; null where it does not. */
export async function readCall(read: Reading, id: string): Promise<LiveCall | null> {
  const { calls } = await read.loader.open().currentCalls!()
  const call = calls.find(({ callId }) => callId === id)
  return call ? liveCall(read, call) : null
}

/** A call that has just been ended. */
export const endedCall = (read: Reading, call: CurrentCall): LiveCall => ({
  ...liveCall(read, call),
  state: 'ENDED',
  targetRef: null,
  endedAt: new Date(read.now).toISOString(),
})

/** A call that has just been placed, and that its provider does not list yet. */
export function placedCall(read: Reading, callId: string, { fromExtensionId, to }: OriginateInput): LiveCall {
  const accountKey = read.loader.account.key
  const nobody = { number: null, rawNumber: null, displayName: null, endpointRef: null, accountKey }
  const line = { kind: 'Extension', id: parseGlobalId(fromExtensionId ?? '')?.native ?? null } as const
  return liveCall(read, {
    ...{ callId, state: 'RINGING', nativeState: '', direction: 'OUTBOUND' as CurrentCall['direction'] },
    caller: { ...nobody, endpointRef: line },
    callee: { ...nobody, number: to, rawNumber: to },
    ...{ didRef: null, targetRef: line, startedAt: null },
  })
}

const liveCall = (
  { loader, now }: Reading,
  { callId, state, direction, caller, callee, didRef, targetRef, startedAt }: CurrentCall,
): LiveCall => ({
  __typename: 'LiveCall',
  id: globalId('LiveCall', loader.account.key, callId),
  accountKey: loader.account.key,
  providerCallId: callId,
  ...{ direction, state, caller, callee, didRef, targetRef },
  startedAt: startedAt ?? new Date(now).toISOString(),
  ...{ answeredAt: null, endedAt: null },
})
