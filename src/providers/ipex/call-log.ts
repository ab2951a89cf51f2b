import type { Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import { CallDirection, type CallRecord } from '../../model/call-record.js'
import { list, received } from '../../model/values/wire-value.js'
import { reportDrift } from '../drift.js'
import { leavingOut } from '../left-out.js'
import type { AccountFacts, CallFilter, CallLog, CallPage, CallQuery } from '../provider.js'
import { joinRows, LOOK_AROUND, type JoinedCall } from './call-join.js'
import { mergeRowPages, rowPages, rowsOfCall, type CallListing } from './call-pages.js'
import { inLogOrder, startOfCallId, readRow, type CallRow } from './call-rows.js'
import { selectionOf, type NumberMatch, type Selection } from './call-selection.js'
import { eventsFreshness, FRESHNESS } from './freshness.js'
import { bareArray, wrongShape } from './list-response.js'
import { toLegs, unreadableEvents } from './map/call-events.js'
import { toCallRecord, involvesExtension } from './map/call-record.js'
import { isTaken } from './map/row-facts.js'
import { RECORD_RULES } from './record-rules.js'
import { toLegsOfRows } from './map/row-legs.js'

/** How calls are listed, and how numbers are compared in the list. */
export interface NumberedCallListing extends CallListing {
  readonly numberMatch: NumberMatch
}

/**
 * Rows to request so that a consumer of `expected` calls needs one page: a call has about two rows,
 * and the last calls wait for theirs.
 */
const rowsFor = (expected: number) => expected * 3 + 150

/**
 * `GET /calls`, its rows joined to calls. The provider evaluates the time bounds, and numbers
 * unless they are our own.
 */
export function ipexCallLog(
  rest: Rest,
  settings: NumberedCallListing,
  account: AccountFacts,
  ownNumbers: () => Promise<ReadonlySet<string>>,
): CallLog {
  const fetchedRows = (call: string) => rowsOfCall(rest, settings, call)
  const selected = (filter: CallFilter) => selectionOf(filter, account.country, settings.numberMatch)

  /**
   * Our own numbers are in so many calls that reading all rows takes fewer requests than completing
   * each call.
   */
  async function usefulSelection(filter: CallFilter): Promise<Selection | null> {
    const selection = selected(filter)
    if (!selection) return null
    // Only the cost depends on it, so it may be unknown.
    const own = await ownNumbers().catch(() => new Set<string>())
    return filter[selection.field]?.some((number) => own.has(number)) ? null : selection
  }

  async function* pages(query: CallQuery): AsyncGenerator<CallPage> {
    const { order, after, filter, expected } = query
    const from = filter.from === null ? -Infinity : Date.parse(filter.from)
    const until = filter.until === null ? Infinity : Date.parse(filter.until)
    if (from >= until) return
    const position = after === null ? null : Date.parse(after.startedAt)
    const range = {
      low: (order === 'ASC' ? Math.max(from, position ?? from) : from) - LOOK_AROUND,
      high: (order === 'DESC' ? Math.min(until, position ?? until) : until) + LOOK_AROUND,
    }
    const selection = await usefulSelection(filter)
    const streams = (selection?.queries ?? [{}]).map((select) =>
      rowPages(rest, settings, {
        select,
        order,
        range,
        size: selection ? expected + 20 : rowsFor(expected),
        reading: { freshness: FRESHNESS.calls, pushedDown: pushedDown(filter, selection) },
      }),
    )
    const lines = filter.extensionNumbers && new Set(filter.extensionNumbers)
    const joined = joinRows({
      order,
      from,
      until,
      after,
      hint: after === null ? null : query.hint,
      account: account.key,
      window: range,
      selected: selection !== null,
      pages: mergeRowPages(streams, order),
      isTaken: (row) => isTaken(row, CallDirection.INBOUND, account),
      rowsOf: fetchedRows,
    })
    for await (const { calls, everything, unreadable, hint } of joined) {
      const wanted = lines ? calls.filter(({ rows }) => involvesExtension(rows, lines)) : calls
      const counts = everything && after === null && !selection && !lines && unreadable === 0
      yield {
        calls: wanted.map(toCall),
        totalCount: counts ? calls.length : null,
        hint,
        unreadable,
        readTo: wanted.length < calls.length ? startOf(calls.at(-1)!) : null,
      }
    }
  }

  const toCall = ({ rows }: Pick<JoinedCall, 'rows'>) =>
    toCallRecord(
      account,
      rows,
      rows.reduce((latest, { readAt }) => (readAt > latest ? readAt : latest), ''),
    )

  return {
    pushdown: (filter) => pushedDown(filter, selected(filter)),
    isListed: (call, { extensionNumbers }) =>
      !extensionNumbers || involvesExtension(rowsIn(call, settings), new Set(extensionNumbers)),
    pages,
    async byId(id) {
      const linked = await fetchedRows(id)
      if (linked.rows.length === 0 && linked.unreadable > 0) throw wrongShape('/calls', 'rows that can be read')
      const rows = linked.rows.length > 0 ? linked.rows : await rowsAround(id)
      return rows.length > 0 ? toCall({ rows: inLogOrder(rows) }) : null
    },
    async detail(call): Promise<Partial<CallRecord>> {
      const rows = rowsIn(call, settings)
      const events = rows[0]?.joinable ? await readEvents(call) : []
      const id = call.providerResourceId
      const unreadable = unreadableEvents(events, settings.timeZone)
      reportDrift(settings, 'Event', RECORD_RULES.Event, events, unreadable)
      const steps = toLegs(id, events, rows, settings.timeZone, account) ?? toLegsOfRows(id, rows, account)
      return { steps, ...leavingOut({ steps: unreadable }) }
    },
  }

  /** An id without a `linkedid` is that of a single row, and contains its time. */
  async function rowsAround(id: string): Promise<readonly CallRow[]> {
    const moment = startOfCallId(id)
    if (moment === null) return []
    const range = { low: moment - LOOK_AROUND, high: moment + LOOK_AROUND }
    const found = new Map<string, CallRow>()
    for await (const { rows } of rowPages(rest, settings, { order: 'ASC', range, size: settings.maxPageSize })) {
      for (const row of rows) if (row.call === id && !row.joinable) found.set(row.key, row)
    }
    return [...found.values()]
  }

  async function readEvents({ providerResourceId, endedAt }: CallRecord): Promise<readonly unknown[]> {
    const segment = pathSegment(providerResourceId)
    if (segment === null) return []
    const reply = await rest.find(
      `${settings.url}/${segment}/detail`,
      { ...settings.always, timezone: settings.timeZone },
      { freshness: eventsFreshness(endedAt), keys: 1 },
    )
    return reply ? bareArray('/calls/{callId}/detail', reply) : []
  }
}

function pushedDown(filter: CallFilter, selection: Selection | null): readonly (keyof CallFilter)[] {
  const range = (['from', 'until'] as const).filter((field) => filter[field] !== null)
  return selection ? [...range, selection.field] : range
}

const startOf = ({ rows }: JoinedCall) => new Date(Math.min(...rows.map(({ startedAt }) => startedAt))).toISOString()

/** The rows of a call, kept as its payload. */
function rowsIn(call: CallRecord, { timeZone }: CallListing): CallRow[] {
  const items = list(received<{ items: unknown }>(call.payload)?.items) ?? []
  const startedAt = Date.parse(call.startedAt)
  return inLogOrder(items.flatMap((item) => readRow(item, timeZone, call.fetchedAt, startedAt) ?? []))
}
