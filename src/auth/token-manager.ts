import { randomUUID } from 'node:crypto'

import { SealBroken } from '../store/keyring.js'
import { linkOf } from '../store/token-store.js'
import type { Flow } from './flow.js'
import type { LoginReporter } from './login-event.js'
import type { LoginServices, TokenManagerOptions } from './login-services.js'
import { Login } from './login.js'

/** At most this share of all logins is replaced early within one window; a few always may be. */
const EARLY_SHARE = 0.1
const EARLY_AT_LEAST = 5
const EARLY_WINDOW_MS = 5_000
const STORE_TROUBLE_INTERVAL_MS = 60_000

/**
 * Decides when tokens are obtained and replaced, for every flow of every account.
 * It keeps one Login per key: all of this process shares its token, replacements and failures.
 */
export class TokenManager {
  readonly #services: LoginServices
  readonly #logins = new Map<string, Login>()
  /** Monotonic ms of the latest early replacements. */
  #early: number[] = []
  /** Monotonic ms. */
  #troubleReportedAt = -Infinity

  constructor(readonly options: TokenManagerOptions) {
    this.#services = {
      ...options,
      random: options.random ?? Math.random,
      sleep: options.sleep ?? realSleep,
      owner: randomUUID(),
      startedAt: options.clock.now(),
      mayReplaceEarly: () => this.#mayReplaceEarly(),
      storeTrouble: (login, cause) => this.#reportTrouble(login, cause),
    }
  }

  /**
   * The login of an account, created on first use. With impersonation, the login it is exchanged
   * from is stored beside it under the key `<account>#actor`. `authorizeUrl`: where a person logs
   * in.
   */
  login(account: string, flow: Flow, authorizeUrl: () => string | null = () => null): Login {
    const key = loginKey(account, flow)
    const existing = this.#logins.get(key)
    if (existing) return existing
    const actor = flow.impersonation ? this.login(`${account}#actor`, flow.impersonation.actor) : null
    const login = new Login(key, flow, actor, authorizeUrl, this.#services)
    this.#logins.set(key, login)
    return login
  }

  /** Stops serving the logins of an account that was unlinked. */
  forget(link: string): void {
    for (const [key, login] of this.#logins) {
      if (linkOf(key) !== link) continue
      login.forget()
      this.#logins.delete(key)
    }
  }

  /** Resolves when no token is being replaced and, if the store allows, every grant is stored. */
  async settle(): Promise<void> {
    await Promise.all([...this.#logins.values()].map((login) => login.settle()))
  }

  /**
   * For a process that must end now: releases its leases, while the intents stored for replacements
   * in progress remain.
   */
  async abandon(): Promise<void> {
    const { store } = this.options
    const inProgress = [...this.#logins.values()].filter((login) => login.isBeingReplaced)
    await Promise.all(inProgress.map(({ key }) => store.release(key, this.#services.owner).catch(() => {})))
  }

  #mayReplaceEarly(): boolean {
    const now = this.options.clock.monotonic()
    this.#early = this.#early.filter((at) => at > now - EARLY_WINDOW_MS)
    if (this.#early.length >= Math.max(EARLY_AT_LEAST, EARLY_SHARE * this.#logins.size)) return false
    this.#early.push(now)
    return true
  }

  #reportTrouble(login: LoginReporter, cause: unknown): void {
    const now = this.options.clock.monotonic()
    if (now - this.#troubleReportedAt < STORE_TROUBLE_INTERVAL_MS) return
    this.#troubleReportedAt = now
    login.note(
      'store',
      'store unavailable',
      null,
      cause instanceof SealBroken ? 'SEAL_BROKEN' : 'CREDENTIALS_UNAVAILABLE',
    )
  }
}

/** The key of an exchanged login names its subject: two subjects never share a row. */
function loginKey(account: string, { impersonation }: Flow): string {
  return impersonation ? `${account}#as:${impersonation.subject}` : account
}

const realSleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
