import { AppError, type ErrorCode } from '../../errors.js'
import type { CallRecord, Recording } from '../../model/call-record.js'
import type { InDetail } from '../../model/in-detail.js'
import type { CallLog } from '../../providers/provider.js'
import { extensionTookPart, type Participants } from '../calls/participants.js'
import { recordingsOf } from './own-recordings.js'
import { partOf, wholeOf } from './whole.js'

/** Opens a log whose reads no reply of before answers, and which reports each request it sends. */
export type OpenAnew = (onRequest: () => void) => CallLog

/**
 * A call log of which an extension may see its own calls. By id it has no others; lists are narrowed
 * where they are merged, see `CallLogServices.own`. Of each call it has the recordings in which the
 * extension speaks, and the provider's payload, which tells of all, only together with all of them.
 */
export function ownCallLog(log: CallLog, own: () => Promise<Participants>, openAnew: OpenAnew): CallLog {
  const { count } = log
  return {
    pushdown: (filter) => log.pushdown(filter),
    async *pages(query) {
      const participants = await own()
      for await (const page of log.pages(query))
        yield { ...page, calls: page.calls.map((call) => callShown(call, participants)) }
    },
    async byId(id) {
      const participants = await own()
      const call = await ownCallById(id, participants, openAnew)
      return call && callShown(call, participants)
    },
    async detail(call) {
      const whole = wholeOf(call)
      const detail = (await log.detail?.(whole)) ?? {}
      if (whole === call) return detail
      const recordings = recordingsOf({ ...whole, ...detail }, await own()) ?? []
      return { ...detail, recordings, payload: payloadBeside(recordings, whole) }
    },
    ...(count && {
      async count(query) {
        const participants = await own()
        return count.call(log, { ...query, matches: (call) => query.matches(callShown(call, participants)) })
      },
    }),
  }
}

/**
 * A call with the recordings in which the extension speaks. `undefined` recordings and payload: only
 * the detail tells who spoke.
 */
export function callShown(call: CallRecord, own: Participants): CallRecord {
  const recordings = recordingsOf(call, own)
  if (recordings?.length === call.recordings?.length) return call
  return partOf(call, { ...call, recordings, payload: payloadBeside(recordings, call) })
}

function payloadBeside(shown: InDetail<readonly Recording[] | null>, { recordings, payload }: CallRecord): unknown {
  if (shown === undefined) return undefined
  return shown?.length === recordings?.length ? payload : null
}

/**
 * A call by the provider's own id, if the extension took part in it. A call of others is answered
 * exactly as one that does not exist, and as late: the provider is asked as often. It may take two
 * requests to know whose a call is, so where one was enough it is sent again.
 */
async function ownCallById(id: string, own: Participants, openAnew: OpenAnew): Promise<CallRecord | null> {
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
