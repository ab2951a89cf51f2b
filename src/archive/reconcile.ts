import type { CallRecord } from '../model/call-record.js'
import type { ArchivedCall } from '../store/archive-store.js'
import { changedFields, fromArchivedCall, partiesOf, toArchivedCall, type StoredChange } from './call-change.js'

/** What makes the archive of some calls equal to what the provider says of them. */
export interface Difference {
  readonly put: readonly ArchivedCall[]
  readonly remove: readonly string[]
  /** One for each call that was put or removed, in the order of time. */
  readonly changes: readonly StoredChange[]
}

export const NO_DIFFERENCE: Difference = { put: [], remove: [], changes: [] }

/**
 * Compares calls as the provider gives them with those of the same ids that are archived; a call
 * that is not archived is new. Both readings of a call are alike but for when it was read: no
 * change.
 */
export function differenceOf(calls: readonly CallRecord[], archived: ReadonlyMap<string, ArchivedCall>): Difference {
  const put: ArchivedCall[] = []
  const changes: StoredChange[] = []
  for (const call of calls.toSorted(byTime)) {
    const known = archived.get(call.id)
    const fields = known ? changedFields(fromArchivedCall(known), call) : []
    if (known && fields.length === 0) continue
    put.push(toArchivedCall(call))
    changes.push({ kind: known ? 'UPDATED' : 'CREATED', callRecordId: call.id, changedFields: fields })
  }
  return { put, remove: [], changes }
}

/**
 * Calls that the provider has no more. `namesParties`: whether the changes say who took part in them;
 * they are readable in the database.
 */
export const withoutCalls = (gone: readonly ArchivedCall[], namesParties: boolean): Difference => ({
  put: [],
  remove: gone.map(({ id }) => id),
  changes: gone.map((call) => ({
    kind: 'DELETED',
    callRecordId: call.id,
    changedFields: [],
    ...(namesParties && { parties: partiesOf(fromArchivedCall(call)) }),
  })),
})

export const together = (left: Difference, right: Difference): Difference => ({
  put: [...left.put, ...right.put],
  remove: [...left.remove, ...right.remove],
  changes: [...left.changes, ...right.changes],
})

const byTime = (left: CallRecord, right: CallRecord) =>
  left.startedAt < right.startedAt ? -1 : left.startedAt > right.startedAt ? 1 : 0
