import { callLogByDays, endOf, graphqlRecords, lengthOf } from '../../provider.js'
import type { AccountFacts, CallLog, Days, GraphqlClient, GraphqlList, Records } from '../../provider.js'
import { birthOf, inOrder, readRow, type CallRow } from './call-rows.js'
import { callsFreshness, FRESHNESS } from './freshness.js'
import { toCallRecord } from './map/call-record.js'
import { ANY_CALLS, CALLS, CALLS_AFTER } from './questions.js'
import type { FreepbxSettings } from './settings.js'

/** Rows of a look: one of them may be unreadable. */
const A_FEW = 5
/** Before every call. */
const LONG_AGO = '1970-01-01'

const rowsIn = graphqlRecords(CALLS, readRow)

/**
 * `fetchAllCdrs`, its rows joined to calls. Whole days of the switchboard's zone are all that it can
 * be asked for: there is no order that can be relied on, and no paging that works in every release.
 */
export function freepbxCallLog(
  pbx: GraphqlClient,
  options: FreepbxSettings['options'],
  account: AccountFacts,
): CallLog {
  const { rowsAtOnce } = options
  const ask = async (
    list: GraphqlList,
    days: Days,
    size: { readonly first: number; readonly after?: number },
  ): Promise<Records<CallRow>> => {
    const variables = { ...size, startDate: days.first, endDate: days.last }
    const freshness = callsFreshness(endOf(days, account.timeZone))
    return rowsIn(await pbx.ask(list, { variables, freshness, pushedDown: ['from', 'until'] }), account)
  }

  /** A day that is larger than one answer: the rest by an offset, where two probes show that it works. */
  async function wholeDay(days: Days, { items, unreadable }: Records<CallRow>): Promise<Records<CallRow>> {
    const one = await ask(CALLS, days, { first: 1 })
    const next = await ask(CALLS_AFTER, days, { first: 1, after: 1 }).catch(() => null)
    const works = next?.items[0] !== undefined && next.items[0].key !== one.items[0]?.key
    if (!works) return { items, unreadable: unreadable + 1 }
    const rows = new Map(items.map((row) => [row.key, row]))
    let left = unreadable
    for (let after = rowsAtOnce; ; after += rowsAtOnce) {
      const page = await ask(CALLS_AFTER, days, { first: rowsAtOnce, after })
      for (const row of page.items) rows.set(row.key, row)
      left += page.unreadable
      if (page.items.length + page.unreadable < rowsAtOnce) return { items: [...rows.values()], unreadable: left }
    }
  }

  const log = {
    birthOf,
    inOrder,
    toCall: (rows: readonly CallRow[]) => toCallRecord(account, rows),
    /** Fewer rows than were asked for are all of them. */
    async read(days: Days) {
      const read = await ask(CALLS, days, { first: rowsAtOnce })
      if (read.items.length + read.unreadable < rowsAtOnce) return read
      return lengthOf(days) === 1 ? wholeDay(days, read) : null
    },
    async some(last: string | null) {
      if (last !== null) return ask(CALLS, { first: LONG_AGO, last }, { first: A_FEW })
      const reply = await pbx.ask(ANY_CALLS, { variables: { first: A_FEW }, freshness: FRESHNESS.beginning })
      return rowsIn(reply, account)
    },
  }
  return callLogByDays(log, options, account)
}
