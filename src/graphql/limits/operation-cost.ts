import { callOfLeg, parseGlobalId, type ParsedId } from '../../model/id.js'
import type { AccountField, DetailField, ListName, NumberFilter } from '../../model/request-fields.js'
import { argumentValue, type Variables } from './argument-values.js'
import type { CallsCost, FieldCost } from './cost.js'
import type { CostFacts } from './cost-facts.js'
import type { FieldPlan, SelectionPlan } from './cost-plan.js'

/** An upper bound for an operation, as far as the operation itself shows. */
export interface OperationCost {
  /** Requests to providers. */
  readonly requests: number
  /** Values in the answer, objects and leaves alike. */
  readonly values: number
}

/** Evaluates a plan for one viewer and the variables of one request. */
export function operationCost(plan: SelectionPlan, variables: Variables, facts: CostFacts): OperationCost {
  const evaluation = new Evaluation(variables, facts)
  const { requests, values } = evaluation.selection(plan, ROOT)
  return { requests: requests + evaluation.shared, values }
}

/** How often a selection is answered, and for what. */
interface Place {
  readonly objects: number
  /**
   * How many of them are different, as far as is known: a detail of one object is requested once.
   */
  readonly distinct: number
  /** Over how many accounts these are spread evenly; null where that is unknown. */
  readonly accounts: number | null
  /** Items of the page around it. */
  readonly page: number
}
const ROOT: Place = { objects: 1, distinct: 1, accounts: null, page: 1 }

const FREE: OperationCost = { requests: 0, values: 0 }

/** Items assumed for a list without pages: legs of a call, groups it passed through. */
const ASSUMED_ITEMS = 5

/**
 * Calls read beyond the page: those at the same moment as its last call are left for the next page.
 */
const SPARE_CALLS = 10

class Evaluation {
  readonly #variables: Variables
  readonly #facts: CostFacts
  /** Requests shared by all fields that need them, by what they read. */
  readonly #shared = new Map<string, number>()

  constructor(variables: Variables, facts: CostFacts) {
    this.#variables = variables
    this.#facts = facts
  }

  /** The sum of the shared requests so far. */
  get shared(): number {
    let sum = 0
    for (const requests of this.#shared.values()) sum += requests
    return sum
  }

  /** The cost of a selection without the shared requests. */
  selection({ leaves, fields, details }: SelectionPlan, place: Place): OperationCost {
    let requests = this.#details(details, place)
    let values = (leaves + 1) * place.objects
    for (const field of fields) {
      const cost = this.#field(field, place)
      requests += cost.requests
      values += cost.values
    }
    return { requests, values }
  }

  #field(field: FieldPlan, place: Place): OperationCost {
    const own = this.#own(field, place)
    const { cost, items } = field
    const { requests, values } = cost.ids || items === 'ids' ? this.#byId(field, place) : this.#costliest(field, place)
    return { requests: own + requests, values }
  }

  /** An object has one type only, so the costliest type is the bound. */
  #costliest(field: FieldPlan, place: Place): OperationCost {
    const below = this.#below(field, place)
    return field.below.map((plan) => this.selection(plan, below)).reduce(maximum, FREE)
  }

  /**
   * One request per object, in accounts whose provider has any of these fields only in the detail.
   */
  #details(fields: readonly DetailField[], { distinct, accounts }: Place): number {
    if (fields.length === 0) return 0
    const withDetail = Math.max(...fields.map((field) => this.#facts.withDetail(field)))
    if (withDetail === 0 || accounts === 0) return 0
    return accounts === null ? distinct : (distinct / accounts) * Math.min(accounts, withDetail)
  }

  /** Requests of the field itself. */
  #own(field: FieldPlan, place: Place): number {
    const { cost, detail } = field
    const accounts = cost.accounts === 'all' ? Infinity : (place.accounts ?? place.distinct)
    if (cost.profile) this.#read('Account.profile', accounts)
    if (cost.currentCalls) this.#share('currentCalls', Math.min(this.#facts.withCurrentCalls, accounts))
    if (detail) this.#read(detail, accounts)
    for (const list of cost.lists ?? []) this.#read(`Account.${list}`, accounts)
    if (cost.sweep) this.#sweep(cost.sweep, accounts)
    return (cost.requests ?? 0) + (cost.calls ? this.#calls(cost.calls, field, accounts, place) : 0)
  }

  #sweep({ fields, objects }: NonNullable<FieldCost['sweep']>, accounts: number): void {
    const withDetail = Math.max(...fields.map((field) => this.#facts.withDetail(field)))
    this.#share(fields.join(), Math.min(withDetail, accounts) * objects)
  }

  /** Read once per account, whoever needs it. */
  #read(field: AccountField | DetailField, accounts: number): void {
    const perAccount = accounts === Infinity ? Infinity : accounts * this.#facts.requestsForOne(field)
    this.#share(field, Math.min(this.#facts.requestsForAll(field), perAccount))
  }

  /** Counted for the field that needs it in the most accounts. */
  #share(name: string, requests: number): void {
    this.#shared.set(name, Math.max(requests, this.#shared.get(name) ?? 0))
  }

  /**
   * The first page of calls of every account that takes part, and what more the last of them needs.
   */
  #calls({ per, filter: implied }: CallsCost, field: FieldPlan, accounts: number, { distinct }: Place): number {
    const filter = record(argumentValue(field.node, 'filter', this.#variables))
    const numberFilters: NumberFilter[] = implied ? [implied] : []
    for (const { name, cost } of field.filters) {
      if (filter[name] == null) continue
      if ('details' in cost) {
        numberFilters.push(name as NumberFilter)
        continue
      }
      this.#read(`Account.${cost.list}`, accounts)
      if (cost.detail) this.#read(cost.detail, accounts)
    }
    if (per === 'archive') return this.#grouped(field, accounts)
    const { withCalls, callsPerPage } = this.#facts
    if (withCalls === 0) return 0
    const page = this.#page(field)
    const pages = 1 + Math.floor((page + SPARE_CALLS) / callsPerPage)
    const needDetails = numberFilters.some((name) => this.#facts.withDetail(`CallRecordFilter.${name}`) > 0)
    return this.#logs(per, accounts, filter, distinct) * pages + (needDetails ? page * distinct : 0)
  }

  /** The lists of whatever archived calls are grouped by. */
  #grouped({ node }: FieldPlan, accounts: number): number {
    const groupBy = argumentValue(node, 'groupBy', this.#variables)
    for (const dimension of Array.isArray(groupBy) ? groupBy : [groupBy])
      if (LIST_OF[dimension as string]) this.#read(`Account.${LIST_OF[dimension as string]!}`, accounts)
    return 0
  }

  /** How often a call log is read from its beginning. */
  #logs(per: CallsCost['per'], accounts: number, { accountIds, accountKeys }: Filter, distinct: number): number {
    const { withCalls } = this.#facts
    if (per === 'object') return distinct
    if (accounts !== Infinity) return Math.min(distinct, withCalls)
    return Math.min(withCalls, lengthOf(accountIds), lengthOf(accountKeys)) * distinct
  }

  /** Objects looked up by their ids, each type on its own. */
  #byId({ cost, node, below }: FieldPlan, { accounts, page }: Place): OperationCost {
    const values = ID_ARGUMENTS.flatMap((name) => argumentValue(node, name, this.#variables) ?? [])
    const ids = idsIn(values)
    let requests = 0
    const accountsByList = new Map<ListName, Set<string>>()
    const callsOfLegs = new Set<string>()
    for (const { type, account, native } of ids) {
      const idCost = cost.ids?.[type] ?? 'free'
      if (idCost === 'request') requests += 1
      else if (idCost === 'legs') callsOfLegs.add(`${account}:${callOfLeg(native)}`)
      else if (idCost !== 'free') accountsByList.set(idCost, (accountsByList.get(idCost) ?? new Set()).add(account))
    }
    for (const [list, { size }] of accountsByList) this.#read(`Account.${list}`, size)
    requests += callsOfLegs.size * (this.#facts.withDetail('CallRecord.legs') > 0 ? 2 : 1)
    let total = values.length
    for (const plan of below) {
      const own = ids.filter(({ type }) => type === plan.type)
      if (own.length === 0) continue
      const objects = own.reduce((sum, { times }) => sum + times, 0)
      const selected = this.selection(plan, { objects, distinct: own.length, accounts, page })
      requests += selected.requests
      total += selected.values
    }
    return { requests, values: total }
  }

  #below(field: FieldPlan, place: Place): Place {
    const { cost, items, defaultPageSize, node, below } = field
    const times = items === 'page' ? place.page : items === 'unknown' ? ASSUMED_ITEMS : 1
    const objects = place.objects * times
    const distinct = place.distinct * times
    const page = defaultPageSize === null ? place.page : this.#page(field)
    if (cost.pageOf === 'accounts') return { ...place, page: this.#pageOfAccounts(node, page) }
    if (below[0]?.type !== 'Account') return { objects, distinct, accounts: place.accounts, page }
    const accounts = Math.min(distinct, this.#facts.accounts)
    return { objects, distinct: accounts, accounts, page }
  }

  #pageOfAccounts(node: FieldPlan['node'], page: number): number {
    const { ids, keys } = record(argumentValue(node, 'filter', this.#variables))
    // The size of an incredible page is kept, so that the operation is refused for it.
    return page > LARGEST_CREDIBLE_PAGE ? page : Math.min(page, this.#facts.accounts, lengthOf(ids), lengthOf(keys))
  }

  /**
   * The size asked for, however large: a page that is too large is refused here or by its resolver.
   */
  #page({ node, defaultPageSize }: FieldPlan): number {
    const size = argumentValue(node, 'first', this.#variables) ?? argumentValue(node, 'last', this.#variables)
    if (typeof size === 'number' && !Number.isNaN(size)) return Math.max(0, size)
    return defaultPageSize ?? 1
  }
}

/** What each dimension of statistics is looked up in. */
const LIST_OF: Readonly<Record<string, ListName>> = { EXTENSION: 'extensions', GROUP: 'groups', DID: 'dids' }

/** No operator of a server like this allows a larger page. */
const LARGEST_CREDIBLE_PAGE = 1_000

const maximum = (left: OperationCost, right: OperationCost): OperationCost => ({
  requests: Math.max(left.requests, right.requests),
  values: Math.max(left.values, right.values),
})

/** Those that say which objects are looked up: one id, several, or the references of a gateway. */
const ID_ARGUMENTS = ['id', 'ids', 'representations']

/** An id, and how many times it is asked for. */
type RequestedId = ParsedId & { readonly times: number }

/** The ids in what such an argument holds; what is no id costs nothing. */
function idsIn(values: readonly unknown[]): readonly RequestedId[] {
  const times = new Map<unknown, number>()
  for (const value of values) {
    const id = record(value)['id'] ?? value
    times.set(id, 1 + (times.get(id) ?? 0))
  }
  return [...times].flatMap(([id, count]) => {
    const parsed = typeof id === 'string' ? parseGlobalId(id) : null
    return parsed ? [{ ...parsed, times: count }] : []
  })
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : Infinity)

type Filter = Readonly<Record<string, unknown>>

const record = (value: unknown): Filter => (typeof value === 'object' && value !== null ? (value as Filter) : {})
