import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql'

import type { Provider } from '../../providers/provider.js'
import { conditionVariables } from '../selection.js'
import { variableValues, type Variables } from './argument-values.js'
import { costFacts, type CostFacts } from './cost-facts.js'
import { costPlan, type SelectionPlan } from './cost-plan.js'
import { operationCost } from './operation-cost.js'
import { tooComplex } from './too-complex.js'

export interface CostLimits {
  /** Requests to providers that one operation may cause. */
  readonly providerRequestsPerOperation: number
  /** Values that an answer may hold. */
  readonly operationValues: number
}

export interface CostRuleOptions {
  readonly schema: GraphQLSchema
  readonly limits: CostLimits
  /** Whether callers may learn the limits. */
  readonly explore: boolean
}

/** An operation to be checked; its document has passed validation and the limits on its shape. */
export interface OperationRequest {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** As they were sent, not yet coerced. */
  readonly variables: Variables | null | undefined
  /** The viewer's. The map is never changed, only replaced, so that facts about it can be kept. */
  readonly accounts: ReadonlyMap<string, { readonly provider: Provider }>
}

/** Why an operation is refused before any provider is called; null when it is not. */
export type CostRule = (request: OperationRequest) => GraphQLError | null

/** Plans are kept as long as their document is; what is left for each request is arithmetic. */
export function costRule({ schema, limits, explore }: CostRuleOptions): CostRule {
  const plansOfDocuments = new WeakMap<DocumentNode, DocumentPlans>()
  const factsOfAccounts = new WeakMap<OperationRequest['accounts'], CostFacts>()
  const factsOf = (accounts: OperationRequest['accounts']): CostFacts => {
    let facts = factsOfAccounts.get(accounts)
    if (!facts) factsOfAccounts.set(accounts, (facts = costFacts(accounts.values())))
    return facts
  }
  const limit = (name: keyof CostLimits) => (explore ? { name, value: limits[name] } : null)
  return ({ document, operation, variables: sent, accounts }) => {
    const variables = variableValues(operation, sent)
    let plans = plansOfDocuments.get(document)
    if (!plans) plansOfDocuments.set(document, (plans = new DocumentPlans(document)))
    const plan = plans.plan(operation, variables, () => costPlan(schema, document, operation, variables))
    const { requests, values } = operationCost(plan, variables, factsOf(accounts))
    if (requests > limits.providerRequestsPerOperation) {
      return tooComplex(
        `it may cause ${amount(requests)} requests to providers; ask for smaller pages, or for fewer fields that cost a request for each object`,
        limit('providerRequestsPerOperation'),
      )
    }
    if (values > limits.operationValues) {
      return tooComplex(
        `its answer may hold ${amount(values)} values; ask for smaller pages, or for fewer lists in one another`,
        limit('operationValues'),
      )
    }
    return null
  }
}

const amount = (number: number): string => (Number.isFinite(number) ? String(Math.ceil(number)) : 'endlessly many')

/**
 * Plans kept for one document, over its operations and their conditions; more are made anew each
 * time.
 */
const MOST_PLANS = 16

const CONDITIONS: ReadonlyMap<unknown, string> = new Map([
  [true, '+'],
  [false, '-'],
])

class DocumentPlans {
  readonly #conditions: readonly string[]
  readonly #plans = new Map<string, SelectionPlan>()

  constructor(document: DocumentNode) {
    this.#conditions = conditionVariables(document)
  }

  plan(operation: OperationDefinitionNode, variables: Variables, make: () => SelectionPlan): SelectionPlan {
    // A value that is no boolean will be refused by the executor, and must not share the plan of
    // one that is.
    const conditions = this.#conditions.map((name) => CONDITIONS.get(variables[name]) ?? '?').join('')
    const key = `${operation.name?.value ?? ''} ${conditions}`
    const kept = this.#plans.get(key)
    if (kept) return kept
    const plan = make()
    if (this.#plans.size < MOST_PLANS) this.#plans.set(key, plan)
    return plan
  }
}
