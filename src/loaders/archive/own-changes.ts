import { fromArchivedCall, type Parties } from '../../archive/call-change.js'
import { AppError, type ErrorCode } from '../../errors.js'
import type { CallRecord } from '../../model/call-record.js'
import type { ArchivedCall, ArchivedChange } from '../../store/archive-store.js'
import { extensionTookPart, type Participants } from '../calls/participants.js'
import { storedChange } from './change.js'

/** Which of these changes somebody may see, in their order. */
export type JudgeChanges = (changes: readonly ArchivedChange[]) => Promise<readonly boolean[]>

export interface OwnChangesOptions {
  /** The only extension whose calls are shown. */
  readonly own: Participants
  /** Those of these calls of one account that there are. */
  readonly callsOf: (account: string, ids: readonly string[]) => Promise<readonly ArchivedCall[]>
  /** What only the detail of a call tells. */
  readonly detail: (call: CallRecord) => Promise<Partial<CallRecord>>
}

/** What is wrong with one call says nothing of the others: it is not known whose it is. */
const ABOUT_ONE_CALL: ReadonlySet<ErrorCode> = new Set([
  'PROVIDER_BAD_RESPONSE',
  'PROVIDER_FORBIDDEN',
  'PROVIDER_REJECTED',
  'NOT_FOUND',
])

/**
 * Judges changes for a caller who sees the calls of one extension: by the call as it is archived now
 * or, of one that is gone, by what the change keeps of it. Where neither tells whose it is, it is not
 * shown.
 */
export function ownChanges({ own, callsOf, detail }: OwnChangesOptions): JudgeChanges {
  const tookPart = (parties: Parties | CallRecord) => extensionTookPart(parties as CallRecord, own)

  async function isOwn(call: CallRecord): Promise<boolean> {
    const verdict = tookPart(call)
    if (verdict !== undefined) return verdict
    try {
      return tookPart({ ...call, ...(await detail(call)) }) ?? false
    } catch (error) {
      if (error instanceof AppError && ABOUT_ONE_CALL.has(error.code)) return false
      throw error
    }
  }

  return async (changes) => {
    const stored = changes.map((change) => ({ account: change.account, ...storedChange(change) }))
    const idsOf = new Map<string, Set<string>>()
    for (const { account, kind, callRecordId } of stored)
      if (kind !== 'DELETED') idsOf.set(account, (idsOf.get(account) ?? new Set()).add(callRecordId))
    const found = await Promise.all([...idsOf].map(([account, ids]) => callsOf(account, [...ids])))
    const calls = new Map(found.flat().map((call) => [call.id, call]))
    const verdicts = new Map<string, Promise<boolean>>()
    const verdictOf = (id: string): Promise<boolean> | false => {
      const call = calls.get(id)
      if (!call) return false
      let verdict = verdicts.get(id)
      if (!verdict) verdicts.set(id, (verdict = isOwn(fromArchivedCall(call))))
      return verdict
    }
    return Promise.all(
      stored.map(({ kind, callRecordId, parties }) =>
        kind === 'DELETED' ? (parties ? (tookPart(parties) ?? false) : false) : verdictOf(callRecordId),
      ),
    )
  }
}
