import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'

import type { AccountLoader } from '../../loaders/account-loader.js'
import type { Context } from '../context.js'
import { EDGES, type Noun } from './edges.js'
import { PrefetchMemory } from './memory.js'
import { askedLists, type AskedList } from './pages.js'
import { prefetchPlan, type PlannedList } from './plan.js'

/**
 * Why a list was begun ahead of its fields, or not. NEEDED: the items asked for lead there. NOT_NEEDED: they do not. NOT_KNOWN: nobody
 * has read the account's list since the server started. UNSURE: which items are asked for is known only once they are read.
 * RATE_LIMITED, FAILING: the account shall be spared.
 */
export type PrefetchReason = 'NEEDED' | 'NOT_NEEDED' | 'NOT_KNOWN' | 'UNSURE' | 'RATE_LIMITED' | 'FAILING'

export interface PrefetchDecision {
  /** Global id. */
  readonly account: string
  readonly noun: Noun
  /** The edge that may lead there, by type and field. */
  readonly edge: string
  readonly started: boolean
  readonly reason: PrefetchReason
}

/** A query that is about to run. */
export interface BegunQuery {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * Begins at the root of a query the lists that its items will be looked up in, so that they need not wait for one another: what an
 * account's own list leads to is remembered from the last time it was read. What is begun is what the loaders would ask anyway, and
 * they share it; in doubt nothing is. Returns what is to be done once the query is over.
 */
export function prefetcher(schema: GraphQLSchema): (query: BegunQuery, context: Context) => () => void {
  const memory = new PrefetchMemory()
  const plans = new WeakMap<OperationDefinitionNode, readonly PlannedList[]>()

  const planOf = ({ document, operation, variables }: BegunQuery): readonly PlannedList[] => {
    const known = plans.get(operation)
    if (known) return known
    const plan = prefetchPlan(schema, document, operation, variables)
    // With conditions the next variables may ask for something else.
    if (!/@(skip|include)\b/.test(document.loc?.source.body ?? '@skip')) plans.set(operation, plan)
    return plan
  }

  return (query, context) => {
    const plan = context.viewer.scopes.has('telephony:read') ? planOf(query) : []
    const lists = plan.flatMap((list) => askedLists(list, query.variables, context))
    const sparedOnce = oncePerAccount(spared)
    for (const list of lists) decide(list, memory, context, sparedOnce)
    return () => lists.forEach((list) => learn(list, memory))
  }
}

function decide(
  { edges, pages }: AskedList,
  memory: PrefetchMemory,
  { prefetch = [] }: Context,
  spare: typeof spared,
): void {
  for (const edge of edges) {
    for (const { account, isNeeded } of pages((one) => memory.shape(one, edge))) {
      if (account.lacks(edge)) continue
      for (const noun of EDGES[edge]!.nouns) {
        if (!account[noun]?.isListed) continue
        const needed = isNeeded(noun)
        const reason = needed === 'NEEDED' ? (spare(account) ?? needed) : needed
        const started = reason === 'NEEDED'
        if (started) begin(account, noun)
        prefetch.push({ account: account.account.id, noun, edge, started, reason })
      }
    }
  }
}

/** Its failure is remembered by the list, and told by the field that needs it. */
function begin(account: AccountLoader, noun: Noun): void {
  const reading = account[noun]!.list().upTo(1)
  if (reading instanceof Promise) reading.catch(() => {})
}

/** An account that limits us, or that failed when it was last asked, shall not be asked for anything but what is certain. */
function spared({ account }: AccountLoader): PrefetchReason | null {
  const { circuit, rateLimitResetAt, lastFailureAt, lastSuccessAt } = account.health()
  if (rateLimitResetAt !== null) return 'RATE_LIMITED'
  const hasFailed = lastFailureAt !== null && (lastSuccessAt === null || lastFailureAt > lastSuccessAt)
  return circuit !== 'CLOSED' || hasFailed ? 'FAILING' : null
}

function oncePerAccount<Answer>(ask: (account: AccountLoader) => Answer): (account: AccountLoader) => Answer {
  const known = new Map<AccountLoader, Answer>()
  return (account) => {
    if (!known.has(account)) known.set(account, ask(account))
    return known.get(account) as Answer
  }
}

function learn({ edges, list, accounts }: AskedList, memory: PrefetchMemory): void {
  for (const account of accounts) {
    const listing = account[list]?.list()
    if (listing) for (const edge of edges) memory.learn(account, edge, listing.items, listing.complete)
  }
}
