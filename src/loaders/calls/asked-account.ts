import { CacheUse } from '../lists/cache-status.js'
import type { AccountCalls } from './account-calls.js'
import type { Mark } from './cursor.js'
import { isImpossible, type CallDemand } from './demand.js'
import { callFilter, division, judgeOf, numbersAreDids, secondsBesides, type Division } from './filter.js'
import type { CallLogAccount, CallLogContext } from './request.js'
import { beforeAllOf, laterOf, within, type LogPosition } from './order.js'
import { mayTakePart, requiredParticipants } from './participants.js'
import { CallStream, type Opened } from './stream.js'
import type { Walk } from './walk.js'

/** What one page asks of every account. */
export interface CallPageQuery {
  readonly demand: CallDemand
  readonly walk: Walk
  readonly calls: ReadonlyMap<string, AccountCalls>
}

/** One account of a page: its stream of calls, and what reading it took. */
export interface AskedAccount {
  readonly account: CallLogAccount
  /** Null when its provider has no call log. */
  readonly stream: CallStream | null
  requests: number
  readonly cacheUse: CacheUse
  division: Division
  /**
   * How many of its calls match, whichever page is read; null where only reading them all would tell.
   * To be called once its stream has been advanced.
   */
  count(): Promise<number | null>
}

/**
 * The accounts of the demand; of a missing range, its account alone. Nothing is requested before a
 * stream is advanced. `expected`: how many calls the page needs at most; sizes the providers' pages.
 */
export function askAccounts(context: CallLogContext, query: CallPageQuery, expected: number): readonly AskedAccount[] {
  const { demand, walk } = query
  const accounts = [...context.accounts.values()].filter(({ account: { key } }) =>
    walk.missingRange ? walk.missingRange.account === key : (demand.accounts?.includes(key) ?? true),
  )
  const allowance = Math.floor((context.limits.providerRequestsPerOperation * WALK_SHARE) / accounts.length)
  const { detailConcurrency } = context.limits
  return accounts.map((account) => ask(account, query, { expected, allowance, detailConcurrency }))
}

/** With a residual filter, large pages save requests: most of their calls will not match. */
const EXPECTED_WHERE_MOST_DO_NOT_MATCH = 500

/**
 * Part of the operation's requests that one page may use, in equal shares; fields of its calls need
 * the rest.
 */
const WALK_SHARE = 0.5

function ask(
  account: CallLogAccount,
  { demand, walk, calls }: CallPageQuery,
  { expected, allowance, detailConcurrency }: Readonly<Record<'expected' | 'allowance' | 'detailConcurrency', number>>,
): AskedAccount {
  const { key } = account.account
  const cacheUse = new CacheUse()
  let opened: Opened | null = null
  const asked: Omit<AskedAccount, 'stream'> = {
    account,
    requests: 0,
    cacheUse,
    division: { pushedDown: [], residual: [] },
    async count() {
      if (!opened?.log.count) return null
      const { log, judge, query } = opened
      return log.count!({ ...query, matches: judge, seconds: secondsBesides(demand) })
    },
  }
  const onRequest = () => {
    asked.requests += 1
  }
  const log = account.open({ onRequest, onCached: (cached) => cacheUse.note(cached) }).callRecords
  const mark = walk.marks.get(key) ?? { hint: null, readTo: null }
  const { start, end } = startAndEnd(walk, mark)
  const open = async (): Promise<Opened | null> => {
    if (!log || walk.isEmpty || isImpossible(demand) || !mayTakePart(demand, key)) return null
    const required = await requiredParticipants(demand, key, account)
    if (!required) return null
    const filter = callFilter(demand, required)
    asked.division = division(demand, filter, log)
    const after = start && within(key, start)
    const hoped = asked.division.residual.length > 0 ? Math.max(expected, EXPECTED_WHERE_MOST_DO_NOT_MATCH) : expected
    const plain = { order: walk.reading, after, hint: mark.hint, filter, expected: hoped }
    const query = numbersAreDids(demand, filter) ? { ...plain, numbersAreDids: true } : plain
    return (opened = { log, query, judge: judgeOf(demand, required) })
  }
  const stream = new CallStream({
    account: key,
    reading: walk.reading,
    start,
    end,
    mark,
    open,
    detail: (call, of) => calls.get(key)!.detail(call, of),
    lookAhead: Math.min(detailConcurrency, expected),
    mayAsk: () => asked.requests < allowance,
  })
  return Object.assign(asked, { stream: log ? stream : null })
}

/** In the order of reading, without what an earlier page has read in vain. */
function startAndEnd(
  { order, reading, start, end }: Walk,
  { readTo }: Mark,
): { start: LogPosition | null; end: LogPosition | null } {
  const [near, far] = reading === order ? [start, end] : [end, start]
  return { start: laterOf(reading, near, readTo === null ? null : beforeAllOf(reading, readTo)), end: far }
}
