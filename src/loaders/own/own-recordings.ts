import type { CallRecord, Recording } from '../../model/call-record.js'
import type { InDetail } from '../../model/in-detail.js'
import type { Reference } from '../../model/reference.js'
import { refersTo, type Participants } from '../calls/participants.js'

/**
 * The recordings of a call in which the extension speaks. A phone that rang while a colleague took the
 * call is part of the call and not of what was said, as is one that passed the call on before.
 * `undefined`: only the detail of the call tells.
 */
export function recordingsOf(call: CallRecord, own: Participants): InDetail<readonly Recording[] | null> {
  const { recordings } = call
  if (!recordings || recordings.length === 0) return recordings
  const speaks = recordings.map(({ speakerRefs }) =>
    speakerRefs ? speakerRefs.some((one) => refersTo(one, 'Extension', own)) : extensionSpoke(call, own),
  )
  return speaks.includes(undefined) ? undefined : recordings.filter((_, at) => speaks[at])
}

/** `undefined`: not by what is known of the call, and its detail may say more. */
function extensionSpoke({ caller, callee, answeredByRef, steps }: CallRecord, own: Participants): boolean | undefined {
  const isOwn = (reference: Reference | null | undefined) => refersTo(reference, 'Extension', own)
  if (isOwn(caller.endpointRef) || isOwn(answeredByRef)) return true
  // A step with phones below it was answered by one of them.
  const withPhones = new Set(steps?.map(({ parentId }) => parentId))
  if (steps?.some(({ id, targetRef, answeredAt }) => answeredAt !== null && isOwn(targetRef) && !withPhones.has(id)))
    return true
  if (answeredByRef === undefined || steps === undefined) return undefined
  // Nothing says who took it: whoever was called.
  return answeredByRef === null && isOwn(callee.endpointRef)
}
