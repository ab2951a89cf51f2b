import { randomUUID } from 'node:crypto'
import { setTimeout as passed } from 'node:timers/promises'

import type { EndSignal } from '../ending.js'
import type { TokenStore } from '../store/token-store.js'

export type Leases = Pick<TokenStore, 'lease' | 'prolong' | 'release'>

/** How long others wait for a process that was killed; a living one prolongs it. */
const LEASE_MS = 20_000
const PROLONG_EVERY_MS = LEASE_MS / 4
export const LEASE_POLL_MS = 50

/** A lease of the store that is prolonged for as long as it is held. */
export class HeldLease {
  readonly #leases: Leases
  readonly #key: string
  readonly owner: string
  readonly #prolonging: NodeJS.Timeout

  private constructor(leases: Leases, key: string, owner: string) {
    this.#leases = leases
    this.#key = key
    this.owner = owner
    this.#prolonging = setInterval(() => void this.isHeld().catch(() => {}), PROLONG_EVERY_MS).unref()
  }

  /** Null where somebody else holds it. */
  static async take(leases: Leases, key: string): Promise<HeldLease | null> {
    const owner = randomUUID()
    return (await leases.lease(key, owner, LEASE_MS)) ? new HeldLease(leases, key, owner) : null
  }

  /** Waits for it; null once the signal is aborted. */
  static async wait(leases: Leases, key: string, signal: EndSignal): Promise<HeldLease | null> {
    for (;;) {
      if (signal.aborted) return null
      const lease = await HeldLease.take(leases, key)
      if (lease) return lease
      await passed(LEASE_POLL_MS)
    }
  }

  /** False where this process stood still for so long that somebody else holds it. */
  isHeld(): Promise<boolean> {
    return this.#leases.prolong(this.#key, this.owner, LEASE_MS)
  }

  async release(): Promise<void> {
    clearInterval(this.#prolonging)
    await this.#leases.release(this.#key, this.owner).catch(() => {})
  }
}
