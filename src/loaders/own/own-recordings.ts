import type { CallRecord, Recording } from '../../model/call-record.js'
import type { Extension } from '../../model/extension.js'
import { extensionParticipants, refersTo, type Participants } from '../calls/participants.js'

/**
 * The recordings of a call, if the extension spoke in it: a phone that rang while a colleague took
 * the call is part of the call, and not of what was said. `detail` is read where only that tells.
 */
export async function ownRecordings(
  call: CallRecord,
  extension: Extension | null,
  detail: () => Promise<Partial<CallRecord>>,
): Promise<readonly Recording[] | null> {
  if (!call.recordings || call.recordings.length === 0) return call.recordings
  const own = extensionParticipants(extension ? [extension] : [])
  const spoke = extensionSpoke(call, own) ?? extensionSpoke({ ...call, ...(await detail()) }, own) ?? false
  return spoke ? call.recordings : []
}

/** `undefined`: not by what is known of the call, and its detail may say more. */
function extensionSpoke({ caller, callee, answeredByRef, steps }: CallRecord, own: Participants): boolean | undefined {
  const isOwn = (reference: Parameters<typeof refersTo>[0]) => refersTo(reference, 'Extension', own)
  if (isOwn(caller.endpointRef) || isOwn(answeredByRef)) return true
  if (steps?.some(({ targetRef, answeredAt }) => answeredAt !== null && isOwn(targetRef))) return true
  if (answeredByRef === undefined || steps === undefined) return undefined
  // Nothing says who took it: whoever was called.
  return answeredByRef === null && isOwn(callee.endpointRef)
}
