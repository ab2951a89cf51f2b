import { setImmediate as nextTurn } from 'node:timers/promises'

import type { CallRecord } from '../model/call-record.js'
import { globalId } from '../model/id.js'
import type { CallCountQuery, CallFilter, CallLog, CallPage, CallPosition, CallQuery } from '../providers/provider.js'
import type { ArchivedCall, ArchiveSelection } from '../store/archive-store.js'
import type { ArchiveView, ReadArchive } from './archive-view.js'
import { fromArchivedCall } from './call-change.js'
import type { Rest, Stretch } from './stretches.js'

/** Rows of the first page are few, for a reader who may need no more; those that follow, many. */
const SMALLEST_PAGE = 50
const LARGEST_PAGE = 500

type RowQuery = Pick<CallQuery, 'order' | 'filter' | 'numbersAreDids' | 'expected'>

/** Reads the calls of one account's archive, as the list of its provider has them. */
export class ArchivedCalls {
  readonly #archive: Pick<ReadArchive, 'key' | 'store'>
  readonly #log: Pick<CallLog, 'isListed'>

  constructor(archive: Pick<ReadArchive, 'key' | 'store'>, log: Pick<CallLog, 'isListed'>) {
    this.#archive = archive
    this.#log = log
  }

  /** By the provider's own id; null when it is not archived. */
  async byId(id: string): Promise<CallRecord | null> {
    const { key, store } = this.#archive
    const found = await store.archivedCall(key, globalId('CallRecord', key, id))
    return found && fromArchivedCall(found)
  }

  async *pages(stretch: Rest, query: CallQuery, view: Pick<ArchiveView, 'assertAwaited'>): AsyncGenerator<CallPage> {
    const end = query.order === 'ASC' ? stretch.until : stretch.from
    for await (const { rows, isLast } of this.#rows(stretch, query, view)) {
      const calls = this.#listed(rows, query.filter)
      yield { calls, totalCount: null, hint: null, readTo: isLast ? end : rows.at(-1)!.startedAt }
    }
  }

  /** Null where a call cannot be judged without its detail. */
  async count(stretch: Stretch, query: CallCountQuery, view: ArchiveView): Promise<number | null> {
    const { seconds, filter, matches } = query
    if (seconds && !filter.extensionNumbers) {
      const { minimum: minimumSeconds, maximum: maximumSeconds } = seconds
      return this.#archive.store.countArchivedCalls({
        ...this.#selection(query, stretch),
        ...{ minimumSeconds, maximumSeconds },
      })
    }
    let total = 0
    const all = { ...query, order: 'DESC', expected: LARGEST_PAGE } as const
    for await (const { rows } of this.#rows({ ...stretch, after: null }, all, view)) {
      const counted = matching(this.#listed(rows, filter), matches)
      if (counted === null) return null
      total += counted
    }
    return total
  }

  async *#rows(
    stretch: Rest,
    query: RowQuery,
    view: Pick<ArchiveView, 'assertAwaited'>,
  ): AsyncGenerator<{ readonly rows: readonly ArchivedCall[]; readonly isLast: boolean }> {
    const { order, expected } = query
    const selection = this.#selection(query, stretch)
    let atMost = Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, expected))
    let after: CallPosition | null = stretch.after
    for (;;) {
      view.assertAwaited()
      const rows = await this.#archive.store.archivedCalls({ ...selection, order, after, atMost })
      const isLast = rows.length < atMost
      yield { rows, isLast }
      if (isLast) return
      after = rows.at(-1)!
      atMost = LARGEST_PAGE
      // Rows of an embedded store may come without a turn of the event loop.
      await nextTurn()
    }
  }

  /** What the columns tell of a filter; who took part otherwise is left to the reader. */
  #selection(
    { filter, numbersAreDids = false }: Pick<RowQuery, 'filter' | 'numbersAreDids'>,
    { from, until }: Stretch,
  ): ArchiveSelection {
    const { kinds, directions, dispositions, numbers, callerNumbers, calleeNumbers } = filter
    return {
      account: this.#archive.key,
      ...{ from, until, kinds, directions, dispositions, callerNumbers, calleeNumbers },
      numbers: numbersAreDids ? null : numbers,
    }
  }

  #listed(rows: readonly ArchivedCall[], filter: CallFilter): readonly CallRecord[] {
    return rows.map(fromArchivedCall).filter((call) => this.#log.isListed?.(call, filter) ?? true)
  }
}

/** How many of these calls match; null where only the detail of one tells. */
export function matching(calls: readonly CallRecord[], matches: CallCountQuery['matches']): number | null {
  const verdicts = calls.map(matches)
  return verdicts.includes(undefined) ? null : verdicts.filter(Boolean).length
}
