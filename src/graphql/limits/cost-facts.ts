import type { Provider } from '../../providers/provider.js'

/** What the viewer's accounts are like, as far as it decides what an operation may cost. */
export interface CostFacts {
  readonly accounts: number
  /** How many accounts may have calls. */
  readonly withCalls: number
  /** Rows of the smallest page of calls that one of their providers gives. */
  readonly callsPerPage: number
  /** How many accounts' providers tell this coordinate of one object at a time. */
  eachObject(coordinate: string): number
  /** Requests that this coordinate takes, once in each account, over all accounts. */
  once(coordinate: string): number
  /** The most that it takes in one account. */
  onceInOne(coordinate: string): number
}

const LISTED = { 'Account.dids': 'DID', 'Account.extensions': 'EXTENSION', 'Account.groups': 'GROUP' } as const

export function costFacts(accounts: Iterable<{ readonly provider: Provider }>): CostFacts {
  const held = new Map<Provider, number>()
  for (const { provider } of accounts) held.set(provider, (held.get(provider) ?? 0) + 1)
  const sum = (of: (provider: Provider) => number) => {
    let total = 0
    for (const [provider, times] of held) total += times * of(provider)
    return total
  }
  const providers = [...held.keys()]
  return {
    accounts: sum(() => 1),
    withCalls: sum((provider) => (lists(provider, 'CALL_RECORD') ? 1 : 0)),
    callsPerPage: Math.min(...providers.map(callsPerPage)),
    eachObject: (coordinate) => sum(({ costs }) => (costs?.eachObject.includes(coordinate) ? 1 : 0)),
    once: (coordinate) => sum((provider) => once(provider, coordinate)),
    onceInOne: (coordinate) => Math.max(0, ...providers.map((provider) => once(provider, coordinate))),
  }
}

/** A list is a request in itself; what a provider says it takes comes on top. */
function once(provider: Provider, coordinate: string): number {
  const resource = LISTED[coordinate as keyof typeof LISTED]
  if (resource && !lists(provider, resource)) return 0
  const own = resource || coordinate === 'Account.profile' ? 1 : 0
  return own + (provider.costs?.onceMore.includes(coordinate) ? 1 : 0)
}

const lists = ({ capabilities }: Provider, resource: string): boolean =>
  capabilities.some((one) => one.resource === resource && one.operation === 'LIST' && one.support !== 'UNSUPPORTED')

const callsPerPage = ({ capabilities }: Provider): number =>
  capabilities.find(({ resource, operation }) => resource === 'CALL_RECORD' && operation === 'LIST')?.maxPageSize ??
  Infinity
