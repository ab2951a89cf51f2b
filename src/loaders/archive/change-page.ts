import type { ArchivedChange } from '../../store/archive-store.js'
import type { ArchiveReads } from './archive-reads.js'
import type { JudgeChanges } from './own-changes.js'

/** A page of changes, and how far the log was read for it. */
export interface ChangePage {
  readonly changes: readonly ArchivedChange[]
  /** Everything up to here was shown, or is not to be; null: nothing was read. */
  readonly readTo: number | null
  readonly hasNextPage: boolean
}

export interface ChangePageRequest {
  readonly store: Pick<ArchiveReads, 'archiveChanges'>
  readonly workspace: string
  readonly keys: readonly string[]
  /** Null: all are shown. */
  readonly judge: JudgeChanges | null
  readonly after: number | null
  readonly size: number
}

/** Changes that are judged together: each may take a request. */
const JUDGED_AT_ONCE = 20
/** Changes that are judged for one page; one without any that are shown goes on with its cursor. */
const MOST_JUDGED = 1_000

/**
 * One page of the changes after a position.
 *
 * @throws the failure of the store, or of the provider where the very first changes cannot be judged
 */
export async function readChangePage(request: ChangePageRequest): Promise<ChangePage> {
  const { store, workspace, keys, judge, after, size } = request
  const changes: ArchivedChange[] = []
  let readTo = after
  let judged = 0
  if (keys.length === 0) return { changes, readTo, hasNextPage: false }
  for (;;) {
    const atMost = judge ? JUDGED_AT_ONCE : size + 1 - changes.length
    const found = await store.archiveChanges(keys, readTo ?? 0, atMost)
    const verdicts = judge && (await judge(found).catch((error: unknown) => stopAfter(judged, error)))
    if (judge && !verdicts) return { changes, readTo, hasNextPage: true }
    for (const [at, change] of found.entries()) {
      const isShown = change.workspace === workspace && (verdicts?.[at] ?? true)
      if (isShown && changes.length === size) return { changes, readTo, hasNextPage: true }
      if (isShown) changes.push(change)
      readTo = change.position
    }
    judged += found.length
    if (found.length < atMost) return { changes, readTo, hasNextPage: false }
    if (judge && judged >= MOST_JUDGED) return { changes, readTo, hasNextPage: true }
  }
}

/** What has been found is given; who asks again after it is told what fails. */
function stopAfter(judged: number, error: unknown): null {
  if (judged === 0) throw error
  return null
}
