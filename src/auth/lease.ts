import type { StoredGrant } from '../store/token-store.js'
import type { LoginParts } from './login-parts.js'

/**
 * Longer than the token request and the write it guards: a lease never expires under a live holder.
 */
export const LEASE_MS = 20_000
export const LEASE_POLL_MS = 50

/** Another process took the lease over while this one stalled; nothing was sent. */
export class LeaseLost extends Error {}

/**
 * The lease on one login, which excludes other processes while its token is replaced. It only saves
 * requests: what makes replacing correct is compare-and-set.
 */
export class Lease {
  constructor(private readonly login: LoginParts) {}

  /**
   * Null once the lease is ours; what `usable` finds when its holder was faster.
   * @throws CredentialsUnavailable where the holder does not finish
   */
  async take(usable: () => Promise<StoredGrant | null>): Promise<StoredGrant | null> {
    const { sleep, limits, clock } = this.login.services
    const timeout = limits.tokenTimeoutMs + LEASE_MS
    const deadline = clock.monotonic() + timeout
    for (let waited = 0; ; waited += LEASE_POLL_MS) {
      if (await this.#tryTaking()) return null
      if (waited > timeout || clock.monotonic() > deadline) {
        const held = new Error('another process holds the lease')
        this.login.unavailable(held, 'Another process is refreshing this login and does not finish. Try again later.')
      }
      await sleep(LEASE_POLL_MS)
      const faster = await usable()
      if (faster) return faster
    }
  }

  /**
   * Called right before sending: a process that stalled longer than its lease must not redeem a
   * refresh token that another process has redeemed.
   * @throws LeaseLost
   */
  async assertHeld(): Promise<void> {
    const { store, owner } = this.login.services
    const isOurs = await store
      .prolong(this.login.key, owner, LEASE_MS)
      .catch((cause: unknown) => this.login.unavailable(cause))
    if (!isOurs) throw new LeaseLost()
  }

  async release(): Promise<void> {
    const { store, owner } = this.login.services
    await store.release(this.login.key, owner).catch(() => {})
  }

  #tryTaking(): Promise<boolean> {
    const { store, owner } = this.login.services
    return store.lease(this.login.key, owner, LEASE_MS).catch((cause: unknown) => this.login.unavailable(cause))
  }
}
