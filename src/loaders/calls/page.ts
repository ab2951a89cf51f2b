import { AppError } from '../../errors.js'
import type { CallRecord } from '../../model/call-record.js'
import type { PageInfo } from '../../model/page-info.js'
import type { SourceGap, SourceStatus } from '../../model/source-status.js'
import { askAccounts, type AskedAccount, type CallPageQuery } from './asked-account.js'
import { countOf, isExact, type CallCount, type Tally } from './count.js'
import type { CallCursor, CallCursors, Mark } from './cursor.js'
import { countsMatch } from './filter.js'
import type { CallGap, GapCursors, MissingRange } from './gap-cursor.js'
import { gapOf, liesBehind } from './gap.js'
import type { CallLogContext, CallRecordPage } from './request.js'
import { CallMerge } from './merge.js'
import { positionOf, precedes, type LogPosition } from './order.js'
import { statusOf } from './status.js'
import type { CallStream } from './stream.js'
import type { Walk } from './walk.js'
import { unreadableError } from '../lists/unreadable.js'
import { SignedPageInfo } from '../signed-page-info.js'

export interface PageRequest extends CallPageQuery {
  readonly size: number
  readonly wantsMore: boolean
  readonly wantsCount: boolean
  readonly onSourceFailure: 'PARTIAL' | 'FAIL'
  readonly cursors: CallCursors
  readonly retries: GapCursors
}

/** A call of the page, with the marks of every account when it was read, which its cursor needs. */
interface PlacedCall {
  readonly call: CallRecord
  readonly marks: ReadonlyMap<string, Mark>
}

/**
 * Reads one page of the merged log.
 *
 * @throws the failure of an account, if `onSourceFailure` is FAIL.
 */
export async function readCallPage(context: CallLogContext, request: PageRequest): Promise<CallRecordPage> {
  const { walk, size, wantsMore, onSourceFailure } = request
  const accounts = askAccounts(context, request, size + (wantsMore ? 1 : 0))
  const streams = accounts.flatMap(({ stream }) => stream ?? [])
  const marks = marksOf(streams)
  const placed: PlacedCall[] = []
  const merge = new CallMerge(streams, walk.reading, ({ error }) => {
    // A failure beyond the last call of the page does not affect the page.
    if (onSourceFailure === 'FAIL' && placed.length < size) throw error
    if (!(error instanceof AppError)) context.onDefect?.(error)
  })
  try {
    while (placed.length < size) {
      const next = merge.next()
      const call = next instanceof Promise ? await next : next
      if (!call) break
      placed.push({ call, marks: marks() })
    }
    const unreadable = accounts.find(({ stream }) => stream?.isUnreadable)
    if (unreadable && onSourceFailure === 'FAIL') {
      throw unreadableError('calls', unreadable.stream!, unreadable.account.account)
    }
    const isFull = placed.length === size
    // An account that broke off may have more: the next page will tell.
    const hasMore = isFull && ((wantsMore && (await merge.hasMore())) || streams.some(({ state }) => isBroken(state)))
    const last = placed.pop()
    if (last) placed.push({ call: last.call, marks: marks() })
    return await assemblePage(context, request, accounts, placed, { isFull, hasMore })
  } finally {
    await Promise.all(streams.map((stream) => stream.close()))
  }
}

/** The marks of all streams now; the same map while none changes, which is for most of a page. */
function marksOf(streams: readonly CallStream[]): () => ReadonlyMap<string, Mark> {
  let current: ReadonlyMap<string, Mark> | null = null
  return () => {
    if (current === null || streams.some(({ account, mark }) => current!.get(account) !== mark)) {
      current = new Map(streams.map(({ account, mark }) => [account, mark]))
    }
    return current
  }
}

async function assemblePage(
  context: CallLogContext,
  { demand, walk, cursors, retries, wantsCount }: PageRequest,
  accounts: readonly AskedAccount[],
  placed: readonly PlacedCall[],
  { isFull, hasMore }: { isFull: boolean; hasMore: boolean },
): Promise<CallRecordPage> {
  const { now = Date.now, own } = context
  const isForward = walk.reading === walk.order
  const last = placed.at(-1)
  const reached = { isFull, last: last ? positionOf(last.call) : null }
  const gaps = new Map(accounts.map((one) => [one, one.stream && gapOf(one.stream, walk, reached)]))
  const missing = [...gaps.values()].filter((gap) => gap !== null)
  const first = isForward ? placed[0] : undefined
  const top = walk.top ?? topOf(walk, first ? positionOf(first.call) : null, missing, now())
  const cursor = (at: LogPosition, marks: ReadonlyMap<string, Mark>): CallCursor => {
    const holes = missing.filter((gap) => liesBehind(gap, at, walk)).map(({ account }) => account)
    return { at, top, reading: walk.reading, marks, holes: [...new Set([...walk.holes, ...holes])] }
  }
  // Before the sources: they tell of the requests for it.
  const counted = await count(context, accounts, walk, gaps, wantsCount)
  const inOrder = isForward ? placed : placed.toReversed()
  // Signed on access: signing costs more than reading a call, and few cursors are selected.
  const cursorOf = ({ call, marks }: PlacedCall) => cursors.write(cursor(positionOf(call), marks))
  const sources = accounts.map((one) => {
    const gap = gaps.get(one) ?? null
    const hint = isForward ? (one.stream?.mark.hint ?? null) : null
    // How far reading came is the time of a call that its own extension may not see.
    const shown = gap && (own ? { ...gap, [isForward ? 'start' : 'end']: reached.last } : gap)
    const retry = gap && new LazyGap({ demand, order: walk.order, range: gap, top, hint }, shown!, retries)
    const hasHole = walk.missingRange === null && walk.holes.includes(one.account.account.key)
    // How much had to be read for its own calls tells how many there are of others.
    const requests = own ? 0 : one.requests
    const { stream, cacheUse, division } = one
    const { key: accountKey, provider } = one.account.account
    return statusOf({ accountKey, stream, requests, cacheUse, division, gap: retry, hasHole }, provider)
  })
  // HasNextPage and HasPreviousPage of the GraphQL Cursor Connections Specification: in the direction
  // of reading they tell of the calls up to the other cursor, and of none beyond it.
  const pageInfo = new SignedPageInfo(isForward ? hasMore : walk.hasAfter, isForward ? walk.hasBefore : hasMore, (at) =>
    last ? cursorOf(inOrder.at(at)!) : null,
  )
  return new LazyCallPage(inOrder, cursorOf, pageInfo, sources, counted)
}

class LazyCallPage implements CallRecordPage {
  readonly nodes: readonly CallRecord[]
  readonly totalCount: CallCount['totalCount']
  readonly countPrecision: CallCount['countPrecision']
  readonly #placed: readonly PlacedCall[]
  readonly #cursorOf: (placed: PlacedCall) => string

  constructor(
    placed: readonly PlacedCall[],
    cursorOf: (placed: PlacedCall) => string,
    readonly pageInfo: PageInfo,
    readonly sources: readonly SourceStatus[],
    { totalCount, countPrecision }: CallCount,
  ) {
    this.nodes = placed.map(({ call }) => call)
    this.totalCount = totalCount
    this.countPrecision = countPrecision
    this.#placed = placed
    this.#cursorOf = cursorOf
  }

  /** Built on access: `nodes` is selected more often. */
  get edges(): readonly Edge[] {
    return this.#placed.map((placed) => new Edge(placed, this.#cursorOf))
  }
}

class Edge {
  #cursor: string | null = null

  constructor(
    private readonly placed: PlacedCall,
    private readonly cursorOf: (placed: PlacedCall) => string,
  ) {}

  get node(): CallRecord {
    return this.placed.call
  }

  get cursor(): string {
    this.#cursor ??= this.cursorOf(this.placed)
    return this.#cursor
  }
}

/**
 * The `top` of a walk from the newest call: later calls are not in it. The time of the first call,
 * or now when an account that could not be read may have newer ones.
 */
function topOf(
  { order, reading }: Walk,
  first: LogPosition | null,
  missing: readonly MissingRange[],
  now: number,
): string | null {
  if (order === 'ASC') return null
  const isCertain = first && missing.every(({ start }) => start && !precedes(reading, start, first))
  if (isCertain) return first.startedAt
  const moment = new Date(now).toISOString()
  return first && first.startedAt > moment ? first.startedAt : moment
}

/** A gap whose cursor is signed when it is selected. */
class LazyGap implements SourceGap {
  readonly from: string | null
  readonly until: string | null
  readonly #gap: CallGap
  readonly #retries: GapCursors

  /** `shown`: the range as its times tell it. */
  constructor(gap: CallGap, { start, end }: MissingRange, retries: GapCursors) {
    const [oldest, newest] = gap.order === 'ASC' ? [start, end] : [end, start]
    this.from = oldest?.startedAt ?? null
    this.until = newest?.startedAt ?? gap.top
    this.#gap = gap
    this.#retries = retries
  }

  get retryCursor(): string {
    return this.#retries.write(this.#gap)
  }
}

/** A missing range has no count of its own: the page that lacks it gave the list's. */
async function count(
  context: CallLogContext,
  accounts: readonly AskedAccount[],
  walk: Walk,
  gaps: ReadonlyMap<AskedAccount, MissingRange | null>,
  isWanted: boolean,
): Promise<CallCount> {
  if (walk.missingRange) return { totalCount: null, countPrecision: null }
  const isFromEndToEnd = !walk.hasBefore && !walk.hasAfter
  const tallies = accounts.flatMap((one) => {
    const { stream, division } = one
    if (!stream) return []
    const tally = {
      countsMatch: countsMatch(division) && stream.rejected === 0,
      total: stream.total,
      matched: stream.matched,
      isWhole: isFromEndToEnd && stream.state === 'ENDED',
      isBroken: Boolean(gaps.get(one)) || stream.unreadable > 0,
      isFilteredHere: division.residual.length > 0,
      archived: null,
    }
    return isWanted && !tally.isBroken && !isExact(tally) ? archived(context, one, tally) : tally
  })
  return countOf(await Promise.all(tallies))
}

/** A count is not worth the page: where it fails, it is unknown. */
async function archived({ onDefect }: CallLogContext, asked: AskedAccount, tally: Tally): Promise<Tally> {
  try {
    return { ...tally, archived: await asked.count() }
  } catch (error) {
    if (!(error instanceof AppError)) onDefect?.(error)
    return tally
  }
}

const isBroken = (state: string) => state === 'FAILED' || state === 'STOPPED'
