import type { Awaitable } from '../awaitable.js'
import type { Extension } from '../model/extension.js'
import { parseGlobalId } from '../model/id.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { Operation } from '../operation.js'
import { AccountLoader } from './account-loader.js'
import { requestBudget } from './budget.js'
import { callLogLoader, type CallLogLoader } from './calls/log.js'
import type { CursorSigner } from './cursor.js'
import { LazyMap } from './lazy-map.js'

export interface LoaderLimits {
  readonly pageSize: number
  readonly detailConcurrency: number
  readonly providerRequestsPerOperation: number
}

/** What the merged call log needs besides: its cursors are signed and bound to a workspace. */
export interface CallLogServices {
  readonly workspace: string
  readonly cursors: CursorSigner
  readonly onDefect?: (error: unknown) => void
  /** The only extension whose calls are listed; null: all calls are. */
  readonly own?: BoundExtension | null
}

/** The line of a person: which account, and its internal number there. */
export interface BoundExtension {
  readonly accountKey: string
  readonly number: string
}

/**
 * The loaders of one operation: equal reads are one request, and nothing outlives the operation.
 */
export interface Loaders {
  /** By key, in the order of the configuration; only accounts of the viewer's workspace. */
  readonly accounts: ReadonlyMap<string, AccountLoader>
  /**
   * The account an object was read from.
   *
   * @throws Error when the operation has no such account, which is a defect.
   */
  account(key: string): AccountLoader
  /** Adds an account that was linked within this operation, or forgets what was read of one. */
  join(account: ConnectedAccount): AccountLoader
  /**
   * Reads an account for another operation, on the budget of this one: nothing that was read before
   * is shared.
   */
  openFor(account: ConnectedAccount, operation: Operation): AccountLoader
  readonly callLog: CallLogLoader
  /** When the operation first needed a loader, ISO 8601: `fetchedAt` of objects that carry no time of their own. */
  readonly beganAt: string
}

/** One for every operation. `now`: wall-clock milliseconds. */
export function createLoaders(
  connected: ReadonlyMap<string, ConnectedAccount>,
  operation: Operation,
  limits: LoaderLimits,
  services: CallLogServices,
  now: () => number = Date.now,
): Loaders {
  return new OperationLoaders(connected, operation, limits, services, now)
}

class OperationLoaders implements Loaders {
  readonly accounts
  readonly #budget
  readonly #beganMs
  #callLog: CallLogLoader | null = null

  constructor(
    connected: ReadonlyMap<string, ConnectedAccount>,
    operation: Operation,
    private readonly limits: LoaderLimits,
    private readonly services: CallLogServices,
    private readonly now: () => number,
  ) {
    this.#budget = requestBudget(limits.providerRequestsPerOperation)
    this.#beganMs = now()
    this.accounts = new LazyMap(connected, (account: ConnectedAccount) => this.openFor(account, operation))
  }

  account(key: string): AccountLoader {
    const account = this.accounts.get(key)
    if (!account) throw new Error(`No account ${key} in this operation`)
    return account
  }

  join(account: ConnectedAccount): AccountLoader {
    return this.accounts.add(account.key, account)
  }

  openFor(account: ConnectedAccount, operation: Operation): AccountLoader {
    return new AccountLoader(account, operation, this.#budget, this.limits.detailConcurrency)
  }

  get callLog(): CallLogLoader {
    return (this.#callLog ??= this.#openCallLog())
  }

  get beganAt(): string {
    return new Date(this.#beganMs).toISOString()
  }

  /** Most operations list no calls. */
  #openCallLog(): CallLogLoader {
    const { accounts, limits, now } = this
    const { workspace, cursors, onDefect, own = null } = this.services
    const ownExtension = own && (() => extensionWithNumber(accounts, own))
    return callLogLoader({ accounts, limits, now, workspace, cursors, onDefect, own: ownExtension })
  }
}

/** Null when there is no such account, or no such extension in it. */
export const extensionWithNumber = (
  accounts: Loaders['accounts'],
  { accountKey, number }: BoundExtension,
): Awaitable<Extension | null> => accounts.get(accountKey)?.extensions?.find({ number }) ?? null

/** The account with this id, this key, or both; null when there is none, or neither is given. */
export function findAccount(
  { accounts }: Pick<Loaders, 'accounts'>,
  { id, key }: { readonly id?: string | null; readonly key?: string | null },
): AccountLoader | null {
  const parsed = id == null ? null : parseGlobalId(id)
  const found = accounts.get((id == null ? key : parsed?.account) ?? '')
  if (!found || (id != null && found.account.id !== id)) return null
  return key == null || found.account.key === key ? found : null
}
