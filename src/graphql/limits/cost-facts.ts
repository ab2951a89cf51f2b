import { supportOf, SupportLevel, type ResourceKind } from '../../model/capability.js'
import type { AccountField, DetailField, DetailFilter, ListName } from '../../model/request-fields.js'
import type { Provider } from '../../providers/provider.js'
import { remembered } from '../remembered.js'

/** What the cost of an operation needs to know about the viewer's accounts. */
export interface CostFacts {
  readonly accounts: number
  /** How many accounts may have calls. */
  readonly withCalls: number
  /** How many accounts may be asked for the calls under way. */
  readonly withCurrentCalls: number
  /** Rows of the smallest page of calls that one of their providers gives. */
  readonly callsPerPage: number
  /** How many accounts are at a provider that has this only in an object's detail. */
  withDetail(field: DetailField | DetailFilter): number
  /** Requests needed to read this once in each account, over all accounts. */
  requestsForAll(field: AccountField | DetailField): number
  /** The most requests it takes in one account. */
  requestsForOne(field: AccountField | DetailField): number
}

const RESOURCES = { dids: 'DID', extensions: 'EXTENSION', groups: 'GROUP' } as const satisfies Record<ListName, string>

/** The requests of an account's own fields at a provider with no costs of its own. */
const ACCOUNT_FIELDS: Readonly<Record<AccountField, (provider: Provider) => number>> = {
  'Account.profile': () => 1,
  'Account.dids': (provider) => (lists(provider, RESOURCES.dids) ? 1 : 0),
  'Account.extensions': (provider) => (lists(provider, RESOURCES.extensions) ? 1 : 0),
  'Account.groups': (provider) => (lists(provider, RESOURCES.groups) ? 1 : 0),
}

export function costFacts(accounts: Iterable<{ readonly provider: Provider }>): CostFacts {
  const counts = new Map<Provider, number>()
  for (const { provider } of accounts) counts.set(provider, (counts.get(provider) ?? 0) + 1)
  const sum = (of: (provider: Provider) => number) => {
    let total = 0
    for (const [provider, count] of counts) total += count * of(provider)
    return total
  }
  const providers = [...counts.keys()]
  return {
    accounts: sum(() => 1),
    withCalls: sum((provider) => (lists(provider, 'CALL_RECORD') ? 1 : 0)),
    withCurrentCalls: sum(({ capabilities }) =>
      supportOf(capabilities, 'LIVE_CALL', 'LIST') === SupportLevel.NATIVE ? 1 : 0,
    ),
    callsPerPage: Math.min(...providers.map(callsPerPage)),
    withDetail: remembered((field) => sum(({ costs }) => (costs?.eachObject.includes(field) ? 1 : 0))),
    requestsForAll: remembered((field) => sum((provider) => requests(provider, field))),
    requestsForOne: remembered((field) => Math.max(0, ...providers.map((provider) => requests(provider, field)))),
  }
}

/**
 * A list is one request; what the provider declares comes on top. A list the provider lacks is
 * never read.
 */
function requests(provider: Provider, field: AccountField | DetailField): number {
  const extra = provider.costs?.onceMore.includes(field) ? 1 : 0
  if (!isAccountField(field)) return extra
  const own = ACCOUNT_FIELDS[field](provider)
  return own === 0 ? 0 : own + extra
}

const isAccountField = (field: AccountField | DetailField): field is AccountField => field in ACCOUNT_FIELDS

const lists = ({ capabilities }: Provider, resource: `${ResourceKind}`): boolean =>
  supportOf(capabilities, resource, 'LIST') !== SupportLevel.UNSUPPORTED

const callsPerPage = ({ capabilities }: Provider): number =>
  capabilities.find(({ resource, operation }) => resource === 'CALL_RECORD' && operation === 'LIST')?.maxPageSize ??
  Infinity
