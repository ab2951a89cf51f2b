import type { Awaitable } from '../../awaitable.js'
import { CursorInvalid, InvalidInput } from '../../errors.js'
import type { CallRecord } from '../../model/call-record.js'
import type { Extension } from '../../model/extension.js'
import { UNUSABLE_RETRY_CURSOR } from '../cursor.js'
import { LazyMap } from '../lazy-map.js'
import { AccountCalls } from './account-calls.js'
import { callCursors } from './cursor.js'
import { demandOf, fingerprintOf, type CallCriteria, type CallDemand } from './demand.js'
import { gapCursors, type MissingRange } from './gap-cursor.js'
import { readCallPage } from './page.js'
import type { CallGapRequest, CallLogAccount, CallLogContext, CallLogRequest, CallRecordPage } from './request.js'
import { walkOf } from './walk.js'
import { openWholeWalk, type WholeWalk, type WholeWalkRequest } from './whole-walk.js'

/** The calls of one operation: merged pages, single calls, and details. */
export interface CallLogLoader {
  /**
   * One page of the calls of all accounts, in one order.
   *
   * @throws InvalidInput for a page size out of range, or both or neither of `first` and `last`.
   * @throws CursorInvalid for a cursor of another list.
   */
  connection(request: CallLogRequest): Promise<CallRecordPage>
  /**
   * One page of what a retry cursor stands for, of its one account.
   *
   * @throws CursorInvalid for a retry cursor or a cursor of elsewhere.
   * @throws the failure of the account, when it fails again.
   */
  gap(request: CallGapRequest): Promise<CallRecordPage>
  /** All calls that there are, newest first, for as long as somebody takes them. */
  walk(request: WholeWalkRequest): Promise<WholeWalk>
  /** What `callRecordGap` takes for a range of one account that a whole walk lacks. */
  retryCursor(criteria: readonly CallCriteria[], range: MissingRange): Promise<string>
  /** By account key and the provider's own id; null when there is none. */
  byId(account: string, nativeId: string): Promise<CallRecord | null>
  /** The fields the list left `undefined`; empty where the provider has no detail of calls. */
  detail(call: CallRecord): Promise<Partial<CallRecord>>
}

export function callLogLoader(context: CallLogContext): CallLogLoader {
  const { accounts, cursors, limits, workspace, own = null } = context
  const retries = gapCursors(cursors, workspace, accounts)
  const calls = new LazyMap(accounts, (account: CallLogAccount) => new AccountCalls(account))
  const demandFor = async (criteria: readonly CallCriteria[]) =>
    demandOf(own ? [await callsOf(own), ...criteria] : criteria)

  return {
    async connection(request) {
      const { forward, size } = pageSize(request, limits.pageSize)
      const { order } = request
      const demand = await demandFor(request.criteria)
      const scope = { list: 'callRecords', workspace, order, demand: fingerprintOf(demand) }
      const signed = callCursors(cursors, scope, [...accounts.keys()])
      const after = request.after ? signed.read(request.after) : null
      const before = request.before ? signed.read(request.before) : null
      const walk = walkOf({ order, forward, after, before, demand })
      const { wantsMore, wantsCount = false, onSourceFailure } = request
      const page = { demand, walk, size, wantsMore, wantsCount, onSourceFailure, retries, calls, cursors: signed }
      return readCallPage(context, page)
    },

    async gap({ cursor, first, after, wantsMore }) {
      const gap = retries.read(cursor)
      const { demand, order } = gap
      if (own && !isWithin(demand, await callsOf(own))) throw new CursorInvalid(UNUSABLE_RETRY_CURSOR)
      const signed = callCursors(cursors, { list: 'callRecordGap', workspace, of: cursor }, [...accounts.keys()])
      const begun = after ? signed.read(after) : null
      const walk = walkOf({ order, forward: true, after: begun, before: null, demand, gap })
      const only = { size: first, wantsMore, wantsCount: false, onSourceFailure: 'FAIL' } as const
      return readCallPage(context, { demand, walk, retries, calls, cursors: signed, ...only })
    },

    walk: async (request) => openWholeWalk(context, calls, await demandFor(request.criteria), request),

    retryCursor: async (criteria, range) =>
      retries.write({ demand: await demandFor(criteria), order: 'DESC', range, top: null, hint: null }),

    byId: (account, nativeId) => calls.get(account)?.byId(nativeId) ?? Promise.resolve(null),

    detail: (call) => calls.get(call.accountKey)?.detail(call) ?? Promise.resolve({}),
  }
}

/** The calls an extension took part in; none where there is no such extension. */
const callsOf = async (own: () => Awaitable<Extension | null>): Promise<CallCriteria> => {
  const extension = await own()
  return { extensionIds: extension ? [extension.id] : [] }
}

/** False where the line has become another extension since the list was read. */
const isWithin = ({ extensionIds }: CallDemand, { extensionIds: own }: CallCriteria): boolean =>
  extensionIds.some((ids) => ids.length === 1 && ids[0] === own?.[0])

function pageSize({ first, last }: CallLogRequest, maximum: number): { forward: boolean; size: number } {
  const forward = isGiven(first)
  if (forward === isGiven(last)) {
    throw new InvalidInput(
      `callRecords needs exactly one of \`first\` and \`last\`; ${forward ? 'both were' : 'neither was'} given.`,
    )
  }
  const [name, size] = forward ? ['first', first as number] : ['last', last as number]
  if (size < 1 || size > maximum) {
    throw new InvalidInput(`\`${name}\` of callRecords must be between 1 and ${maximum}; ${size} was given.`)
  }
  return { forward, size }
}

const isGiven = (value: number | null | undefined) => value !== null && value !== undefined
