import type { EndSignal } from '../ending.js'
import { abortable } from '../http/wire/abortable.js'
import { HeldLease, type Leases } from './held-lease.js'

/** What somebody holds who has the turn. */
export type Turn = Pick<HeldLease, 'isHeld'>

/**
 * One at a time for each object, over all processes; different objects do not wait for one another.
 * Within a process those who wait are served in their order; between processes a lease of the store
 * decides.
 */
export class Turns {
  readonly #leases: Leases
  /** What ends last, by object. */
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(leases: Leases) {
    this.#leases = leases
  }

  /**
   * Does the work when it is the object's turn; null where `signal` was aborted before that.
   *
   * @throws what the work, or the store, throws
   */
  take<T>(object: string, signal: EndSignal, work: (turn: Turn) => Promise<T>): Promise<{ done: T } | null> {
    const before = this.#last.get(object)
    const mine = this.#after(before, object, signal, work)
    // Who gives up lets nobody past those it waited for.
    const over = Promise.allSettled([before, mine])
    this.#last.set(object, over)
    void over.then(() => {
      if (this.#last.get(object) === over) this.#last.delete(object)
    })
    return mine
  }

  async #after<T>(
    before: Promise<unknown> | undefined,
    object: string,
    signal: EndSignal,
    work: (turn: Turn) => Promise<T>,
  ): Promise<{ done: T } | null> {
    if (before) await abortable(before, signal).catch(() => {})
    const lease = await HeldLease.wait(this.#leases, `write ${object}`, signal)
    if (!lease) return null
    try {
      return { done: await work(lease) }
    } finally {
      await lease.release()
    }
  }
}
