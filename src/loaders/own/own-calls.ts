import { AppError, type ErrorCode } from '../../errors.js'
import type { CallRecord } from '../../model/call-record.js'
import type { CallLog } from '../../providers/provider.js'
import { extensionTookPart, type Participants } from '../calls/participants.js'

/** Opens a log whose reads no reply of before answers, and which reports each request it sends. */
export type OpenAnew = (onRequest: () => void) => CallLog

/**
 * A call by the provider's own id, if the extension took part in it. A call of others is answered
 * exactly as one that does not exist, and as late: the provider is asked as often. It may take two
 * requests to know whose a call is, so where one was enough it is sent again.
 */
export async function ownCallById(id: string, own: Participants, openAnew: OpenAnew): Promise<CallRecord | null> {
  let requests = 0
  const open = () => openAnew(() => void (requests += 1))
  try {
    const log = open()
    const call = await log.byId(id)
    const whole = call && (await withSides(call, own, log))
    if (whole && extensionTookPart(whole, own)) return whole
    if (requests === 1) await open().byId(id)
    return null
  } catch (error) {
    // What is wrong with one call tells that there is one.
    if (error instanceof AppError && ABOUT_ONE_CALL.has(error.code)) return null
    throw error
  }
}

/** With its detail where only that tells who took part. */
async function withSides(call: CallRecord, own: Participants, log: CallLog): Promise<CallRecord> {
  if (!log.detail || extensionTookPart(call, own) !== undefined) return call
  return { ...call, ...(await log.detail(call)) }
}

const ABOUT_ONE_CALL: ReadonlySet<ErrorCode> = new Set([
  'PROVIDER_BAD_RESPONSE',
  'PROVIDER_FORBIDDEN',
  'PROVIDER_REJECTED',
])
