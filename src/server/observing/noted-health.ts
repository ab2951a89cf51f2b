import type { Archives } from '../../archive/archives.js'
import type { LoginEvent, LoginOutcome } from '../../auth/login-event.js'
import type { ObservedExchange } from '../../http/observed-exchange.js'
import type { AccountChanges } from '../../live/account-changes.js'
import { parseGlobalId } from '../../model/id.js'
import type { JoinedAccount } from '../accounts/connect-account.js'
import type { AccountRegistry } from '../accounts/registry.js'

/** What a login is after each of these; other outcomes change nothing that is shown. */
const STATES: Readonly<Partial<Record<LoginOutcome, string>>> = {
  refreshed: 'ACTIVE',
  'logged in': 'ACTIVE',
  adopted: 'ACTIVE',
  'race recovered': 'ACTIVE',
  'backing off': 'BACKOFF',
  'reauthorization required': 'REAUTHORIZATION_REQUIRED',
}

interface Noted {
  readonly registry: Pick<AccountRegistry, 'served' | 'findLogin'>
  readonly archives: Pick<Archives, 'loggedIn'>
}

/** What is noted of accounts. */
export interface NotedHealth {
  noteLogin(event: LoginEvent): void
  noteExchange(exchange: ObservedExchange): void
  /** A new account is served. */
  noteLinked(account: Pick<JoinedAccount, 'key' | 'workspace' | 'link'>): void
}

/**
 * Notes when the login or the circuit of an account is not what it was, and tells the archives when
 * a person has logged in.
 */
export function notedHealth(changes: Pick<AccountChanges, 'note'>, noted: () => Noted): NotedHealth {
  /** Global ids of the accounts that were sent something in this turn of the event loop. */
  const asked = new Set<string>()
  const noteCircuits = () => {
    const ids = [...asked]
    asked.clear()
    for (const id of ids) {
      const account = noted().registry.served(parseGlobalId(id)!.account)
      if (account) changes.note(account, 'circuit', account.clientHealth().circuit)
    }
  }
  return {
    noteLinked(account) {
      changes.note(account, 'link', account.link ?? '')
    },
    noteLogin({ key, reason, outcome }) {
      const state = STATES[outcome]
      const account = state && noted().registry.findLogin(key.replace(/#.*/, ''))
      if (account) changes.note(account, 'login', state)
      if (account && reason === 'person') noted().archives.loggedIn(account.key)
    },
    noteExchange({ source: { accountId } }) {
      // The circuit breaker counts an exchange after those who observe it.
      if (asked.size === 0) setImmediate(noteCircuits)
      asked.add(accountId)
    },
  }
}
