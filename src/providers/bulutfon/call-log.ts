import type { Query, ReadOptions, Reply, Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import { oncePer } from '../../attached.js'
import type { CallRecord } from '../../model/call-record.js'
import { received } from '../../model/values/wire-value.js'
import { reportDrift, reportRecordDrift } from '../drift.js'
import type { AccountFacts, CallFilter, CallLog, CallPage, CallQuery } from '../provider.js'
import { callFreshness, FRESHNESS } from './freshness.js'
import { RECORD_RULES } from './record-rules.js'
import { pageFigures, type PageFigures } from './page-figures.js'
import { writtenFlow } from './map/call-flow.js'
import { toCallDetail, toCallRecord } from './map/call-record.js'
import { spellings } from './map/phone.js'
import { readRows, wrongShape } from './list-response.js'
import { hintsOf, pageCut } from './page-cut.js'
import { readInOrder } from './shifting-table.js'
import type { TablePage } from './table-page.js'
import type { WireCall, WirePagination } from './wire.js'

/**
 * Filter fields and the query parameters for them. Several together are an AND; each is a
 * comma-separated list of numbers.
 */
const NUMBER_PARAMETERS = { numbers: 'caller_or_callee', callerNumbers: 'caller', calleeNumbers: 'callee' } as const
type NumberField = keyof typeof NUMBER_PARAMETERS
const NUMBER_FIELDS = Object.keys(NUMBER_PARAMETERS) as NumberField[]

/** A number is sent in up to four spellings, and the URL must stay well under 8 KiB. */
const MAX_NUMBERS = 50

/**
 * The calls of one account as an ordered stream over `/cdrs`. The API has numbered pages in either
 * order and no time bounds: bounds are kept by searching for the first page and by stopping.
 *
 * Two parameters are not used. `missing_call`: unanswered calls are MISSED here even where the flag
 * is off or absent. `time_limit`: newest first it changes no page, and oldest first its edge moves
 * with the clock, so that rows disappear while they are read.
 */
export class BulutfonCallLog implements CallLog {
  readonly #rest: Rest
  readonly #url: string
  readonly #account: AccountFacts
  readonly #pageSize: number
  readonly #oneCall: ReadOptions

  constructor(rest: Rest, url: string, account: AccountFacts, pageSize: number) {
    this.#rest = rest
    this.#url = url
    this.#account = account
    this.#pageSize = pageSize
    this.#oneCall = { freshness: callFreshness(account.timeZone), keys: 1 }
  }

  pushdown(filter: CallFilter) {
    return NUMBER_FIELDS.filter((field) => isPushed(filter[field]))
  }

  async *pages(query: CallQuery): AsyncGenerator<CallPage> {
    const [rest, url, account] = [this.#rest, this.#url, this.#account]
    const cut = pageCut(query, this.#pageSize)
    let size = cut.size
    const narrowing = parameters(query.filter, account.country)
    const pushedDown = this.pushdown(query.filter)
    const order = query.order === 'ASC' ? 'call_time,asc' : 'call_time,desc'
    const read = async (number: number, fresh: boolean) => {
      const freshness = number === 1 && isOpening(query) ? FRESHNESS.firstCalls : FRESHNESS.calls
      const parameters_ = { ...narrowing, order, limit: size, page: number }
      const reply = await rest.get(`${url}/cdrs`, parameters_, { freshness, pushedDown, fresh })
      const { perPage, ...page } = pageOf(reply, account, number, size)
      // Asked for as the provider cuts it, the figures of the next page are easier to believe.
      size = Math.min(size, perPage)
      return page
    }
    const counts = isCounted(query.filter, narrowing)
    const { from, until } = query.filter
    const range = { order: query.order, after: query.after, from, until, page: cut.number }
    for await (const { rows, page } of readInOrder(read, range)) {
      yield {
        calls: rows,
        totalCount: counts && page.unreadable === 0 ? page.totalRows : null,
        ...hintsOf(page, query.order, size, cut),
        unreadable: page.unreadable,
      } satisfies CallPage
    }
  }

  async byId(id: string): Promise<CallRecord | null> {
    const account = this.#account
    const segment = pathSegment(id)
    const reply = segment === null ? null : await this.#rest.find(`${this.#url}/cdrs/${segment}`, {}, this.#oneCall)
    if (!reply) return null
    const row = detailOf(reply, account)
    const call = toCallRecord(account, row, reply.receivedAt)
    if (!call) throw wrongShape('cdr')
    return { ...call, ...missingFields(call, () => toCallDetail(account, call, row)) }
  }

  async detail(call: CallRecord): Promise<Partial<CallRecord>> {
    const account = this.#account
    const segment = pathSegment(call.providerResourceId)
    if (segment === null) throw wrongShape('uuid')
    const reply = await this.#rest.get(`${this.#url}/cdrs/${segment}`, {}, this.#oneCall)
    return missingFields(call, () => toCallDetail(account, call, detailOf(reply, account)))
  }
}

/** The fields that the call does not have yet; what the row already had stays. */
function missingFields(call: CallRecord, detail: () => Partial<CallRecord>): Partial<CallRecord> {
  const fields = Object.entries(detail()).filter(([name]) => call[name as keyof CallRecord] === undefined)
  return Object.fromEntries(fields)
}

/** Maps the rows of a response once, however many operations share it. */
const callsOf = oncePer((reply: Reply, account: AccountFacts) => readRows(reply, 'cdrs', account, toCallRecord))

function pageOf(
  reply: Reply,
  account: AccountFacts,
  number: number,
  size: number,
): TablePage<CallRecord> & Pick<PageFigures, 'perPage'> {
  const { items, totalCount, unreadable } = callsOf(reply, account)
  const pagination = received<WirePagination>(received<{ pagination: unknown }>(reply.body)?.pagination)
  // Responses of the first API version had no `pagination`: everything is one page.
  const figures = pagination
    ? pageFigures(pagination, { number, size, rows: totalCount })
    : { totalRows: totalCount, lastPage: number, perPage: size }
  return { number, rows: items, unreadable, ...figures, receivedAt: reply.receivedAt }
}

/** Starts at one end of the table and has no time bound that a new call could lie within. */
const isOpening = ({ after, filter: { from, until } }: CallQuery) => after === null && from === null && until === null

function parameters(filter: CallFilter, country: string): Query {
  const pushed = NUMBER_FIELDS.flatMap((field) => {
    const numbers = filter[field]
    return isPushed(numbers)
      ? [[NUMBER_PARAMETERS[field], numbers.flatMap((number) => spellings(number, country)).join(',')]]
      : []
  })
  return Object.fromEntries(pushed) as Query
}

const isPushed = (numbers: readonly string[] | null): numbers is readonly string[] =>
  numbers !== null && numbers.length > 0 && numbers.length <= MAX_NUMBERS

/**
 * The provider's count is exact when at most one parameter narrows: how it combines two is not
 * documented.
 */
function isCounted(filter: CallFilter, narrowing: Query): boolean {
  const narrowed = Object.values(filter).filter((value) => value !== null).length
  const pushed = Object.keys(narrowing).length
  return narrowed === pushed && pushed <= 1
}

function detailOf(reply: Reply, account: AccountFacts): object {
  const call = received(received<{ cdr: unknown }>(reply.body)?.cdr)
  if (!call) throw wrongShape('cdr')
  reportRecordDrift(account, 'CallDetail', RECORD_RULES.CallDetail, call)
  const { steps, phones, unreadableSteps, unreadablePhones } = writtenFlow(received<WireCall>(call)?.call_flow)
  reportDrift(account, 'CallStep', RECORD_RULES.CallStep, steps, unreadableSteps)
  reportDrift(account, 'CallOrigination', RECORD_RULES.CallOrigination, phones, unreadablePhones)
  return call
}
