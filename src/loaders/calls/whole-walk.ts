import type { Awaitable } from '../../awaitable.js'
import type { CallRecord } from '../../model/call-record.js'
import type { AccountCalls } from './account-calls.js'
import { askAccounts, type AskedAccount } from './asked-account.js'
import type { CallCriteria, CallDemand } from './demand.js'
import { CallMerge } from './merge.js'
import type { LogPosition } from './order.js'
import type { CallLogContext } from './request.js'
import { walkOf } from './walk.js'

/** Which calls a whole walk has. */
export interface WholeWalkRequest {
  readonly criteria: readonly CallCriteria[]
  /** Strictly behind this position; null: from the newest call. */
  readonly after: LogPosition | null
  /** Keys of the accounts that are walked. */
  readonly accounts: readonly string[]
  /** By account key: where its provider said that the next call may be found. */
  readonly hints: Readonly<Record<string, string>>
}

/** How the walk has gone in one account. */
export interface WalkedAccount {
  readonly key: string
  /** Requests sent to its provider. */
  readonly requests: number
  /** Calls that could not be read and are left out. */
  readonly unreadable: number
  /** Age of what came from a cache; null where nothing did. */
  readonly staleSeconds: number | null
  readonly hint: string | null
}

/** Calls of all accounts in one order, newest first, without an end but theirs. */
export interface WholeWalk {
  /**
   * Null when there is no other.
   * @throws AccountFailed where an account cannot be read on: then this walk is over
   */
  next(): Awaitable<CallRecord | null>
  accounts(): readonly WalkedAccount[]
  close(): Promise<void>
}

/** The walk cannot go on in one of its accounts. */
export class AccountFailed extends Error {
  constructor(
    readonly account: string,
    override readonly cause: unknown,
  ) {
    super(`The calls of ${account} could not be read on`, { cause })
  }
}

/** Calls that are read at once: all of them will be taken. */
const EXPECTED = 100

/** Opens a walk; nothing is read before the first call is taken. */
export function openWholeWalk(
  context: CallLogContext,
  calls: ReadonlyMap<string, AccountCalls>,
  demand: CallDemand,
  { after, accounts: keys, hints }: WholeWalkRequest,
): WholeWalk {
  const marks = new Map(Object.entries(hints).map(([key, hint]) => [key, { hint, readTo: null }]))
  const at = after && { at: after, top: null, reading: 'DESC' as const, marks, holes: [] }
  const walk = walkOf({ order: 'DESC', forward: true, after: at, before: null, demand })
  const accounts = new Map([...context.accounts].filter(([key]) => keys.includes(key)))
  const limits = { ...context.limits, providerRequestsPerOperation: Infinity }
  const asked = askAccounts({ ...context, accounts, limits }, { demand, walk, calls }, EXPECTED)
  const streams = asked.flatMap(({ stream }) => stream ?? [])
  const merge = new CallMerge(streams, walk.reading, ({ account, error }) => {
    throw new AccountFailed(account, error)
  })
  return {
    next: () => merge.next(),
    accounts: () => asked.map(walked),
    async close() {
      await Promise.all(streams.map((stream) => stream.close()))
    },
  }
}

const walked = ({ account, stream, requests, cacheUse }: AskedAccount): WalkedAccount => ({
  key: account.account.key,
  requests,
  unreadable: stream?.unreadable ?? 0,
  staleSeconds: cacheUse.ageSeconds,
  hint: stream?.mark.hint ?? null,
})
