import type { EmulatorClock } from '../../../emulator/emulator.js'
import { json, type Route } from '../../../emulator/serve.js'
import { callFlowOf } from './call-flow.js'
import type { LoggedCall } from './call-log.js'
import { isMissed, partiesOf, toCdr } from './call-wire.js'
import type { Company } from './companies.js'
import type { Gate } from './gate.js'
import type { BulutfonKnobs } from './knobs.js'
import { notFound, unprocessable } from './refusals.js'

export interface CallRouteSettings {
  readonly gate: Gate
  readonly knobs: BulutfonKnobs
  readonly clock: Pick<EmulatorClock, 'now'>
  /** The API's URL, for the links to other pages. */
  readonly url: () => string
  /** Called after a page of calls was served. */
  readonly served: (company: Company) => void
}

/** `/cdrs` with its filters, order and pages; `/cdrs/:uuid` with the call flow. */
export function callRoutes(settings: CallRouteSettings): Route[] {
  const { gate, knobs } = settings
  return [
    {
      method: 'GET',
      pattern: /\/cdrs(?:\.json)?\/?/,
      handle: gate.guard(({ query }, company) => {
        const found = select(company, query, settings)
        if (typeof found === 'string') return unprocessable(found)
        const answer = json(page(found, company, query, settings))
        settings.served(company)
        return answer
      }),
    },
    {
      method: 'GET',
      pattern: /\/cdrs\/([^/]+?)(?:\.json)?\/?/,
      handle: gate.guard(({ params }, { calls, office }) => {
        const call = calls.find(params[0] ?? '')
        if (!call) return notFound()
        const flow = call.direction === 'in' ? { call_flow: callFlowOf(call, office) } : {}
        return json({ cdr: { ...toCdr(call, office, knobs), ...flow } })
      }),
    },
  ]
}

/** The calls of a query in its order; a text when the query is invalid. */
function select(
  company: Company,
  query: URLSearchParams,
  { knobs, clock }: CallRouteSettings,
): readonly LoggedCall[] | string {
  const { calls, office } = company
  const window = query.get('time_limit')
  if (window && !(window in windows)) return 'time_limit must be hour, day or month'
  const since = window ? clock.now() - (windows[window as keyof typeof windows] ?? 0) : null
  const missed = { true: true, false: false }[query.get('missing_call') ?? '']
  const wanted = (name: string) =>
    query
      .get(name)
      ?.split(',')
      .map((number) => number.trim())
      .filter(Boolean) ?? []
  const [callers, callees, either] = [wanted('caller'), wanted('callee'), wanted('caller_or_callee')]
  const asksNumbers = callers.length + callees.length + either.length > 0

  const fits = (call: LoggedCall): boolean => {
    if (since !== null && call.startedAt < since) return false
    if (missed !== undefined && isMissed(call) !== missed) return false
    if (!asksNumbers) return true
    const parties = partiesOf(call, office, knobs)
    const [caller, callee] = [String(parties.caller), String(parties.callee)]
    return (
      (callers.length === 0 || callers.includes(caller)) &&
      (callees.length === 0 || callees.includes(callee)) &&
      (either.length === 0 || either.includes(caller) || either.includes(callee))
    )
  }
  const isFiltered = since !== null || missed !== undefined || asksNumbers
  const found = isFiltered ? calls.all.filter(fits) : calls.all
  return inOrder(found, query.get('order') || 'call_time,desc', company, knobs)
}

const HOUR = 60 * 60 * 1000
/** Before now, on the emulator's clock. */
const windows = { hour: HOUR, day: 24 * HOUR, month: 30 * 24 * HOUR } as const

function inOrder(
  oldestFirst: readonly LoggedCall[],
  order: string,
  { office }: Company,
  knobs: BulutfonKnobs,
): readonly LoggedCall[] {
  const [field = '', direction = 'asc'] = order.split(',')
  const ascending =
    field === 'call_time' ? oldestFirst : sortedBy(field, oldestFirst, (call) => toCdr(call, office, knobs)[field])
  return direction.toLowerCase() === 'desc' ? ascending.toReversed() : ascending
}

function sortedBy(
  field: string,
  calls: readonly LoggedCall[],
  valueOf: (call: LoggedCall) => unknown,
): readonly LoggedCall[] {
  const keyed = calls.map((call) => ({
    call,
    key: String(valueOf(call) ?? '').padStart(field === 'caller' || field === 'callee' ? 20 : 0),
  }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ call }) => call)
}

function page(
  found: readonly LoggedCall[],
  company: Company,
  query: URLSearchParams,
  { knobs, url }: CallRouteSettings,
): unknown {
  const show = (call: LoggedCall) => toCdr(call, company.office, knobs)
  // Before May 2015 there were no pages.
  if (knobs.era === 'E1') return { cdrs: found.map(show) }
  const limit = Math.min(wholeNumber(query.get('limit')) ?? 100, knobs.maxLimit)
  const number = wholeNumber(query.get('page')) ?? 1
  const pages = Math.ceil(found.length / limit)
  // Like the real links, these lack limit, filters and credential.
  const link = (to: number) => (to >= 1 && to <= pages ? `${url()}/cdrs?page=${to}` : null)
  return {
    cdrs: found.slice((number - 1) * limit, number * limit).map(show),
    pagination: {
      page: number,
      ...figures(knobs.pageFigures, { total: found.length, pages, limit, asked: wholeNumber(query.get('limit')) }),
      previous_page: link(number - 1),
      next_page: link(number + 1),
    },
  }
}

function figures(
  kind: BulutfonKnobs['pageFigures'],
  { total, pages, limit, asked }: { total: number; pages: number; limit: number; asked: number | null },
): object {
  if (kind === 'none') return { limit }
  if (kind === 'zero') return { total_count: 0, total_pages: 0, limit }
  return { total_count: total, total_pages: pages, limit: kind === 'echoed' ? (asked ?? limit) : limit }
}

function wholeNumber(value: string | null): number | null {
  return value && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null
}
