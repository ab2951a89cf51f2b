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
  const { requests, values, once } = evaluation.selection(plan, ROOT)
  return { requests: [...once.values()].reduce((sum, each) => sum + each, requests), values }
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

interface Cost extends OperationCost {
  /** Requests that are shared by all who need them, by what they are for. */
  readonly once: ReadonlyMap<string, number>
}
const NOTHING_SHARED: ReadonlyMap<string, number> = new Map()
const FREE: Cost = { requests: 0, values: 0, once: NOTHING_SHARED }

/** Calls that are read besides those that are wanted: what has the same moment as the last of a page waits for the next one. */
const SPARE_CALLS = 10

class Evaluation {
  readonly #variables: Variables
  readonly #facts: CostFacts

  constructor(variables: Variables, facts: CostFacts) {
    this.#variables = variables
    this.#facts = facts
  }

  selection({ leaves, fields, each }: SelectionPlan, place: Place): Cost {
    const own = { requests: this.#details(each, place), values: (leaves + 1) * place.objects, once: NOTHING_SHARED }
    return fields.reduce<Cost>((sum, field) => together(sum, this.#field(field, place)), own)
  }

  #field(field: FieldPlan, place: Place): Cost {
    const own = this.#own(field, place)
    if (field.items === 'ids' || field.cost?.ids) return together(own, this.#byId(field, place))
    const below = this.#below(field, place)
    // An object is of one type only.
    return together(own, field.below.map((plan) => this.selection(plan, below)).reduce(worse, FREE))
  }

  /** One request for each object, if the provider of any of them tells something of it apart. */
  #details(coordinates: readonly string[], { distinct, accounts }: Place): number {
    if (coordinates.length === 0) return 0
    const telling = Math.max(...coordinates.map((coordinate) => this.#facts.eachObject(coordinate)))
    if (telling === 0 || accounts === 0) return 0
    return accounts === null ? distinct : (distinct / accounts) * Math.min(accounts, telling)
  }

  #own({ cost, coordinate, node }: FieldPlan, place: Place): Cost {
    if (!cost) return FREE
    const involved = isOfAllAccounts(coordinate) ? Infinity : (place.accounts ?? place.distinct)
    const once = new Map<string, number>()
    const need = (named: string) => once.set(named, this.#once(named, involved))
    if (cost.account) need('Account.profile')
    if (cost.each) need(coordinate)
    for (const list of cost.lists ?? []) need(`Account.${list}`)
    if (cost.sweep) {
      const { of, objects } = cost.sweep
      const telling = Math.max(...of.map((one) => this.#facts.eachObject(one)))
      once.set(of.join(), Math.min(telling, involved) * objects)
    }
    if (!cost.calls) return { requests: 0, values: 0, once }
    const filter = record(givenArgument(node, 'filter', this.#variables))
    for (const [name, list] of Object.entries(FILTER_LISTS)) {
      if (filter[name] == null) continue
      need(`Account.${list}`)
      if (list === 'groups') need('Group.number')
    }
    return { requests: this.#calls(coordinate, filter, this.#page(coordinate, node), place), values: 0, once }
  }

  #once(named: string, involved: number): number {
    return Math.min(this.#facts.once(named), involved === Infinity ? Infinity : involved * this.#facts.onceInOne(named))
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
  #byId({ node, below }: FieldPlan, place: Place): Cost {
    const given = [givenArgument(node, 'ids', this.#variables) ?? givenArgument(node, 'id', this.#variables)].flat()
    const known = [...new Set(given)].map((id) => (typeof id === 'string' ? parseGlobalId(id) : null))
    const ids = known.filter((id): id is ParsedId => id !== null)
    const once = new Map<string, number>()
    for (const [list, types] of Object.entries(ID_LISTS)) {
      const accounts = new Set(ids.filter(({ type }) => types.includes(type)).map(({ account }) => account))
      if (accounts.size > 0) once.set(`Account.${list}`, this.#once(`Account.${list}`, accounts.size))
    }
    const calls = ids.filter(({ type }) => type === 'CallRecord' || type === 'Recording').length
    const asked: Cost = { requests: calls, values: given.length, once }
    return below.reduce<Cost>((sum, plan) => {
      const objects = ids.filter(({ type }) => type === plan.type).length
      return objects === 0
        ? sum
        : together(
            sum,
            this.selection(plan, { objects, distinct: objects, accounts: place.accounts, page: place.page }),
          )
    }, asked)
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

const together = (left: Cost, right: Cost): Cost => joined(left, right, (a, b) => a + b)
const worse = (left: Cost, right: Cost): Cost => joined(left, right, Math.max)

function joined(left: Cost, right: Cost, join: (a: number, b: number) => number): Cost {
  const [requests, values] = [join(left.requests, right.requests), join(left.values, right.values)]
  if (right.once.size === 0) return { requests, values, once: left.once }
  const once = new Map(left.once)
  // Shared by everyone, so the one who needs it in the most accounts pays for all.
  for (const [named, needed] of right.once) once.set(named, Math.max(needed, once.get(named) ?? 0))
  return { requests, values, once }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
