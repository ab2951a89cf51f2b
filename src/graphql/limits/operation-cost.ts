import { parseGlobalId, type ParsedId } from '../../model/id.js'
import type { CostFacts } from './cost-facts.js'
import type { FieldPlan, SelectionPlan, Variables } from './cost-plan.js'
import { DEFAULT_PAGE, DEFAULT_PAGES, FILTER_LISTS, ID_LISTS, NUMBER_FILTERS, UNTOLD } from './field-costs.js'
import { givenArgument } from './given.js'

/** What an operation asks for at most, as far as it says itself. */
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

/** Where a selection stands. */
interface Place {
  /** How often it is answered. */
  readonly objects: number
  /** For how many different objects, as far as that is known: what concerns one object is asked once. */
  readonly distinct: number
  /** Over how many accounts these are spread evenly; null where nobody can tell. */
  readonly accounts: number | null
  /** Items of the page it stands in. */
  readonly page: number
}
const ROOT: Place = { objects: 1, distinct: 1, accounts: null, page: 1 }

const FREE: OperationCost = { requests: 0, values: 0 }

/** Calls that are read besides those that are wanted: what has the same moment as the last of a page waits for the next one. */
const SPARE_CALLS = 10

class Evaluation {
  readonly #variables: Variables
  readonly #facts: CostFacts
  /** Requests that are shared by all who need them, by what they are for. */
  readonly #once = new Map<string, number>()

  constructor(variables: Variables, facts: CostFacts) {
    this.#variables = variables
    this.#facts = facts
  }

  /** How many there are of those that are shared by all who need them, so far. */
  get shared(): number {
    let sum = 0
    for (const requests of this.#once.values()) sum += requests
    return sum
  }

  /** What a selection takes besides what is shared. */
  selection({ leaves, fields, each }: SelectionPlan, place: Place): OperationCost {
    let requests = this.#details(each, place)
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
    const { requests, values } =
      field.items === 'ids' || field.cost?.ids ? this.#byId(field, place) : this.#worst(field, place)
    return { requests: own + requests, values }
  }

  /** An object is of one type only. */
  #worst(field: FieldPlan, place: Place): OperationCost {
    const below = this.#below(field, place)
    return field.below.map((plan) => this.selection(plan, below)).reduce(worse, FREE)
  }

  /** One request for each object, if the provider of any of them tells something of it apart. */
  #details(coordinates: readonly string[], { distinct, accounts }: Place): number {
    if (coordinates.length === 0) return 0
    const telling = Math.max(...coordinates.map((coordinate) => this.#facts.eachObject(coordinate)))
    if (telling === 0 || accounts === 0) return 0
    return accounts === null ? distinct : (distinct / accounts) * Math.min(accounts, telling)
  }

  /** Requests that the field itself takes. */
  #own({ cost, coordinate, node }: FieldPlan, place: Place): number {
    if (!cost) return 0
    const involved = isOfAllAccounts(coordinate) ? Infinity : (place.accounts ?? place.distinct)
    if (cost.account) this.#need('Account.profile', involved)
    if (cost.each) this.#need(coordinate, involved)
    for (const list of cost.lists ?? []) this.#need(`Account.${list}`, involved)
    if (cost.sweep) {
      const { of, objects } = cost.sweep
      const telling = Math.max(...of.map((one) => this.#facts.eachObject(one)))
      this.#share(of.join(), Math.min(telling, involved) * objects)
    }
    if (!cost.calls) return 0
    const filter = record(givenArgument(node, 'filter', this.#variables))
    for (const [name, list] of Object.entries(FILTER_LISTS)) {
      if (filter[name] == null) continue
      this.#need(`Account.${list}`, involved)
      if (list === 'groups') this.#need('Group.number', involved)
    }
    return this.#calls(coordinate, filter, this.#page(coordinate, node), place)
  }

  #need(named: string, involved: number): void {
    const inEach = involved === Infinity ? Infinity : involved * this.#facts.onceInOne(named)
    this.#share(named, Math.min(this.#facts.once(named), inEach))
  }

  /** The one who needs it in the most accounts pays for all. */
  #share(named: string, requests: number): void {
    this.#once.set(named, Math.max(requests, this.#once.get(named) ?? 0))
  }

  /** The first page of calls of every account that takes part, and what more the last of them needs. */
  #calls(coordinate: string, filter: Readonly<Record<string, unknown>>, page: number, { distinct }: Place): number {
    const { withCalls, callsPerPage } = this.#facts
    if (withCalls === 0) return 0
    const named = Array.isArray(filter['accountIds']) ? filter['accountIds'].length : Infinity
    const lists = isOfAllAccounts(coordinate)
      ? Math.min(withCalls, named) * distinct
      : coordinate === 'Account.callRecords'
        ? Math.min(distinct, withCalls)
        : distinct
    const pages = 1 + Math.floor((page + SPARE_CALLS) / callsPerPage)
    const numbered = NUMBER_FILTERS.filter((name) => filter[name] != null)
    if (coordinate.startsWith('Phone')) numbered.push('numbers')
    const isCompleted = numbered.some((name) => this.#facts.eachObject(`CallRecordFilter.${name}`) > 0)
    return lists * pages + (isCompleted ? page * distinct : 0)
  }

  /** Objects that are asked for by their ids, each type for itself. */
  #byId({ node, below }: FieldPlan, place: Place): OperationCost {
    const given = [givenArgument(node, 'ids', this.#variables) ?? givenArgument(node, 'id', this.#variables)].flat()
    const known = [...new Set(given)].map((id) => (typeof id === 'string' ? parseGlobalId(id) : null))
    const ids = known.filter((id): id is ParsedId => id !== null)
    for (const [list, types] of Object.entries(ID_LISTS)) {
      const accounts = new Set(ids.filter(({ type }) => types.includes(type)).map(({ account }) => account))
      if (accounts.size > 0) this.#need(`Account.${list}`, accounts.size)
    }
    let requests = ids.filter(({ type }) => type === 'CallRecord' || type === 'Recording').length
    let values = given.length
    for (const plan of below) {
      const objects = ids.filter(({ type }) => type === plan.type).length
      if (objects === 0) continue
      const { accounts, page } = place
      const cost = this.selection(plan, { objects, distinct: objects, accounts, page })
      requests += cost.requests
      values += cost.values
    }
    return { requests, values }
  }

  #below({ coordinate, items, isPaged, node, below }: FieldPlan, place: Place): Place {
    const times = items === 'page' ? place.page : items === 'untold' ? UNTOLD : 1
    const objects = place.objects * times
    const distinct = place.distinct * times
    const page = isPaged ? this.#page(coordinate, node) : place.page
    if (coordinate === 'Query.accounts') return { ...place, page: this.#accounts(node, page) }
    if (below[0]?.type !== 'Account') return { objects, distinct, accounts: place.accounts, page }
    const accounts = Math.min(distinct, this.#facts.accounts)
    return { objects, distinct: accounts, accounts, page }
  }

  #accounts(node: FieldPlan['node'], page: number): number {
    const { ids } = record(givenArgument(node, 'filter', this.#variables))
    // A page that is too large to be given is told by its own size.
    return page > MOST_CREDIBLE
      ? page
      : Math.min(page, this.#facts.accounts, Array.isArray(ids) ? ids.length : Infinity)
  }

  /** What is given is taken as it is: a page that is too large will be refused, here or where it is read. */
  #page(coordinate: string, node: FieldPlan['node']): number {
    const given = givenArgument(node, 'first', this.#variables) ?? givenArgument(node, 'last', this.#variables)
    if (typeof given === 'number' && !Number.isNaN(given)) return Math.max(0, given)
    return DEFAULT_PAGES[coordinate] ?? DEFAULT_PAGE
  }
}

/** The largest page that any server of this kind gives. */
const MOST_CREDIBLE = 1_000

const isOfAllAccounts = (coordinate: string): boolean => /^(Query|PhoneNumberLookup)\./.test(coordinate)

const worse = (left: OperationCost, right: OperationCost): OperationCost => ({
  requests: Math.max(left.requests, right.requests),
  values: Math.max(left.values, right.values),
})

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
