import type { Clock } from '../clock.js'
import { ARCHIVE } from '../store/archive-store.js'
import type { EventLog } from '../store/event-log.js'
import type { ArchiveState, StoredState } from './archive-state.js'
import type { ArchivedAccount } from './archived-account.js'
import type { StoredChange } from './call-change.js'
import { NO_DIFFERENCE, type Difference } from './reconcile.js'

/** Another process has written to the archive meanwhile: what was read of it holds no more. */
export class Superseded extends Error {
  constructor() {
    super('Another process writes to this archive')
    this.name = 'Superseded'
  }
}

export interface ArchiveWriterOptions {
  readonly account: ArchivedAccount
  readonly log: Pick<EventLog, 'appendEvents'>
  readonly clock: Pick<Clock, 'now'>
  /** Called with what was changed, once it is stored. */
  readonly onChanges?: (changes: readonly StoredChange[]) => void
}

/** Writes to one archive: its state, its calls and their changes together, or nothing. */
export class ArchiveWriter {
  constructor(private readonly options: ArchiveWriterOptions) {}

  /**
   * Writes a state that was made from another one, and gives it as it is stored now.
   * @throws Superseded when the archive is not at that state any more
   */
  async write(
    { revision }: StoredState,
    state: ArchiveState,
    { put, remove, changes }: Difference = NO_DIFFERENCE,
  ): Promise<StoredState> {
    const { account, log, clock, onChanges } = this.options
    const appended = await log.appendEvents({
      topic: ARCHIVE,
      stream: account.key,
      workspace: account.workspace,
      account: account.key,
      from: revision,
      state: JSON.stringify({ ...state, provider: account.provider.slug } satisfies ArchiveState),
      isOpen: true,
      events: changes.map((change) => JSON.stringify(change)),
      at: clock.now(),
      archive: { put, remove, sealed: account.archive?.sealed ?? false },
    })
    if (!appended) throw new Superseded()
    if (changes.length > 0) onChanges?.(changes)
    return { revision: revision + 1, state }
  }
}
