import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.js'
import { hasCallLog } from '../live/live-account.js'
import { Loop } from '../live/loop.js'
import { ARCHIVE } from '../store/archive-store.js'
import type { Store } from '../store/store.js'
import { NOTHING_YET, readState } from './archive-state.js'
import { ArchiveWriter, Superseded } from './archive-writer.js'
import type { ArchivedAccount } from './archived-account.js'
import type { StoredChange } from './call-change.js'
import { Synchroniser } from './synchroniser.js'
import type { LookResult } from './synchroniser-options.js'

const HOUR_MS = 3_600_000

/** How long the archive of an account that left the configuration is kept. */
const ORPHANED_MS = 7 * 24 * HOUR_MS

/** Pause after the store has failed. */
const PAUSE_MS = 5_000

/** How soon after the end of a call its record is looked for. */
const AFTER_END_MS = 5_000

export interface ArchivesOptions {
  /** All accounts that are served now. */
  readonly accounts: () => readonly ArchivedAccount[]
  /** One of them. */
  readonly find: (key: string) => ArchivedAccount | null
  readonly store: Store
  readonly clock: Clock
  readonly limits: { readonly operationTimeoutMs: number }
  /** Whether clients wait for answers of this account's provider. */
  readonly isBusy: (key: string) => boolean
  /** Called when the store cannot be read or written. */
  readonly onTrouble: (error: unknown) => void
  /** Called with each look at the newest calls of an account. */
  readonly onLook?: (account: ArchivedAccount, result: LookResult) => void
  /** Called with each change that this process has seen. */
  readonly onChanges?: (account: ArchivedAccount, changes: readonly StoredChange[]) => void
}

interface Kept {
  readonly account: ArchivedAccount
  readonly synchroniser: Synchroniser
  readonly loop: Loop
}

/** The archives of all accounts, as far as this process keeps them. */
export class Archives {
  readonly #options: ArchivesOptions
  readonly #owner = randomUUID()
  readonly #kept = new Map<string, Kept>()
  readonly #upkeep: Loop
  #isOpen = false

  constructor(options: ArchivesOptions) {
    this.#options = options
    this.#upkeep = new Loop(() => this.#removeOrphans(), options.onTrouble, PAUSE_MS)
  }

  /** Begins to keep the archives. */
  open(): void {
    this.#isOpen = true
    this.accountsChanged()
    this.#upkeep.wake()
  }

  async close(): Promise<void> {
    this.#isOpen = false
    await Promise.all([this.#upkeep.stop(), ...[...this.#kept.values()].map(end)])
    this.#kept.clear()
  }

  /** To be called when there are other accounts than before. */
  accountsChanged(): void {
    if (!this.#isOpen) return
    for (const [key, kept] of this.#kept) {
      // Another account may have been linked under the same key.
      if (this.#options.find(key)?.source === kept.account.source) continue
      this.#kept.delete(key)
      void end(kept)
    }
    for (const account of this.#options.accounts())
      if (account.archive && hasCallLog(account) && !this.#kept.has(account.key)) this.#keep(account)
  }

  /** A query has found that a call of this moment is not as it is archived. */
  readAgain(key: string, startedAt: string): void {
    const kept = this.#kept.get(key)
    kept?.synchroniser.readAgain(startedAt)
    kept?.loop.wake()
  }

  /** A call of this account has ended: its record will appear. */
  callEnded(key: string): void {
    const kept = this.#kept.get(key)
    if (kept?.synchroniser.lookSoon()) kept.loop.wakeIn(AFTER_END_MS)
  }

  /**
   * A person has logged in to this account, perhaps as another customer of its provider: what is
   * archived answers no more until it has been read again, which begins at once.
   */
  loggedIn(key: string): void {
    void this.#doubt(key).catch((error: unknown) => this.#options.onTrouble(error))
  }

  /** Calls stay, so that the changes tell only what is not as it was. */
  async #doubt(key: string): Promise<void> {
    const { store, clock, find } = this.#options
    const account = find(key)
    if (!account?.archive) return
    const writer = new ArchiveWriter({ account, log: store, clock })
    // Written anew where the synchroniser was faster.
    for (let isDone = false; !isDone;) {
      const stored = await readState(store, account)
      const { lastError } = stored.state
      isDone = stored.revision === 0 || (await hasWritten(writer.write(stored, { ...NOTHING_YET, lastError })))
    }
    this.#kept.get(key)?.loop.wake()
  }

  #keep(account: ArchivedAccount): void {
    const { store, clock, limits, isBusy, onTrouble, onLook, onChanges } = this.#options
    const synchroniser = new Synchroniser({
      ...{ account, store, owner: this.#owner, clock, timeoutMs: limits.operationTimeoutMs, onLook, onChanges },
      isBusy: () => isBusy(account.key),
    })
    const loop = new Loop(() => synchroniser.turn(), onTrouble, PAUSE_MS)
    this.#kept.set(account.key, { account, synchroniser, loop })
    loop.wake()
  }

  /** The archive of an account that is gone, or has none now, stays for days: it may come back. */
  async #removeOrphans(): Promise<number> {
    const { store, clock, find } = this.#options
    const { streams } = await store.openStreams(ARCHIVE)
    for (const { account: key, workspace, changedAt } of streams) {
      const account = find(key)
      const isKept = account?.archive != null && account.workspace === workspace
      if (!isKept && clock.now() - changedAt >= ORPHANED_MS) await store.removeArchive(key)
    }
    return HOUR_MS
  }
}

async function end({ loop, synchroniser }: Kept): Promise<void> {
  synchroniser.end()
  await loop.stop()
  await synchroniser.release()
}

/** False where somebody else has written meanwhile. */
const hasWritten = (writing: Promise<unknown>): Promise<boolean> =>
  writing.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Superseded) return false
      throw error
    },
  )
