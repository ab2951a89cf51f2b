import type { TokenManager } from '../auth/token-manager.js'
import type { Clock } from '../clock.js'
import type { Send } from '../http/http.js'
import type { HttpLimits } from '../http/limits.js'
import { AccountClient, type OperationReads } from '../http/rest.js'
import type { AccountHealth } from '../model/authorization.js'
import { globalId } from '../model/id.js'
import { nameErrors } from '../providers/name-errors.js'
import type { ConnectedAccount, Operation } from '../providers/account.js'
import type { AccountConfig } from './config.js'

/** What every account of this process shares. */
export interface ConnectionServices {
  readonly manager: TokenManager
  readonly send: Send
  readonly limits: HttpLimits
  readonly clock: Clock
}

/** Joins a configured account to its provider; makes no request. */
export function connectAccount(
  config: AccountConfig,
  { manager, send, limits, clock }: ConnectionServices,
): ConnectedAccount {
  const { facts, provider, label, workspace, settings } = config
  const connection = provider.connect(settings, facts)
  const id = globalId('Account', facts.key)
  const source = { provider: provider.slug, accountId: id }
  const login = manager.login(facts.key, connection.flow)
  const client = new AccountClient({
    source,
    origins: connection.origins,
    authorizer: login,
    send,
    limits,
    clock,
  })
  // Equal reads of one operation are one request, however many sources ask; nothing is kept once the operation is forgotten.
  const reads = new WeakMap<Operation, OperationReads>()
  const readsOf = (operation: Operation): OperationReads => {
    const known = reads.get(operation) ?? client.open(operation.signal)
    reads.set(operation, known)
    return known
  }
  return {
    key: facts.key,
    id,
    label,
    workspace,
    provider,
    facts,
    source: (operation, onRequest) => nameErrors(connection.source(readsOf(operation).rest(onRequest)), source),
    authorization: () => login.state(),
    health: () => shownHealth(client),
  }
}

function shownHealth(client: AccountClient): AccountHealth {
  const { circuit, rateLimitResetAt, lastSuccessAt, lastFailureAt } = client.health()
  return {
    circuit,
    rateLimitResetAt: isoTime(rateLimitResetAt),
    lastSuccessAt: isoTime(lastSuccessAt),
    lastFailureAt: isoTime(lastFailureAt),
  }
}

const isoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
