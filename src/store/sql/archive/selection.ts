import { sql, type RawBuilder, type SqlBool } from 'kysely'

import type { ArchiveSelection } from '../../archive-store.js'
import type { NumberHash } from './rows.js'

export type Condition = RawBuilder<SqlBool>

/** Which rows a selection means. */
export interface Selected {
  /** What holds for each of them. */
  readonly where: readonly Condition[]
  /**
   * One of these holds, too, each with one value of an indexed column: the index has them in the
   * order of time, which it has not for several values. Null where no index of numbers helps.
   */
  readonly either: readonly Condition[] | null
}

/** SQLite joins no more than 500. */
const MOST_BRANCHES = 100

/** Rows of a selection; `hash`: of numbers that are sealed, if there may be some. */
export function select(selection: ArchiveSelection, hash: NumberHash | null): Selected {
  const { account, from, until, kinds, directions, dispositions, minimumSeconds, maximumSeconds } = selection
  const stored = (list: readonly string[] | null | undefined) =>
    list && [...new Set(hash ? [...list, ...list.map((number) => hash(account, number))] : list)]
  const callers = { columns: ['caller_number'], values: stored(selection.callerNumbers) }
  const callees = { columns: ['callee_number'], values: stored(selection.calleeNumbers) }
  const both = { columns: ['caller_number', 'callee_number'], values: stored(selection.numbers) }
  const byNumbers = [callers, callees, both].filter(({ values }) => values)
  const branching = byNumbers.find(({ columns, values }) => columns.length * values!.length <= MOST_BRANCHES)
  return {
    where: [
      sql<SqlBool>`account = ${account}`,
      ...(from === null ? [] : [sql<SqlBool>`started_at >= ${Date.parse(from)}`]),
      ...(until === null ? [] : [sql<SqlBool>`started_at < ${Date.parse(until)}`]),
      ...isOneOf(['kind'], kinds),
      ...isOneOf(['direction'], directions),
      ...isOneOf(['disposition'], dispositions),
      ...(minimumSeconds == null ? [] : [sql<SqlBool>`duration_seconds >= ${minimumSeconds}`]),
      ...(maximumSeconds == null ? [] : [sql<SqlBool>`duration_seconds <= ${maximumSeconds}`]),
      ...byNumbers.filter((one) => one !== branching).flatMap(({ columns, values }) => isOneOf(columns, values)),
    ],
    either:
      branching?.columns.flatMap((column) =>
        branching.values!.map((value) => sql<SqlBool>`${sql.ref(column)} = ${value}`),
      ) ?? null,
  }
}

export const selectsNumbers = ({ numbers, callerNumbers, calleeNumbers }: ArchiveSelection): boolean =>
  Boolean(numbers ?? callerNumbers ?? calleeNumbers)

export const all = (conditions: readonly Condition[]): Condition => sql<SqlBool>`${sql.join(conditions, sql` and `)}`

function isOneOf(columns: readonly string[], values: readonly string[] | null | undefined): Condition[] {
  if (!values) return []
  if (values.length === 0) return [sql<SqlBool>`1 = 0`]
  const each = columns.map((column) => sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`)
  return [sql<SqlBool>`(${sql.join(each, sql` or `)})`]
}
