import type { LoginEvent, LoginOutcome } from '../../auth/login-event.js'
import type { ObservedExchange } from '../../http/observed-exchange.js'
import type { AccountChanges } from '../../live/account-changes.js'
import { parseGlobalId } from '../../model/id.js'
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

/** Notes when the login or the circuit of an account is not what it was. */
export function notedHealth(
  changes: Pick<AccountChanges, 'note'>,
  registry: () => Pick<AccountRegistry, 'served' | 'findLogin'>,
): { noteLogin(event: LoginEvent): void; noteExchange(exchange: ObservedExchange): void } {
  return {
    noteLogin({ key, outcome }) {
      const state = STATES[outcome]
      const account = state && registry().findLogin(key.replace(/#.*/, ''))
      if (account) changes.note(account, 'login', state)
    },
    noteExchange({ source: { accountId } }) {
      // The circuit breaker counts an exchange after those who observe it.
      setImmediate(() => {
        const account = registry().served(parseGlobalId(accountId)!.account)
        if (account) changes.note(account, 'circuit', account.clientHealth().circuit)
      })
    },
  }
}
