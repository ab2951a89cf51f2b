import type { Office } from './offices.js'
import { CALLS, HOURS, MERGED, NUMBERS, OVERVIEW, TRIVIAL } from './questions.js'

/** What is asked, of whom, and how much of it there is. */
export interface Workload {
  readonly name: string
  readonly about: string
  readonly offices: readonly Office[]
  /** Callers with a key of their own, by the workspace they belong to. Every server gets the same requests; ours looks at the key. */
  readonly callers: readonly Caller[]
  /** Which workspace an office is in. */
  readonly workspaceOf: (office: Office) => string
  readonly document: string
  /** Request `index` of the endless row of requests. */
  request(index: number): WorkloadRequest
  /** The least requests to the provider that can answer one. */
  readonly providerRequests: number
  /** How many requests at the beginning stand for all of it when answers are compared. */
  readonly compared: number
}

export interface Caller {
  readonly name: string
  readonly key: string
  readonly workspace: string
}

export interface WorkloadRequest {
  readonly caller: Caller
  readonly operationName: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** The body of a request over HTTP. */
export const bodyOf = ({ document }: Workload, { operationName, variables }: WorkloadRequest) =>
  JSON.stringify({ query: document, operationName, variables })

/** The id that a server of this graph gives to an account. */
export const accountId = (key: string) => Buffer.from(`A:${key}:`).toString('base64url')

const offices = (count: number, what: Omit<Office, 'key'>): Office[] =>
  Array.from({ length: count }, (_, index) => ({ key: `office-${index}`, ...what }))

const callerOf = (index: number, workspace: string): Caller => ({
  name: `caller-${index}`,
  key: `bench-key-of-caller-${String(index).padStart(4, '0')}`,
  workspace,
})

const ALONE = callerOf(0, 'default')
const EVERYONE = { callers: [ALONE], workspaceOf: () => 'default' }

/** The front alone: what every operation costs before it is one. */
export const W0: Workload = {
  ...{ name: 'W0', about: 'a trivial operation', ...EVERYONE },
  offices: offices(1, { dids: 20, hours: false, calls: 0 }),
  document: TRIVIAL,
  request: () => ({ caller: ALONE, operationName: 'Trivial', variables: {} }),
  ...{ providerRequests: 0, compared: 1 },
}

/** One account, 20 numbers, the name of each one's destination. */
export const W1: Workload = {
  ...{ name: 'W1', about: 'one account, 20 DIDs, the name of each destination', ...EVERYONE },
  offices: offices(1, { dids: 20, hours: false, calls: 0 }),
  document: NUMBERS,
  request: () => numbersOf(ALONE, 'office-0', 20),
  ...{ providerRequests: 4, compared: 1 },
}

/** 100 numbers with what only their details have, and their destinations. */
export const W2: Workload = {
  ...{ name: 'W2', about: '100 DIDs with a field that only the detail has, and their destination', ...EVERYONE },
  offices: offices(1, { dids: 100, hours: true, calls: 0 }),
  document: HOURS,
  request: () => ({
    caller: ALONE,
    operationName: 'Hours',
    variables: { id: accountId('office-0'), first: 100 },
  }),
  ...{ providerRequests: 103, compared: 1 },
}

/** One page of 1,000 calls, 15 fields. */
export const W3: Workload = {
  ...{ name: 'W3', about: 'one page of 1,000 call records, 15 fields', ...EVERYONE },
  offices: offices(1, { dids: 0, hours: false, calls: 1_000 }),
  document: CALLS,
  request: () => ({ caller: ALONE, operationName: 'Calls', variables: { first: 1_000 } }),
  ...{ providerRequests: 1, compared: 1 },
}

/** The calls of three accounts as one log. */
export const W4: Workload = {
  ...{ name: 'W4', about: 'one call log of 3 accounts with 100 calls each', ...EVERYONE },
  offices: offices(3, { dids: 0, hours: false, calls: 100 }),
  document: MERGED,
  request: () => ({ caller: ALONE, operationName: 'Merged', variables: { first: 300 } }),
  ...{ providerRequests: 3, compared: 1 },
}

const HOUSES = 5
const OFFICES = 50
const CALLERS = Array.from({ length: 10 }, (_, index) => callerOf(index, `house-${index % HOUSES}`))
/** A page may be so large at most. */
const LARGEST_PAGE = 1_000

/**
 * W1 by ten callers in five workspaces with ten accounts each: no two of 98,000 requests are alike, and each is answered with as much as W1,
 * so that many accounts and callers are all that it has more.
 */
export const W5: Workload = {
  ...{ name: 'W5', about: 'W1 over 50 accounts by 10 callers, no two requests alike' },
  offices: offices(OFFICES, { dids: 20, hours: false, calls: 0 }),
  callers: CALLERS,
  workspaceOf: ({ key }) => `house-${Number(key.replace(/\D/g, '')) % HOUSES}`,
  document: NUMBERS,
  request(index) {
    const caller = CALLERS[index % CALLERS.length]!
    const turn = Math.floor(index / CALLERS.length)
    const house = (index % CALLERS.length) % HOUSES
    const office = house + HOUSES * (turn % (OFFICES / HOUSES))
    const variant = Math.floor(turn / (OFFICES / HOUSES))
    return numbersOf(caller, `office-${office}`, 20 + (variant % (LARGEST_PAGE - 20)))
  },
  ...{ providerRequests: 4, compared: 100 },
}

/** All accounts in one question: what one more account costs. */
export function overview(accounts: number): Workload {
  return {
    ...{ name: `A${accounts}`, about: `${accounts} accounts in one question, 20 DIDs each`, ...EVERYONE },
    offices: offices(accounts, { dids: 20, hours: false, calls: 0 }),
    document: OVERVIEW,
    request: () => ({ caller: ALONE, operationName: 'Overview', variables: { accounts, first: 20 } }),
    ...{ providerRequests: 4 * accounts, compared: 1 },
  }
}

/** W1 asked of every account in turn and by every caller in turn: what more of either costs. */
export function accountsAndCallers(accounts: number, callers: number): Workload {
  const everyone = Array.from({ length: callers }, (_, index) => callerOf(index, 'default'))
  return {
    ...{ name: `${accounts}x${callers}`, about: `${accounts} accounts, ${callers} callers`, callers: everyone },
    offices: offices(accounts, { dids: 20, hours: false, calls: 0 }),
    workspaceOf: () => 'default',
    document: NUMBERS,
    request: (index) => numbersOf(everyone[index % callers]!, `office-${index % accounts}`, 20),
    ...{ providerRequests: 4, compared: Math.max(accounts, callers) },
  }
}

/** W3 with pages of another size. */
export function pageOf(calls: number): Workload {
  return {
    ...W3,
    ...{ name: `page of ${calls}`, about: `a page of ${calls} calls` },
    offices: offices(1, { dids: 0, hours: false, calls }),
    request: () => ({ caller: ALONE, operationName: 'Calls', variables: { first: calls } }),
  }
}

const numbersOf = (caller: Caller, key: string, first: number): WorkloadRequest => ({
  caller,
  operationName: 'Numbers',
  variables: { id: accountId(key), first, status: null },
})

/** By the name that the command line and the tables use. */
export const workloads: ReadonlyMap<string, Workload> = new Map(
  [W0, W1, W2, W3, W4, W5, overview(5), overview(50)].map((workload) => [workload.name, workload]),
)
