import { AppError } from '../../errors.js'
import type { CallRecord } from '../../model/call-record.js'
import type { PageInfo } from '../../model/page-info.js'
import type { SourceGap, SourceStatus } from '../../model/source-status.js'
import { askAccounts, type AskedAccount, type CallPageQuery } from './asked-account.js'
import { countOf, type CallCount } from './count.js'
import type { CallCursor, CallCursors, Mark, MissingRange } from './cursor.js'
import { countsMatch } from './filter.js'
import { gapOf, liesBehind } from './gap.js'
import type { CallLogContext, CallRecordPage } from './request.js'
import { CallMerge } from './merge.js'
import { positionOf, precedes, type LogPosition } from './order.js'
import { statusOf } from './status.js'
import type { CallStream } from './stream.js'
import type { Walk } from './walk.js'
import { SignedPageInfo } from '../signed-page-info.js'

export interface PageRequest extends Omit<CallPageQuery, 'expected'> {
  readonly size: number
  readonly wantsMore: boolean
  readonly onSourceFailure: 'PARTIAL' | 'FAIL'
  readonly cursors: CallCursors
}

/** A call of the page, with what was known of every account when it was read: its cursor goes on from exactly there. */
interface PlacedCall {
  readonly call: CallRecord
  readonly marks: ReadonlyMap<string, Mark>
}

/** Reads one page of the merged log. */
export async function readCallPage(context: CallLogContext, request: PageRequest): Promise<CallRecordPage> {
  const { walk, size, wantsMore, onSourceFailure } = request
  const asked = askAccounts(context, { ...request, expected: size + (wantsMore ? 1 : 0) })
  const streams = asked.flatMap(({ stream }) => stream ?? [])
  const marks = marksOf(streams)
  const found: PlacedCall[] = []
  const merge = new CallMerge(streams, walk.reading, ({ error }) => {
    // Who breaks off beyond the last call of the page takes nothing from it.
    if (onSourceFailure === 'FAIL' && found.length < size) throw error
    if (!(error instanceof AppError)) context.onDefect?.(error)
  })
  try {
    while (found.length < size) {
      const next = merge.next()
      const call = next instanceof Promise ? await next : next
      if (!call) break
      found.push({ call, marks: marks() })
    }
    const isFull = found.length === size
    // Of an account that broke off nobody knows: the next page will tell.
    const hasMore = isFull && ((wantsMore && (await merge.hasMore())) || streams.some(({ state }) => isBroken(state)))
    const last = found.pop()
    if (last) found.push({ ...last, marks: marks() })
    return tell(context, request, asked, found, { isFull, hasMore })
  } finally {
    await Promise.all(streams.map((stream) => stream.close()))
  }
}

/** What is known of every stream now: one map for as long as nothing changes, which is for most of a page. */
function marksOf(streams: readonly CallStream[]): () => ReadonlyMap<string, Mark> {
  let known: ReadonlyMap<string, Mark> | null = null
  return () => {
    if (known === null || streams.some(({ account, mark }) => known!.get(account) !== mark)) {
      known = new Map(streams.map(({ account, mark }) => [account, mark]))
    }
    return known
  }
}

function tell(
  { now = Date.now }: CallLogContext,
  { walk, cursors }: PageRequest,
  asked: readonly AskedAccount[],
  found: readonly PlacedCall[],
  { isFull, hasMore }: { isFull: boolean; hasMore: boolean },
): CallRecordPage {
  const isForward = walk.reading === walk.order
  const last = found.at(-1)
  const reached = { isFull, last: last ? positionOf(last.call) : null }
  const gaps = new Map(asked.map((one) => [one, one.stream && gapOf(one.stream, walk, reached)]))
  const missing = [...gaps.values()].filter((gap) => gap !== null)
  const first = isForward ? found[0] : undefined
  const top = walk.top ?? topOf(walk, first ? positionOf(first.call) : null, missing, now())
  const cursor = (
    at: LogPosition | null,
    marks: ReadonlyMap<string, Mark>,
    missingRange: MissingRange | null,
  ): CallCursor => {
    const holes = missing.filter((gap) => at && liesBehind(gap, at, walk)).map(({ account }) => account)
    return { at, top, reading: walk.reading, marks, holes: [...new Set([...walk.holes, ...holes])], missingRange }
  }
  const inOrder = isForward ? found : found.toReversed()
  // Signing a cursor costs more than reading a call, and few of them are ever asked for.
  const cursorOf = ({ call, marks }: PlacedCall) => cursors.write(cursor(positionOf(call), marks, walk.missingRange))
  const sources = asked.map((one) => {
    const gap = gaps.get(one) ?? null
    const marks = new Map(gap && one.stream ? [[gap.account, { hint: one.stream.mark.hint, readTo: null }]] : [])
    const retry = gap && shown(gap, walk, top, cursors.write(cursor(gap.start, marks, gap)))
    const hasHole = walk.missingRange === null && walk.holes.includes(one.account.account.key)
    return statusOf({ ...one, accountKey: one.account.account.key, gap: retry, hasHole }, one.account.account.provider)
  })
  const pageInfo = new SignedPageInfo(
    isForward ? hasMore || walk.hasAfter : walk.hasAfter,
    isForward ? walk.hasBefore : hasMore || walk.hasBefore,
    (at) => (last ? cursorOf(inOrder.at(at)!) : null),
  )
  return new FoundPage(inOrder, cursorOf, pageInfo, sources, count(asked, walk, gaps))
}

class FoundPage implements CallRecordPage {
  readonly nodes: readonly CallRecord[]
  readonly totalCount: CallCount['totalCount']
  readonly countPrecision: CallCount['countPrecision']
  readonly #found: readonly PlacedCall[]
  readonly #cursorOf: (found: PlacedCall) => string

  constructor(
    found: readonly PlacedCall[],
    cursorOf: (found: PlacedCall) => string,
    readonly pageInfo: PageInfo,
    readonly sources: readonly SourceStatus[],
    { totalCount, countPrecision }: CallCount,
  ) {
    this.nodes = found.map(({ call }) => call)
    this.totalCount = totalCount
    this.countPrecision = countPrecision
    this.#found = found
    this.#cursorOf = cursorOf
  }

  /** AskedAccount for less often than the calls themselves. */
  get edges(): readonly Edge[] {
    return this.#found.map((found) => new Edge(found, this.#cursorOf))
  }
}

class Edge {
  #cursor: string | null = null

  constructor(
    private readonly found: PlacedCall,
    private readonly cursorOf: (found: PlacedCall) => string,
  ) {}

  get node(): CallRecord {
    return this.found.call
  }

  get cursor(): string {
    this.#cursor ??= this.cursorOf(this.found)
    return this.#cursor
  }
}

/**
 * The newest moment of a walk from the newest: calls that come later are not in it. It is the first call's, unless an account
 * that could not be read may have newer ones; then it is now.
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

function shown({ start, end }: MissingRange, { order }: Walk, top: string | null, retryCursor: string): SourceGap {
  const [oldest, newest] = order === 'ASC' ? [start, end] : [end, start]
  return { from: oldest?.startedAt ?? null, until: newest?.startedAt ?? top, retryCursor }
}

/** A missing slice is no list of its own: how long the list is was told with the page that lacks it. */
function count(
  asked: readonly AskedAccount[],
  walk: Walk,
  gaps: ReadonlyMap<AskedAccount, MissingRange | null>,
): CallCount {
  if (walk.missingRange) return { totalCount: null, countPrecision: null }
  const isFromEndToEnd = !walk.hasBefore && !walk.hasAfter
  return countOf(
    asked.flatMap((one) => {
      const { stream, division } = one
      if (!stream) return []
      return {
        countsMatch: countsMatch(division) && stream.rejected === 0,
        total: stream.total,
        matched: stream.matched,
        isWhole: isFromEndToEnd && stream.state === 'ENDED',
        isBroken: Boolean(gaps.get(one)) || stream.unreadable > 0,
        isFilteredHere: division.residual.length > 0,
      }
    }),
  )
}

const isBroken = (state: string) => state === 'FAILED' || state === 'STOPPED'
