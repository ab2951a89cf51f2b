import { isoTime } from '../clock.js'
import { AppError, type ErrorCode } from '../errors.js'
import { sparedFor } from '../live/live-account.js'
import { ARCHIVE } from '../store/archive-store.js'
import {
  cover,
  coverFrom,
  isOfAnotherTime,
  momentAfter,
  newestHole,
  readState,
  storedStateOf,
  unseenSince,
  type Covered,
  type StoredState,
} from './archive-state.js'
import { ArchiveWriter, Superseded } from './archive-writer.js'
import { Detour } from './detour.js'
import { readingOperation } from './reading-operation.js'
import type { SynchroniserOptions } from './synchroniser-options.js'
import { sweep, type Swept, type SweepRequest } from './sweep.js'

const SECOND = 1_000
const HOUR_MS = 3_600_000

/** How often the younger calls are read again. */
const RECHECK_MS = HOUR_MS

/** Calls of one look at the newest ones: most providers give so many with one request. */
const NEWEST = 90

/** Calls of one page of whatever else is read. */
const MANY = 500

/** Pages of one turn, so that the newest calls never wait for long; places that are read again soon. */
const PAGES_A_TURN = 5

/** Least pause between two pages of what is read only once: at most one a second. */
const PAUSE_MS = SECOND

const LONGEST_PAUSE_MS = 10 * 60 * SECOND

/** How long a process that writes to an archive may be silent before another one does. */
const LEASE_MS = 90 * SECOND

/**
 * Keeps one account's archive equal to its provider's call log. One process does so at a time: the
 * others find its lease.
 */
export class Synchroniser {
  readonly #options: SynchroniserOptions
  readonly #writer: ArchiveWriter
  readonly #detour = new Detour()
  #pauseMs: number
  /** Where filling a hole has come to: a place to go on from. */
  #hole: { readonly until: string; readonly hint: string | null } | null = null
  /** Ranges with calls that cannot be read: left alone until the next recheck. */
  #unreadable: readonly Covered[] = []
  /** Ranges to be read again soon. */
  #asked: Covered[] = []
  #failed: ErrorCode | null = null
  /** Whether there was something of the archive. */
  #wasThere = false
  readonly #ending = new AbortController()
  /** Monotonic ms of the last look at the newest calls, by this process. */
  #lookedAt: number | null = null
  /** Whether the newest calls are to be looked at before their time; monotonic ms: when that was wanted last. */
  #isWanted = false
  #wantedAt = -Infinity

  constructor(options: SynchroniserOptions) {
    this.#options = options
    this.#pauseMs = this.#everyMs
    const { account, store, clock, onChanges } = options
    this.#writer = new ArchiveWriter({
      ...{ account, clock, log: store },
      onChanges: (changes) => onChanges?.(account, changes),
    })
  }

  /** Reads the calls of a moment again with the next turn: somebody has seen that one has changed. */
  readAgain(startedAt: string): void {
    if (this.#asked.length < PAGES_A_TURN) this.#asked.push({ from: startedAt, until: momentAfter(startedAt) })
  }

  /**
   * The newest calls are looked at with the next turn, once between two looks that are due anyway.
   * False when they are not: somebody has wanted so before.
   */
  lookSoon(): boolean {
    const now = this.#options.clock.monotonic()
    if (this.#isWanted || now - this.#wantedAt < this.#everyMs) return false
    this.#wantedAt = now
    return (this.#isWanted = true)
  }

  /** Does what is due, if it is our turn; gives the milliseconds until the next turn. */
  async turn(): Promise<number> {
    const { account, clock, store, owner } = this.#options
    const spared = sparedFor(account, clock.now(), this.#pauseMs)
    if (spared > 0) return Math.min(Math.max(spared, this.#pauseMs), LONGEST_PAUSE_MS)
    try {
      if (await this.#isRemoved()) return this.#everyMs
      // What a query has seen here, the process whose turn it is may not have.
      while (this.#asked[0]) {
        await this.#sweep(await this.#state(), { ...this.#asked[0], hint: null, expected: 1, goesOn: () => true })
        this.#asked.shift()
      }
      if (!(await store.lease(this.#lease, owner, LEASE_MS))) {
        this.#hole = null
        return this.#everyMs
      }
      const next = await this.#next(await this.#state())
      this.#pauseMs = this.#everyMs
      return next
    } catch (error) {
      this.#hole = null
      if (this.#ending.signal.aborted) return this.#everyMs
      if (error instanceof Superseded) return this.#asked.length > 0 ? PAUSE_MS : this.#everyMs
      if (!(error instanceof AppError)) throw error
      this.#asked = []
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
      await this.#note(error.code)
      this.#options.onLook?.(account, 'failed')
      return this.#pauseMs
    }
  }

  /** Breaks off what is being read; no turn may follow. */
  end(): void {
    this.#ending.abort()
  }

  /** Lets another process go on at once. */
  async release(): Promise<void> {
    await this.#options.store.release(this.#lease, this.#options.owner).catch(() => {})
  }

  async #state(): Promise<StoredState> {
    const { account, store } = this.#options
    const stream = await store.eventStream(ARCHIVE, account.key)
    const stored = storedStateOf(stream, account)
    // Of an account that had this key before, in another workspace or at another provider.
    if (stream && stored.revision === 0) await store.removeArchive(account.key)
    return stored
  }

  /**
   * Whether the archive was removed since the last turn: then its account was unlinked, which another
   * process may not have heard yet, and which would begin it anew.
   */
  async #isRemoved(): Promise<boolean> {
    const { account, store } = this.#options
    const { revision } = await readState(store, account)
    const isRemoved = this.#wasThere && revision === 0
    this.#wasThere = revision > 0
    return isRemoved
  }

  async #next(stored: StoredState): Promise<number> {
    const { clock } = this.#options
    const now = clock.now()
    const until = this.#untilNewest(stored, now)
    if (until <= 0) {
      const looked = await this.#lookAtNewest(stored, now)
      return this.#isDone(looked) ? this.#untilNewest(looked, now) : 0
    }
    if (this.#isRecheckDue(stored, now)) {
      await this.#readYoungerAgain(stored, now)
      return Math.min(until, PAGES_A_TURN * PAUSE_MS)
    }
    if (this.#options.isBusy?.()) return Math.min(until, PAUSE_MS)
    const hole = this.#nextHole(stored, now)
    if (!hole) return until
    await this.#fill(stored, hole)
    return Math.min(until, PAGES_A_TURN * PAUSE_MS)
  }

  #isDone(stored: StoredState): boolean {
    const now = this.#options.clock.now()
    return !this.#isRecheckDue(stored, now) && !this.#nextHole(stored, now)
  }

  #untilNewest({ state }: StoredState, now: number): number {
    if (this.#isWanted) return 0
    const own = this.#lookedAt === null ? Infinity : this.#options.clock.monotonic() - this.#lookedAt
    // Another process may have looked, whose clock differs.
    const any = state.syncedAt === null ? Infinity : now - Date.parse(state.syncedAt)
    return this.#everyMs - Math.min(own, isOfAnotherTime(any, this.#everyMs) ? Infinity : Math.max(0, any))
  }

  /** One request, where nothing was missed: the newest calls, down to one that was known to be there. */
  async #lookAtNewest(stored: StoredState, now: number): Promise<StoredState> {
    const { clock, account, onLook } = this.#options
    const known = stored.state.covered[0] ?? null
    this.#lookedAt = clock.monotonic()
    this.#isWanted = false
    const swept = await this.#sweep(stored, {
      ...{ from: this.#since(now), until: null, hint: null, expected: NEWEST },
      // At first until there is a moment of which it is known that all its calls are there.
      goesOn: (reached, pages, covered) =>
        pages < PAGES_A_TURN && (known ? reached > known.until : covered.length === 0),
    })
    const { state } = swept.stored
    const written = await this.#writer.write(swept.stored, {
      ...state,
      syncedAt: isoTime(now),
      lastError: this.#detour.reason,
      unreadable: swept.unreadable,
    })
    this.#failed = null
    onLook?.(account, swept.unreadable > 0 ? 'partial' : 'complete')
    return written
  }

  #isRecheckDue({ state }: StoredState, now: number): boolean {
    if (state.covered.length === 0) return false
    if (state.recheck !== null || state.recheckedAt === null) return true
    const ago = now - Date.parse(state.recheckedAt)
    return ago >= RECHECK_MS || isOfAnotherTime(ago, RECHECK_MS)
  }

  async #readYoungerAgain(stored: StoredState, now: number): Promise<void> {
    const { account, store } = this.#options
    const { recheck } = stored.state
    const began = recheck?.began ?? isoTime(now)
    const oldest = Date.parse(unseenSince(stored.state, began)) - account.archive!.recheckMs
    const from = isoTime(Math.max(oldest, Date.parse(this.#since(now))))
    const swept = await this.#sweep(stored, {
      ...{ from, until: recheck?.reached ?? null, hint: recheck?.hint ?? null },
      ...{ expected: MANY, answersElsewhere: true },
      goesOn: (_, pages) => pages < PAGES_A_TURN,
      // Another process goes on from there.
      noted: (state, reached, hint) => ({ ...state, recheck: { began, reached, hint } }),
    })
    if (!swept.isWhole) return
    this.#unreadable = []
    this.#detour.settle()
    const { state } = swept.stored
    const kept = isoTime(now - account.archive!.retentionMs)!
    const covered = coverFrom(state.covered, kept)
    await this.#writer.write(swept.stored, { ...state, covered, recheckedAt: began, recheck: null })
    // Nothing is looked for in them any more.
    await store.forgetArchivedCalls(account.key, Date.parse(kept))
  }

  #nextHole({ state }: StoredState, now: number): Covered | null {
    const newest = state.covered[0]
    if (!newest) return null
    const settled = this.#unreadable.reduce(cover, state.covered)
    return newestHole(settled, this.#since(now), newest.until)
  }

  async #fill(stored: StoredState, { from, until }: Covered): Promise<void> {
    const hint = this.#hole?.until === until ? this.#hole.hint : null
    const swept = await this.#sweep(stored, {
      ...{ from, until, hint, expected: MANY, answersElsewhere: true },
      goesOn: (_, pages) => pages < PAGES_A_TURN && !this.#options.isBusy?.(),
    })
    this.#hole = { until: swept.reached, hint: swept.hint }
    if (swept.unreadable > 0) this.#unreadable = [...this.#unreadable, { from: swept.reached, until }]
  }

  #sweep(stored: StoredState, request: SweepRequest): Promise<Swept> {
    const { account, store, clock, timeoutMs } = this.#options
    const parts = {
      ...{ accountKey: account.key, isSealed: account.archive!.sealed, store, writer: this.#writer },
      ...{ detour: this.#detour, now: clock.now },
      open: () => account.source(readingOperation(timeoutMs, this.#ending.signal)).callRecords!,
    }
    return sweep(parts, request, stored)
  }

  /** Says in the archive's state that it cannot be read now, once. */
  async #note(code: ErrorCode): Promise<void> {
    if (this.#failed === code) return
    try {
      const stored = await this.#state()
      if (this.#wasThere && stored.revision === 0) return
      await this.#writer.write(stored, { ...stored.state, lastError: code })
      this.#failed = code
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
    }
  }

  #since(now: number): string {
    const { sinceMs, retentionMs } = this.#options.account.archive!
    return isoTime(now - Math.min(sinceMs, retentionMs))
  }

  get #lease(): string {
    return `archive ${this.#options.account.key}`
  }

  get #everyMs(): number {
    return this.#options.account.archive!.everySeconds * SECOND
  }
}
