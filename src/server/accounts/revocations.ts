import { randomUUID } from 'node:crypto'

import { GrantRefused, type Flow } from '../../auth/flow.js'
import { believedLifetime } from '../../auth/lifetime.js'
import type { LoginEvent } from '../../auth/login-event.js'
import type { Provider } from '../../providers/provider.js'
import type { Secret } from '../../secret.js'
import type { PendingRevocation, StoredAccount } from '../../store/account-store.js'
import type { Store } from '../../store/store.js'
import type { StoredGrant } from '../../store/token-store.js'
import { factsOf, type ConnectionServices } from './connect-account.js'
import { accountConfigOf } from './registry.js'
import type { Log } from '../observing/log.js'

const GIVE_UP_AFTER_MS = 24 * 60 * 60_000
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 60 * 60_000
const LOOK_EVERY_MS = 30_000
/** A token that is about to run out may have done so when its revocation arrives. */
const LIVE_FOR_MS = 5_000

export interface RevocationOptions {
  readonly store: Store
  readonly providers: readonly Provider[]
  readonly services: ConnectionServices
  readonly log: Log
}

/** Tells providers of tokens whose account was unlinked. The account is gone by then: nobody waits for this, and it may take a day. */
export class Revocations {
  readonly #options: RevocationOptions
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: RevocationOptions) {
    this.#options = options
  }

  open(): void {
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS).unref()
    void this.wake()
  }

  /** Takes up what is due; resolves when that was tried. */
  wake(): Promise<void> {
    this.#running = this.#running.then(() => this.#round()).catch(() => {})
    return this.#running
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#running
  }

  /** What is to be told of these logins: nothing where the provider cannot be told, or where they hold no token. */
  of(account: StoredAccount, flow: Flow, logins: readonly Omit<StoredGrant, 'generation'>[]): PendingRevocation[] {
    if (!flow.revocation) return []
    const now = this.#options.services.clock.now()
    const worthTelling = logins.filter(({ accessToken, refreshToken }) => accessToken ?? refreshToken)
    return worthTelling.map(({ accessToken, refreshToken, receivedAt, lifetimeSeconds }) => ({
      id: randomUUID(),
      account: account.key,
      provider: account.provider,
      settings: account.settings,
      accessToken,
      refreshToken,
      accessExpiresAt: lifetimeSeconds === null ? null : (receivedAt ?? 0) + lifetimeSeconds * 1000,
      attempts: 0,
      nextAttemptAt: now,
      giveUpAt: now + GIVE_UP_AFTER_MS,
    }))
  }

  /** Tokens that were granted while their account was being unlinked. */
  async add(account: StoredAccount, flow: Flow, grant: StoredGrant): Promise<void> {
    for (const revocation of this.of(account, flow, [grant])) await this.#options.store.keepRevocation(revocation)
    await this.wake()
  }

  async #round(): Promise<void> {
    const { store, services } = this.#options
    for (const due of await store.dueRevocations(services.clock.now())) {
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** due.attempts)
      const next = { ...due, attempts: due.attempts + 1, nextAttemptAt: services.clock.now() + wait }
      // Put off before it is tried: another replica leaves it alone, and a crash is only a wait.
      if (await store.claimRevocation(due, next.nextAttemptAt)) await this.#attempt(next)
    }
  }

  async #attempt(revocation: PendingRevocation): Promise<void> {
    const { store, services } = this.#options
    const flow = this.#flowOf(revocation)
    try {
      if (flow?.revocation) await this.#revoke(revocation, flow)
      await store.dropRevocation(revocation.id)
      this.#note(revocation, flow, flow ? 'revoked' : 'revocation given up')
    } catch {
      const isOver = services.clock.now() >= revocation.giveUpAt
      if (isOver) await store.dropRevocation(revocation.id)
      this.#note(revocation, flow, isOver ? 'revocation given up' : 'revocation put off')
    }
  }

  async #revoke(revocation: PendingRevocation, flow: Flow): Promise<void> {
    const { services, store } = this.#options
    const exchange = (request: Parameters<typeof services.send>[0]) =>
      services.send(request, { timeoutMs: services.limits.tokenTimeoutMs })
    const { revoke, needsLiveToken } = flow.revocation!
    const now = services.clock.now()
    let token: Secret | null = revocation.accessToken ?? revocation.refreshToken
    await store.keepRevocation(revocation)
    if (needsLiveToken && (revocation.accessExpiresAt ?? Infinity) <= now + LIVE_FOR_MS) {
      if (!flow.refresh || !revocation.refreshToken) return
      try {
        const grant = await flow.refresh(exchange, revocation.refreshToken)
        const lifetime = believedLifetime(grant.expiresIn, grant.defaultExpiresIn)
        token = grant.accessToken
        // Kept before it is used, as ever: what it was bought with may be worth nothing by now.
        await store.keepRevocation({
          ...revocation,
          accessToken: grant.accessToken,
          refreshToken: grant.refreshToken ?? revocation.refreshToken,
          accessExpiresAt: lifetime === null ? null : now + lifetime * 1000,
        })
      } catch (error) {
        // There is nothing left that could be revoked.
        if (error instanceof GrantRefused && error.kind === 'invalid_grant') return
        throw error
      }
    }
    if (token) await revoke(exchange, token)
  }

  /** Null when this version does not know the provider any more, or cannot read its settings. */
  #flowOf({ account, provider, settings }: PendingRevocation): Flow | null {
    const { providers, services } = this.#options
    try {
      const stored = { key: account, workspace: 'default', provider, label: account, settings }
      const config = accountConfigOf(stored, providers)
      return config.provider.connect(config.settings, factsOf(config, services.publicUrl)).flow
    } catch {
      return null
    }
  }

  #note({ account }: PendingRevocation, flow: Flow | null, outcome: LoginEvent['outcome']): void {
    this.#options.log.login({ key: account, flow: flow?.kind ?? 'UNKNOWN', reason: 'unlink', outcome, generation: 0 })
  }
}
