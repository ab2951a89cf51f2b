import { randomUUID } from 'node:crypto'

import { GrantRefused, type Flow } from '../../auth/flow.js'
import { believedLifetime } from '../../auth/lifetime.js'
import type { LoginEvent } from '../../auth/login-event.js'
import type { Provider } from '../../providers/provider.js'
import type { Secret } from '../../secret.js'
import type { PendingRevocation, StoredAccount } from '../../store/account-store.js'
import type { Store } from '../../store/store.js'
import type { StoredGrant } from '../../store/token-store.js'
import type { Log } from '../observing/log.js'
import { factsOf, type ConnectionServices } from './connect-account.js'
import { accountConfigOf } from './registry.js'

const GIVE_UP_AFTER_MS = 24 * 60 * 60_000
const FIRST_WAIT_MS = 30_000
const MAXIMUM_WAIT_MS = 60 * 60_000
const POLL_EVERY_MS = 30_000
/** A token with less time left may expire before its revocation arrives. */
const MINIMUM_LIFETIME_MS = 5_000

export interface RevocationOptions {
  readonly store: Store
  readonly providers: readonly Provider[]
  readonly services: ConnectionServices
  readonly log: Log
}

/**
 * Revokes the tokens of unlinked accounts at their providers (RFC 7009), in the background and for
 * up to a day.
 */
export class Revocations {
  readonly #options: RevocationOptions
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: RevocationOptions) {
    this.#options = options
  }

  open(): void {
    this.#timer = setInterval(() => this.wake(), POLL_EVERY_MS).unref()
    void this.wake()
  }

  /** Attempts every revocation that is due; never rejects. */
  wake(): Promise<void> {
    this.#running = this.#running.then(() => this.#attemptDue()).catch(() => {})
    return this.#running
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#running
  }

  /**
   * The revocations of these logins; none without tokens, or where the provider has no revocation
   * endpoint.
   */
  of(account: StoredAccount, flow: Flow, logins: readonly Omit<StoredGrant, 'generation'>[]): PendingRevocation[] {
    if (!flow.revocation) return []
    const now = this.#options.services.clock.now()
    const withTokens = logins.filter(({ accessToken, refreshToken }) => accessToken ?? refreshToken)
    return withTokens.map(({ accessToken, refreshToken, receivedAt, lifetimeSeconds }) => ({
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

  /** Revokes tokens that were granted while their account was being unlinked. */
  async add(account: StoredAccount, flow: Flow, grant: StoredGrant): Promise<void> {
    for (const revocation of this.of(account, flow, [grant])) await this.#options.store.keepRevocation(revocation)
    await this.wake()
  }

  async #attemptDue(): Promise<void> {
    const { store, services } = this.#options
    for (const due of await store.dueRevocations(services.clock.now())) {
      const wait = Math.min(MAXIMUM_WAIT_MS, FIRST_WAIT_MS * 2 ** due.attempts)
      const next = { ...due, attempts: due.attempts + 1, nextAttemptAt: services.clock.now() + wait }
      // Postponed before the attempt: other replicas leave it alone, and after a crash it is
      // retried later.
      if (await store.claimRevocation(due, next.nextAttemptAt)) await this.#attempt(next)
    }
  }

  async #attempt(revocation: PendingRevocation): Promise<void> {
    const { store, services } = this.#options
    const flow = this.#flowOf(revocation)
    try {
      if (flow?.revocation) await this.#revoke(revocation, flow)
      await store.dropRevocation(revocation.id)
      this.#log(revocation, flow, flow ? 'revoked' : 'revocation given up')
    } catch {
      const isOver = services.clock.now() >= revocation.giveUpAt
      if (isOver) await store.dropRevocation(revocation.id)
      this.#log(revocation, flow, isOver ? 'revocation given up' : 'revocation put off')
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
    if (needsLiveToken && (revocation.accessExpiresAt ?? Infinity) <= now + MINIMUM_LIFETIME_MS) {
      if (!flow.refresh || !revocation.refreshToken) return
      try {
        const grant = await flow.refresh(exchange, revocation.refreshToken)
        const lifetime = believedLifetime(grant.expiresIn, grant.defaultExpiresIn)
        token = grant.accessToken
        // Stored before it is used: the refresh token it was obtained with may have been rotated.
        await store.keepRevocation({
          ...revocation,
          accessToken: grant.accessToken,
          refreshToken: grant.refreshToken ?? revocation.refreshToken,
          accessExpiresAt: lifetime === null ? null : now + lifetime * 1000,
        })
      } catch (error) {
        // The grant has ended already.
        if (error instanceof GrantRefused && error.kind === 'invalid_grant') return
        throw error
      }
    }
    if (token) await revoke(exchange, token)
  }

  /** Null when this version no longer has the provider, or cannot parse its settings. */
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

  #log({ account }: PendingRevocation, flow: Flow | null, outcome: LoginEvent['outcome']): void {
    this.#options.log.login({ key: account, flow: flow?.kind ?? 'UNKNOWN', reason: 'unlink', outcome, generation: 0 })
  }
}
