import { sql, type RawBuilder, type SqlBool } from 'kysely'

import type { ArchiveSelection } from '../../archive-store.js'
import type { NumberHash } from './rows.js'

export type Condition = RawBuilder<SqlBool>

/** Which rows a selection means, but for their numbers. */
export function conditionsOf(selection: ArchiveSelection): Condition[] {
  const { account, from, until, kinds, directions, dispositions, minimumSeconds, maximumSeconds } = selection
  return [
    sql<SqlBool>`account = ${account}`,
    ...(from === null ? [] : [sql<SqlBool>`started_at >= ${Date.parse(from)}`]),
    ...(until === null ? [] : [sql<SqlBool>`started_at < ${Date.parse(until)}`]),
    ...isOneOf('kind', kinds),
    ...isOneOf('direction', directions),
    ...isOneOf('disposition', dispositions),
    ...(minimumSeconds == null ? [] : [sql<SqlBool>`duration_seconds >= ${minimumSeconds}`]),
    ...(maximumSeconds == null ? [] : [sql<SqlBool>`duration_seconds <= ${maximumSeconds}`]),
  ]
}

/** Which rows a selection means by their numbers, whether these are hashed or not. */
export function conditionsOfNumbers(selection: ArchiveSelection, hash: NumberHash | null): Condition[] {
  const { account, numbers, callerNumbers, calleeNumbers } = selection
  const stored = (list: readonly string[]) => (hash ? [...list, ...list.map((one) => hash(account, one))] : list)
  const [ofBoth, ofCaller, ofCallee] = [numbers, callerNumbers, calleeNumbers].map((list) => list && stored(list))
  const [caller] = isOneOf('caller_number', ofBoth)
  const [callee] = isOneOf('callee_number', ofBoth)
  return [
    ...(caller && callee ? [sql<SqlBool>`(${caller} or ${callee})`] : []),
    ...isOneOf('caller_number', ofCaller),
    ...isOneOf('callee_number', ofCallee),
  ]
}

export const selectsNumbers = ({ numbers, callerNumbers, calleeNumbers }: ArchiveSelection): boolean =>
  Boolean(numbers ?? callerNumbers ?? calleeNumbers)

export const all = (conditions: readonly Condition[]): Condition => sql<SqlBool>`${sql.join(conditions, sql` and `)}`

function isOneOf(column: string, values: readonly string[] | null | undefined): Condition[] {
  if (!values) return []
  return [values.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`]
}
