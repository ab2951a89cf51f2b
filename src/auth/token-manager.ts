import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.js'
import type { Send } from '../http/http.js'
import type { HttpLimits } from '../http/limits.js'
import type { TokenStore } from '../store/token-store.js'
import type { Flow } from './flow.js'
import { Login } from './login.js'

/** One line per change of a login: why, and how it went. Never holds a secret. */
export interface LoginEvent {
  readonly key: string
  readonly flow: string
  readonly reason: 'first use' | 'due' | 'expired' | 'refused' | 'person'
  readonly outcome: 'refreshed' | 'logged in' | 'adopted' | 'race recovered' | 'backing off' | 'reauthorization required' | 'not stored'
  readonly generation: number
  readonly code?: string
}

export interface TokenManagerOptions {
  readonly store: TokenStore
  readonly send: Send
  readonly clock: Clock
  readonly limits: HttpLimits
  readonly log?: (event: LoginEvent) => void
  /** In [0, 1); spreads replacements and waiting times. */
  readonly random?: () => number
  /** Waits real time between looks at another process's lease. */
  readonly sleep?: (milliseconds: number) => Promise<void>
}

/**
 * Decides when a token is got and replaced, once for every flow of every account.
 * It keeps one Login per key, so that everything in this process that needs the same login shares one object, one promise, one memory.
 */
export class TokenManager {
  /** Marks our leases; another process has another. */
  readonly owner = randomUUID()
  readonly #logins = new Map<string, Login>()

  constructor(readonly options: TokenManagerOptions) {}

  /** The login of an account. With impersonation, the login it is exchanged from is kept beside it, under a key of its own. */
  login(account: string, flow: Flow, authorizeUrl: string | null = null): Login {
    const key = loginKey(account, flow)
    const known = this.#logins.get(key)
    if (known) return known
    const actor = flow.impersonation ? this.login(`${account}#actor`, flow.impersonation.actor) : null
    const login = new Login(key, flow, actor, authorizeUrl, this.owner, this.options)
    this.#logins.set(key, login)
    return login
  }
}

/** The key of an exchanged login names actor and subject, so that two subjects never share a row. */
function loginKey(account: string, { impersonation }: Flow): string {
  return impersonation ? `${account}#as:${impersonation.subject}` : account
}
