import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql'

import type { Provider } from '../../providers/provider.js'
import { costFacts, type CostFacts } from './cost-facts.js'
import { costPlan, decidingVariables, type SelectionPlan, type Variables } from './cost-plan.js'
import { givenVariables } from './given.js'
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
  /** Whether callers may know the limits. */
  readonly explore: boolean
}

/** One request for an operation of a document that has passed validation and the limits on its shape. */
export interface AskedOperation {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** As they were sent, not yet coerced. */
  readonly variables: Variables | null | undefined
  /** Those the viewer may ask. The map never changes: a later one takes its place. */
  readonly accounts: ReadonlyMap<string, { readonly provider: Provider }>
}

/** Why an operation is refused before any provider is asked; null when it is not. */
export type CostRule = (asked: AskedOperation) => GraphQLError | null

/** What a document says is read once for each of them, for as long as somebody keeps it; the rest is arithmetic. */
export function costRule({ schema, limits, explore }: CostRuleOptions): CostRule {
  const known = new WeakMap<DocumentNode, DocumentPlans>()
  const facts = new WeakMap<AskedOperation['accounts'], CostFacts>()
  const factsOf = (accounts: AskedOperation['accounts']): CostFacts => {
    let made = facts.get(accounts)
    if (!made) facts.set(accounts, (made = costFacts(accounts.values())))
    return made
  }
  const told = (name: keyof CostLimits) => (explore ? { name, value: limits[name] } : null)
  return ({ document, operation, variables: sent, accounts }) => {
    const variables = givenVariables(operation, sent)
    let plans = known.get(document)
    if (!plans) known.set(document, (plans = new DocumentPlans(document)))
    const plan = plans.plan(operation, variables, () => costPlan(schema, document, operation, variables))
    const { requests, values } = operationCost(plan, variables, factsOf(accounts))
    if (requests > limits.providerRequestsPerOperation) {
      return tooComplex(
        `it may cause ${amount(requests)} requests to providers; ask for smaller pages, or for fewer fields that cost a request for each object`,
        told('providerRequestsPerOperation'),
      )
    }
    if (values > limits.operationValues) {
      return tooComplex(
        `its answer may hold ${amount(values)} values; ask for smaller pages, or for fewer lists in one another`,
        told('operationValues'),
      )
    }
    return null
  }
}

const amount = (number: number): string => (Number.isFinite(number) ? String(Math.ceil(number)) : 'endlessly many')

/** A document has few operations, and few combinations of its conditions are asked; the rest are read anew. */
const MOST_PLANS = 16

const CONDITIONS: ReadonlyMap<unknown, string> = new Map([
  [true, '+'],
  [false, '-'],
])

class DocumentPlans {
  readonly #deciding: readonly string[]
  readonly #plans = new Map<string, SelectionPlan>()

  constructor(document: DocumentNode) {
    this.#deciding = decidingVariables(document)
  }

  plan(operation: OperationDefinitionNode, variables: Variables, make: () => SelectionPlan): SelectionPlan {
    // What is neither true nor false will be refused by whoever executes, and must not stand for what is.
    const conditions = this.#deciding.map((name) => CONDITIONS.get(variables[name]) ?? '?').join('')
    const key = `${operation.name?.value ?? ''} ${conditions}`
    const known = this.#plans.get(key)
    if (known) return known
    const plan = make()
    if (this.#plans.size < MOST_PLANS) this.#plans.set(key, plan)
    return plan
  }
}
