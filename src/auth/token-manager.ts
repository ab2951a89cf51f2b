import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.js'
import type { Send } from '../http/http.js'
import type { HttpLimits } from '../http/limits.js'
import { SealBroken } from '../store/keyring.js'
import { linkOf, type StoredGrant, type TokenStore } from '../store/token-store.js'
import type { Flow } from './flow.js'
import { Login } from './login.js'
import type { TokenExchange } from './token-telemetry.js'

/** One line per change of a login: why, and how it went. Never holds a secret. */
export interface LoginEvent {
  /** Key of the account; with `#actor` or `#as:…` behind it for the two logins of an impersonation. */
  readonly key: string
  readonly flow: string
  readonly reason: 'first use' | 'due' | 'expired' | 'refused' | 'person' | 'unlink' | 'store'
  readonly outcome: LoginOutcome
  readonly generation: number
  readonly code?: string
}

export type LoginOutcome =
  | 'refreshed'
  | 'logged in'
  | 'adopted'
  /** Somebody else was faster with the same refresh token, and what they got serves us too. */
  | 'race recovered'
  /** Another process died, or lost an answer, half-way through a refresh: it is taken up where it was left. */
  | 'resumed'
  /** Sent, and no answer came: the provider may have done it all the same. */
  | 'outcome unknown'
  /** Held up for so long that another process took over, before anything was sent. */
  | 'lease lost'
  | 'backing off'
  | 'reauthorization required'
  | 'not stored'
  | 'store unavailable'
  /** The account was unlinked while its login was being renewed. */
  | 'discarded'
  | 'revoked'
  | 'revocation put off'
  | 'revocation given up'

export interface TokenManagerOptions {
  readonly store: TokenStore
  readonly send: Send
  readonly clock: Clock
  readonly limits: HttpLimits
  readonly log?: (event: LoginEvent) => void
  /** Hears of every request to a token endpoint, once it is over. */
  readonly onExchange?: (exchange: TokenExchange) => void
  /** In [0, 1); spreads replacements and waiting times. */
  readonly random?: () => number
  /** Waits real time between looks at another process's lease, and between attempts to write. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** Told of tokens that were granted to an account that is gone. */
  readonly orphaned?: (key: string, flow: Flow, grant: StoredGrant) => void
}

/** What the logins of one process share. */
export interface LoginServices extends TokenManagerOptions {
  /** Marks our leases and intents; another process has another. */
  readonly owner: string
  /** Wall-clock ms. */
  readonly startedAt: number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly random: () => number
  /** Whether one more token may be replaced before it has run out; logins of the same age take turns. */
  mayReplaceEarly(): boolean
  /** Hears of a store that cannot be read or written; tells of it once a minute. */
  storeTrouble(login: Login, cause: unknown): void
}

/** Of all logins, at most this part is replaced early within one window; a few always may. */
const EARLY_SHARE = 0.1
const EARLY_AT_LEAST = 5
const EARLY_WINDOW_MS = 5_000
const TROUBLE_TOLD_EVERY_MS = 60_000

/**
 * Decides when a token is got and replaced, once for every flow of every account.
 * It keeps one Login per key, so that everything in this process that needs the same login shares one object, one promise, one memory.
 */
export class TokenManager {
  readonly #services: LoginServices
  readonly #logins = new Map<string, Login>()
  /** Monotonic ms of the latest early replacements. */
  #early: number[] = []
  #troubleTold = -Infinity

  constructor(readonly options: TokenManagerOptions) {
    this.#services = {
      ...options,
      random: options.random ?? Math.random,
      sleep: options.sleep ?? realSleep,
      owner: randomUUID(),
      startedAt: options.clock.now(),
      mayReplaceEarly: () => this.#mayReplaceEarly(),
      storeTrouble: (login, cause) => this.#tellTrouble(login, cause),
    }
  }

  /**
   * The login of an account, under the key it is stored by. With impersonation, the login it is exchanged from is kept beside it, under
   * a key of its own. `authorizeUrl`: where a person logs in, asked when it is needed.
   */
  login(account: string, flow: Flow, authorizeUrl: () => string | null = () => null): Login {
    const key = loginKey(account, flow)
    const known = this.#logins.get(key)
    if (known) return known
    const actor = flow.impersonation ? this.login(`${account}#actor`, flow.impersonation.actor) : null
    const login = new Login(key, flow, actor, authorizeUrl, this.#services)
    this.#logins.set(key, login)
    return login
  }

  /** The logins of an account that was unlinked are served to nobody any more. */
  forget(link: string): void {
    for (const [key, login] of this.#logins) {
      if (linkOf(key) !== link) continue
      login.forget()
      this.#logins.delete(key)
    }
  }

  /** Resolves when no token is being replaced: what was granted by then is stored, if the store can be written at all. */
  async settle(): Promise<void> {
    await Promise.all([...this.#logins.values()].map((login) => login.settle()))
  }

  /** For the end of a process that cannot wait: what is under way stays announced in the store, and its leases are anybody's again. */
  async abandon(): Promise<void> {
    const { store } = this.options
    const underWay = [...this.#logins.values()].filter((login) => login.isBeingReplaced)
    await Promise.all(underWay.map(({ key }) => store.release(key, this.#services.owner).catch(() => {})))
  }

  #mayReplaceEarly(): boolean {
    const now = this.options.clock.monotonic()
    this.#early = this.#early.filter((at) => at > now - EARLY_WINDOW_MS)
    if (this.#early.length >= Math.max(EARLY_AT_LEAST, EARLY_SHARE * this.#logins.size)) return false
    this.#early.push(now)
    return true
  }

  #tellTrouble(login: Login, cause: unknown): void {
    const now = this.options.clock.monotonic()
    if (now - this.#troubleTold < TROUBLE_TOLD_EVERY_MS) return
    this.#troubleTold = now
    login.note(
      'store',
      'store unavailable',
      null,
      cause instanceof SealBroken ? 'SEAL_BROKEN' : 'CREDENTIALS_UNAVAILABLE',
    )
  }
}

/** The key of an exchanged login names actor and subject, so that two subjects never share a row. */
function loginKey(account: string, { impersonation }: Flow): string {
  return impersonation ? `${account}#as:${impersonation.subject}` : account
}

const realSleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
