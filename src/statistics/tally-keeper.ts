import { randomUUID } from 'node:crypto'

import { readState } from '../archive/archive-state.js'
import type { ArchivedAccount, ArchiveSettings } from '../archive/archived-account.js'
import type { Clock } from '../clock.js'
import { Loop } from '../live/loop.js'
import type { Store } from '../store/store.js'
import { TALLIED_AT_ONCE_MS, TALLY_MS } from '../store/tally-store.js'
import { makeTallies } from './tally-maker.js'

const SECOND_MS = 1_000

/** How often it is looked what there is to do. */
const EVERY_MS = 60 * SECOND_MS

/** Pause after the store has failed. */
const PAUSE_MS = 5 * SECOND_MS

/** How long another process that keeps an account's tallies may be silent. */
const LEASE_MS = 90 * SECOND_MS

/** The newest calls change all the time: their quarters are left until they are over for so long. */
const SETTLED_MS = 15 * 60 * SECOND_MS

/** Its share of the time: it pauses as long as it has worked, times this. */
const PAUSE_FOR_WORK = 2
const SHORTEST_PAUSE_MS = 20

export interface TallyKeeperOptions {
  /** All accounts that are served now. */
  readonly accounts: () => readonly ArchivedAccount[]
  readonly store: Store
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** Called when the store cannot be read or written. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * Makes the tallies of archives in the background, a day at a time, the newest first. Answers never
 * depend on it: where it has not been yet, calls are read.
 */
export class TallyKeeper {
  readonly #options: TallyKeeperOptions
  readonly #owner = randomUUID()
  readonly #loop: Loop
  /** Days whose calls have changed while they were read: left until all others are done. */
  readonly #disturbed = new Set<string>()
  /** Key of the account it begins with. */
  #first: string | null = null
  /** Monotonic ms. */
  #restsUntil = -Infinity
  #isClosed = false

  constructor(options: TallyKeeperOptions) {
    this.#options = options
    this.#loop = new Loop(() => this.turn(), options.onTrouble, PAUSE_MS)
  }

  open(): void {
    this.#loop.wake()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#loop.stop()
  }

  /** Somebody has missed tallies: they are made as soon as it has rested. */
  wake(): void {
    this.#loop.wakeIn(0)
  }

  /** Makes the newest tallies that are missing of one account; gives the milliseconds until the next turn. */
  async turn(): Promise<number> {
    const { clock } = this.#options
    const began = clock.monotonic()
    // Whoever wakes it does not shorten its rest: clients come first.
    if (began < this.#restsUntil) return this.#restsUntil - began
    let isMade = false
    try {
      isMade = await this.#makeNext()
    } finally {
      this.#restsUntil = clock.monotonic() + Math.min(EVERY_MS, PAUSE_FOR_WORK * (clock.monotonic() - began))
    }
    return isMade ? Math.max(SHORTEST_PAUSE_MS, this.#restsUntil - clock.monotonic()) : EVERY_MS
  }

  /** Whether there was something to be made. */
  async #makeNext(): Promise<boolean> {
    const accounts = this.#options.accounts()
    const at = Math.max(
      0,
      accounts.findIndex(({ key }) => key === this.#first),
    )
    for (const account of [...accounts.slice(at), ...accounts.slice(0, at)]) {
      try {
        const day = account.archive && (await this.#dayToDo(account))
        if (!account.archive || day === null || !(await this.#make(account, account.archive, day))) continue
      } catch (error) {
        // The next turn begins with another one: what cannot be read of one keeps nobody else waiting.
        this.#first = accounts[(accounts.indexOf(account) + 1) % accounts.length]!.key
        throw error
      }
      // It goes on with this one, so that others are not looked at again for each of its days.
      this.#first = account.key
      return true
    }
    this.#disturbed.clear()
    return false
  }

  /** Whether it was this process's turn. */
  async #make({ key }: ArchivedAccount, { sealed }: ArchiveSettings, day: number): Promise<boolean> {
    const { store, clock } = this.#options
    const lease = `archive-tallies:${key}`
    if (!(await store.lease(lease, this.#owner, LEASE_MS))) return false
    const assertGoingOn = () => {
      if (this.#isClosed) throw new Ended()
    }
    try {
      const settledBefore = clock.now() - SETTLED_MS
      const isMade = await makeTallies({ store, account: key, sealed, assertGoingOn }, day, settledBefore)
      if (!isMade) this.#disturbed.add(`${key} ${day}`)
    } catch (error) {
      if (!(error instanceof Ended)) throw error
    } finally {
      await store.release(lease, this.#owner)
    }
    return true
  }

  /** The newest day with something to be made; null where there is none. */
  async #dayToDo(account: ArchivedAccount): Promise<number | null> {
    const { store, clock } = this.#options
    const { covered } = (await readState(store, account)).state
    const oldest = covered.at(-1)
    if (!oldest) return null
    const [first, last] = [dayOf(Date.parse(oldest.from)), dayOf(Math.min(Date.parse(covered[0]!.until), clock.now()))]
    const { changed, days } = await store.tallies(account.key, null, first, last + TALLIED_AT_ONCE_MS)
    const settled = clock.now() - SETTLED_MS - TALLY_MS
    const toDo = new Set(changed.filter((quarter) => quarter <= settled).map(dayOf))
    for (let day = last; day >= first; day -= TALLIED_AT_ONCE_MS)
      if ((!days.includes(day) || toDo.has(day)) && !this.#disturbed.has(`${account.key} ${day}`)) return day
    return null
  }
}

/** It is to end. */
class Ended extends Error {}

const dayOf = (moment: number) => Math.floor(moment / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS
