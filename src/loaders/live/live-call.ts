import type { CallSnapshot, StoredCallEvent } from '../../live/call-event.js'
import { globalId } from '../../model/id.js'
import type { CallEvent, LiveCall } from '../../model/live-call.js'

/** A call of the log as an object of the graph. */
export function liveCallOf({ involved: _, ...call }: CallSnapshot): LiveCall {
  return {
    __typename: 'LiveCall',
    id: globalId('LiveCall', call.accountKey, call.providerCallId),
    ...call,
  } as LiveCall
}

/** An event of the log as an object of the graph. `live`: it is told for the first time. */
export function callEventOf(
  position: number,
  { call, ...event }: StoredCallEvent,
  { live, cursor }: { readonly live: boolean; readonly cursor: string },
): CallEvent {
  return {
    __typename: 'CallEvent',
    id: globalId('CallEvent', call.accountKey, String(position)),
    cursor,
    live,
    ...event,
    call: liveCallOf(call),
  } as CallEvent
}
