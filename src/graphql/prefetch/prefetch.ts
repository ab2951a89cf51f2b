import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'

import type { AccountLoader } from '../../loaders/account-loader.js'
import type { ListName } from '../../model/request-fields.js'
import type { Context, PrefetchReason } from '../context.js'
import { remembered } from '../remembered.js'
import { PrefetchMemory } from './memory.js'
import { requestedLists, type RequestedList } from './requested-lists.js'
import { prefetchPlan, type PlannedList } from './plan.js'

/** A query that is about to run. */
export interface StartingQuery {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * Starts reading, at the root of a query, the lists its items will be looked up in, so that these
 * are not read one after the other. Which lists an account's items need is remembered from the last
 * time they were read. The loaders would read the same lists anyway and share what has been
 * started; in doubt nothing is. The returned function is called when the query is over.
 */
export function prefetcher(schema: GraphQLSchema): (query: StartingQuery, context: Context) => () => void {
  const memory = new PrefetchMemory()
  const plans = new WeakMap<OperationDefinitionNode, readonly PlannedList[]>()

  const planOf = ({ document, operation, variables }: StartingQuery): readonly PlannedList[] => {
    const kept = plans.get(operation)
    if (kept) return kept
    const plan = prefetchPlan(schema, document, operation, variables)
    // With conditions the next variables may select something else.
    if (!/@(skip|include)\b/.test(document.loc?.source.body ?? '@skip')) plans.set(operation, plan)
    return plan
  }

  return (query, context) => {
    const plan = context.viewer.scopes.has('telephony:read') ? planOf(query) : []
    const lists = plan.flatMap((list) => requestedLists(list, query.variables, context))
    const reasonToSpareOnce = remembered(reasonToSpare)
    for (const list of lists) decide(list, memory, context, reasonToSpareOnce)
    return () => lists.forEach((list) => learn(list, memory))
  }
}

function decide(
  { edges, pages }: RequestedList,
  memory: PrefetchMemory,
  { prefetch = [] }: Context,
  spare: typeof reasonToSpare,
): void {
  for (const edge of edges) {
    for (const { account, need } of pages((one) => memory.statistics(one, edge))) {
      if (account.lacks(edge.field)) continue
      for (const list of edge.lists) {
        if (!account[list]?.isListed) continue
        const needed = need(list)
        const reason = needed === 'NEEDED' ? (spare(account) ?? needed) : needed
        const started = reason === 'NEEDED'
        if (started) start(account, list)
        prefetch.push({ account: account.account.id, noun: list, edge: edge.field, started, reason })
      }
    }
  }
}

/** A failure is kept by the list, and reported by the field that needs it. */
function start(account: AccountLoader, list: ListName): void {
  const reading = account[list]!.list().upTo(1)
  if (reading instanceof Promise) reading.catch(() => {})
}

/**
 * An account that limits our rate, or failed when it was last called, is sent nothing but what is
 * certain.
 */
function reasonToSpare({ account }: AccountLoader): PrefetchReason | null {
  const { circuit, rateLimitResetAt, lastFailureAt, lastSuccessAt } = account.health()
  if (rateLimitResetAt !== null) return 'RATE_LIMITED'
  const hasFailed = lastFailureAt !== null && (lastSuccessAt === null || lastFailureAt > lastSuccessAt)
  return circuit !== 'CLOSED' || hasFailed ? 'FAILING' : null
}

function learn({ edges, list, accounts }: RequestedList, memory: PrefetchMemory): void {
  for (const account of accounts) {
    const listing = account[list]?.list()
    if (listing) for (const edge of edges) memory.learn(account, edge, listing.items, listing.complete)
  }
}
