import { randomUUID } from 'node:crypto'

import type { LoginState } from '../../auth/login-state.js'
import { TokenManager } from '../../auth/token-manager.js'
import { systemClock } from '../../clock.js'
import { ConfigurationError, ServiceUnavailable } from '../../errors.js'
import { createSender } from '../../http/wire/send.js'
import { parseGlobalId } from '../../model/id.js'
import { Operation } from '../../operation.js'
import type { Provider } from '../../providers/provider.js'
import type { Config } from '../config/config.js'
import { openConfiguredStore } from '../config/open-store.js'
import type { Log } from '../observing/log.js'
import { guardedDialling } from './private-origins.js'
import { orUserErrors } from './refusals.js'
import { AccountRegistry } from './registry.js'
import { retryLogin } from './retry.js'

/** How a login is after it was tried. */
export interface RetriedLogin {
  readonly id: string
  readonly state: LoginState
  /** What keeps it from logging in, for a person to read; null: it works. */
  readonly failure: string | null
}

/**
 * Tries the login of an account now, in this process, and stores what comes of it: servers that
 * share the store find it there at their next request to this account. `id`: the account's key, or
 * its global id.
 * @throws ConfigurationError for a store that no other process sees, or an unknown account
 */
export async function retryStoredLogin(
  config: Config,
  id: string,
  { providers, log }: { readonly providers: readonly Provider[]; readonly log: Log },
): Promise<RetriedLogin> {
  const { limits, store: settings } = config
  const refused = (problem: string) => new ConfigurationError(config.file ?? 'The configuration', [problem])
  if (settings.url.startsWith('memory:'))
    throw refused('store.url: with memory: only the server itself knows its logins; use the mutation accountRetry')
  const store = await openConfiguredStore(config)
  const sender = createSender(limits, systemClock, guardedDialling(config, log))
  try {
    const services = { send: sender.send, openStream: noFiles, limits, clock: systemClock }
    const manager = new TokenManager({ ...services, store })
    const registry = new AccountRegistry(config, { store, providers, log, services: { ...services, manager } })
    await registry.refresh()
    const key = parseGlobalId(id)?.account ?? id
    const account = registry.find(key)
    if (!account) throw refused(`there is no account ${key}: \`dialgraph accounts\` shows which there are`)
    const signal = AbortSignal.timeout(limits.operationTimeoutMs)
    const operation = new Operation({ requestId: randomUUID(), signal })
    const tried = await orUserErrors(async () => {
      await retryLogin(account, operation)
      return { userErrors: [] }
    })
    const failure = tried.userErrors[0]?.message ?? null
    return { id: account.key, state: await account.authorization(), failure }
  } finally {
    await sender.close()
    await store.close()
  }
}

const noFiles = () => Promise.reject(new ServiceUnavailable('No file is read while a login is tried.'))
