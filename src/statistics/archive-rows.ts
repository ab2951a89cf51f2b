import { setImmediate as nextTurn } from 'node:timers/promises'

import { fromArchivedCall } from '../archive/call-change.js'
import type { CallRecord } from '../model/call-record.js'
import type { ArchivePosition, ArchiveSelection, ArchiveStore } from '../store/archive-store.js'

/** Rows that are read at once: some milliseconds of work. */
const AT_ONCE = 500

/**
 * The archived calls of a selection, in parts, each in a turn of the event loop of its own: an embedded
 * store is read without one. `assertAwaited` is called before each, and throws to end it.
 */
export async function* callsInParts(
  store: Pick<ArchiveStore, 'archivedCalls'>,
  selection: ArchiveSelection,
  assertAwaited: () => void,
): AsyncGenerator<readonly CallRecord[]> {
  let after: ArchivePosition | null = null
  for (;;) {
    assertAwaited()
    const rows = await store.archivedCalls({ ...selection, order: 'ASC', after, atMost: AT_ONCE })
    yield rows.map(fromArchivedCall)
    if (rows.length < AT_ONCE) return
    after = rows.at(-1)!
    await nextTurn()
  }
}
