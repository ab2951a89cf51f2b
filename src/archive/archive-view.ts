import { isOutage, ProviderError } from '../errors.js'
import type { Cached } from '../providers/account.js'
import type { ArchiveStore } from '../store/archive-store.js'
import type { EventLog } from '../store/event-log.js'
import type { Operation } from '../operation.js'
import type { ArchiveSettings } from './archived-account.js'
import {
  momentAfter,
  NOTHING_YET,
  readState,
  type ArchiveOwner,
  type ArchiveState,
  type Covered,
} from './archive-state.js'

/** Where an account's calls are archived, for as long as the process lives. */
export interface ReadArchive extends ArchiveOwner {
  readonly key: string
  readonly settings: Pick<ArchiveSettings, 'recheckMs'>
  readonly store: ArchiveStore & Pick<EventLog, 'eventStream'>
  /** Wall-clock ms. */
  readonly now: () => number
}

/** Young calls are read again each hour: after this long without, they may have changed unseen. */
const BEHIND_AFTER_MS = 2 * 3_600_000

/** Calls that began so long before a look at the newest ones, and were not there, do not come any more. */
const WRITTEN_AFTER_MS = 3_600_000

/** An account's archive as one operation may use it. */
export class ArchiveView {
  readonly #covered: readonly Covered[]
  readonly #archive: ReadArchive
  readonly #state: ArchiveState
  readonly #operation: Operation
  readonly #ageMs: number

  constructor(archive: ReadArchive, state: ArchiveState, operation: Operation) {
    this.#covered = withQuietEnd(state, archive.now())
    this.#archive = archive
    this.#state = state
    this.#operation = operation
    const syncedAt = state.syncedAt ?? state.covered[0]?.until
    this.#ageMs = syncedAt === undefined ? Infinity : Math.max(0, archive.now() - Date.parse(syncedAt))
  }

  /**
   * What it answers instead of the provider: nothing where it is older than the caller accepts. Of an
   * archive that has not been kept true for hours, the calls that were young then are left out.
   */
  get trusted(): readonly Covered[] {
    const covered = this.#covered
    const { syncedAt } = this.#state
    if (this.#ageMs >= this.#operation.demand.maxAgeMs) return []
    if (this.#ageMs < BEHIND_AFTER_MS || syncedAt === null) return covered
    const settled = new Date(Date.parse(syncedAt) - this.#archive.settings.recheckMs).toISOString()
    return covered.flatMap((range) =>
      range.from >= settled ? [] : range.until > settled ? { ...range, until: settled } : range,
    )
  }

  /**
   * All that the archive has, however old, to stand in for the provider: with the calls of the newest
   * moment, of which there may be more.
   */
  get held(): readonly Covered[] {
    const [newest, ...older] = this.#covered
    return newest ? [{ ...newest, until: momentAfter(newest.until) }, ...older] : []
  }

  /** How old an answer from it is, for an answer that is as good as the provider's. */
  get cached(): Cached {
    return { ageSeconds: Math.floor(this.#ageMs / 1000), failure: null }
  }

  /**
   * How old an answer from it is that stands in for the provider, which failed; as with replies that
   * are kept, only while it is down, and only if the caller accepts this. Null: the failure stands.
   */
  insteadOf(failure: unknown): Cached | null {
    const { maxAgeMs, staleMs } = this.#operation.demand
    const pastAgeMs = Number.isFinite(maxAgeMs) ? this.#ageMs - maxAgeMs : this.#ageMs
    if (!isOutage(failure) || this.#ageMs === Infinity || staleMs === 0 || pastAgeMs >= staleMs) return null
    return { ...this.cached, failure }
  }

  /** @throws ProviderError PROVIDER_TIMEOUT when nobody waits for the operation any more. */
  assertAwaited(): void {
    if (!this.#operation.signal.aborted) return
    throw new ProviderError(
      'PROVIDER_TIMEOUT',
      `Reading the archive of ${this.#archive.key} was given up because the operation ended`,
      { reason: 'OPERATION_ENDED', cause: this.#operation.signal.reason },
    )
  }
}

/**
 * What is covered, with the time after its newest call that was quiet when it last looked: it covers
 * no moment later than a call that it has.
 */
function withQuietEnd({ covered, syncedAt, unreadable }: ArchiveState, now: number): readonly Covered[] {
  const [newest, ...older] = covered
  if (!newest || syncedAt === null || unreadable > 0) return covered
  // The clock of whoever looked may be ahead.
  const quiet = new Date(Math.min(Date.parse(syncedAt), now) - WRITTEN_AFTER_MS).toISOString()
  return newest.until < quiet ? [{ ...newest, until: quiet }, ...older] : covered
}

/** The views of an account's archive: its state is read once for each operation. */
export function archiveViews(archive: ReadArchive): (operation: Operation) => Promise<ArchiveView> {
  const views = new WeakMap<Operation, Promise<ArchiveView>>()
  return (operation) => {
    const known = views.get(operation)
    if (known) return known
    // Without its state there is no archive: the provider is asked.
    const state = readState(archive.store, archive).then(
      ({ state }) => state,
      () => NOTHING_YET,
    )
    const view = state.then((known) => new ArchiveView(archive, known, operation))
    views.set(operation, view)
    return view
  }
}
