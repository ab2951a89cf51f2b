import { setImmediate as nextTurn } from 'node:timers/promises'

import type { CallRecord } from '../model/call-record.js'
import { globalId } from '../model/id.js'
import type { Operation } from '../operation.js'
import type { Cached } from '../providers/account.js'
import type { CallCountQuery, CallFilter, CallLog, CallPage, CallPosition, CallQuery } from '../providers/provider.js'
import type { ArchivedCall, ArchiveSelection } from '../store/archive-store.js'
import { archiveViews, type ArchiveView, type ReadArchive } from './archive-view.js'
import { changedFields, fromArchivedCall } from './call-change.js'
import { beginningOf, restOf, stretchesOf, type Rest, type Stretch } from './stretches.js'

export interface ArchivedCallLogOptions extends ReadArchive {
  /** Called with the moments at which a call began that is not as the archive has it, or is gone. */
  readonly onChanged?: (startedAt: string) => void
}

/** Puts an account's archive before the call log of its provider. */
export type ArchiveBefore = (log: CallLog, operation: Operation, onCached: (cached: Cached) => void) => CallLog

/** The calls of one account, from its archive where that covers what is asked. */
export function archivedCallLogs(archive: ArchivedCallLogOptions): ArchiveBefore {
  const viewOf = archiveViews(archive)
  return (log, operation, onCached) => {
    // What is read only to keep an archive true is compared by whoever does so.
    const { onChanged, ...others } = archive
    const used = operation.demand.keep ? archive : others
    return new ArchivedCallLog(log, used, () => viewOf(operation), onCached)
  }
}

/** Rows of the first page are few, for a reader who may need no more; those that follow, many. */
const SMALLEST_PAGE = 50
const LARGEST_PAGE = 500

/**
 * A call log that asks the provider only for the time that the archive does not cover: what is newer,
 * older, and what lies in holes between. While the provider is down, what is newer is left out.
 */
class ArchivedCallLog implements CallLog {
  readonly #log: CallLog
  readonly #archive: ArchivedCallLogOptions
  readonly #view: () => Promise<ArchiveView>
  readonly #onCached: (cached: Cached) => void

  constructor(
    log: CallLog,
    archive: ArchivedCallLogOptions,
    view: () => Promise<ArchiveView>,
    onCached: (cached: Cached) => void,
  ) {
    this.#log = log
    this.#archive = archive
    this.#view = view
    this.#onCached = onCached
  }

  pushdown(filter: CallFilter) {
    return this.#log.pushdown(filter)
  }

  get isListed() {
    return this.#log.isListed && ((call: CallRecord, filter: CallFilter) => this.#log.isListed!(call, filter))
  }

  get detail() {
    return this.#log.detail && ((call: CallRecord) => this.#log.detail!(call))
  }

  async *pages(query: CallQuery): AsyncGenerator<CallPage> {
    const view = await this.#view()
    const { order, filter } = query
    const stretches = stretchesOf(view.trusted, filter, order)
    let last = query.after
    try {
      for await (const page of this.#read(stretches, query, view)) {
        last = page.calls.at(-1) ?? last
        yield page
      }
    } catch (error) {
      const older = stretchesOf(view.covered, filter, order).filter((one) => one.of !== 'NEWEST')
      const cached = error instanceof NewestFailed && older.some(isArchived) ? view.insteadOf(error.cause) : null
      if (!cached) throw error instanceof NewestFailed ? error.cause : error
      this.#onCached(cached)
      yield* this.#read(older, { ...query, after: last, hint: null }, view)
    }
  }

  async byId(id: string): Promise<CallRecord | null> {
    try {
      const call = await this.#log.byId(id)
      await this.#compare(id, call)
      return call
    } catch (error) {
      const view = await this.#view()
      const cached = view.insteadOf(error)
      const archived = cached && (await this.#archivedCall(id))
      if (!archived) throw error
      this.#onCached(cached)
      return archived
    }
  }

  /** Null where the archive does not cover all, or a call cannot be judged without its detail. */
  async count(query: CallCountQuery): Promise<number | null> {
    const view = await this.#view()
    const stretches = stretchesOf(view.trusted, query.filter, 'DESC')
    if (!stretches.some(isArchived) || stretches.some(({ of }) => of === 'PROVIDER')) return null
    let total = 0
    for (const stretch of stretches) {
      const count = stretch.of === 'ARCHIVE' ? this.#countArchived : this.#countNewest
      const counted = await count.call(this, stretch, query, view)
      if (counted === null) return null
      total += counted
    }
    return total
  }

  async *#read(stretches: readonly Stretch[], query: CallQuery, view: ArchiveView): AsyncGenerator<CallPage> {
    const rest = restOf(stretches, query.order, query.after)
    // Nothing that the archive has: the provider answers as if there were none.
    if (!stretches.some(isArchived)) return yield* rest.length > 0 ? this.#newest(this.#log.pages(query), rest[0]!) : []
    for (const stretch of rest) {
      if (stretch.of !== 'ARCHIVE') yield* this.#provided(stretch, query)
      else {
        this.#onCached(view.cached)
        yield* this.#archived(stretch, query, view)
      }
    }
  }

  /** Pages of the provider, cut to a stretch: it need not evaluate the time of a filter. */
  async *#provided(stretch: Rest, query: CallQuery): AsyncGenerator<CallPage> {
    const { from, until, after } = stretch
    const { order, filter } = query
    const pages = this.#log.pages({
      ...query,
      // Found by position, like the beginning of any walk; a hint is about the position it came with.
      after: after ?? beginningOf(stretch, order),
      hint: after && query.hint,
      filter: { ...filter, from, until },
    })
    const end = order === 'ASC' ? until : from
    const isBehind = (moment: string) => end !== null && (order === 'ASC' ? moment >= end : moment < end)
    for await (const page of this.#newest(pages, stretch)) {
      const calls = page.calls.filter(({ startedAt }) => isWithin(stretch, startedAt))
      const readTo = page.readTo ?? null
      const isOver = (readTo !== null && isBehind(readTo)) || page.calls.some((call) => isBehind(call.startedAt))
      // It counts the calls of the stretch, and none of the others.
      yield { ...page, calls, totalCount: null, readTo: isOver ? end : readTo }
      if (isOver) return
    }
  }

  /** Marks the failures after which the archive may go on alone. */
  async *#newest(pages: AsyncIterable<CallPage>, { of }: Stretch): AsyncGenerator<CallPage> {
    const iterator = pages[Symbol.asyncIterator]()
    try {
      for (;;) {
        const page = await iterator.next().catch((error: unknown) => {
          throw of === 'NEWEST' ? new NewestFailed(error) : error
        })
        if (page.done) return
        yield page.value
      }
    } finally {
      await iterator.return?.()
    }
  }

  async *#archived(stretch: Rest, query: CallQuery, view: ArchiveView): AsyncGenerator<CallPage> {
    const { order, filter } = query
    const end = order === 'ASC' ? stretch.until : stretch.from
    for await (const { rows, isLast } of this.#rows(stretch, query, view)) {
      const calls = rows.map(fromArchivedCall).filter((call) => this.#log.isListed?.(call, filter) ?? true)
      yield { calls, totalCount: null, hint: null, readTo: isLast ? end : rows.at(-1)!.startedAt }
    }
  }

  async *#rows(
    { from, until, after }: Rest,
    query: Pick<CallQuery, 'order' | 'filter' | 'numbersAreDids' | 'expected'>,
    view: ArchiveView,
  ): AsyncGenerator<{ readonly rows: readonly ArchivedCall[]; readonly isLast: boolean }> {
    const { order, expected } = query
    const selection = { ...this.#selection(query), from, until }
    let atMost = Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, expected))
    let last: CallPosition | null = after
    for (;;) {
      view.assertAwaited()
      const rows = await this.#archive.store.archivedCalls({ ...selection, order, after: last, atMost })
      const isLast = rows.length < atMost
      yield { rows, isLast }
      if (isLast) return
      last = rows.at(-1)!
      atMost = LARGEST_PAGE
      // Rows of an embedded store may come without a turn of the event loop.
      await nextTurn()
    }
  }

  /** What the columns tell of a filter; who took part otherwise is left to the reader. */
  #selection({ filter, numbersAreDids = false }: Pick<CallQuery, 'filter' | 'numbersAreDids'>): ArchiveSelection {
    const { from, until, kinds, directions, dispositions, numbers, callerNumbers, calleeNumbers } = filter
    return {
      account: this.#archive.key,
      ...{ from, until, kinds, directions, dispositions, callerNumbers, calleeNumbers },
      numbers: numbersAreDids ? null : numbers,
    }
  }

  async #countArchived({ from, until }: Stretch, query: CallCountQuery, view: ArchiveView): Promise<number | null> {
    const { seconds, filter, matches } = query
    if (seconds && !filter.extensionNumbers) {
      const { minimum: minimumSeconds, maximum: maximumSeconds } = seconds
      const selection = { ...this.#selection(query), from, until, minimumSeconds, maximumSeconds }
      return this.#archive.store.countArchivedCalls(selection)
    }
    let total = 0
    const all = { from, until, of: 'ARCHIVE', after: null } as const
    for await (const { rows } of this.#rows(all, { ...query, order: 'DESC', expected: LARGEST_PAGE }, view)) {
      const calls = rows.map(fromArchivedCall).filter((call) => this.#log.isListed?.(call, filter) ?? true)
      const counted = countOf(calls, matches)
      if (counted === null) return null
      total += counted
    }
    return total
  }

  /** Asks what the first page of a list from the newest call asks, so that the two share a request. */
  async #countNewest(stretch: Stretch, query: CallCountQuery, view: ArchiveView): Promise<number | null> {
    let total = 0
    try {
      const pages = this.#provided({ ...stretch, after: null }, { ...query, order: 'DESC', after: null, hint: null })
      for await (const { calls, unreadable = 0 } of pages) {
        const counted = unreadable > 0 ? null : countOf(calls, query.matches)
        if (counted === null) return null
        total += counted
      }
      return total
    } catch (error) {
      const cause = error instanceof NewestFailed ? error.cause : error
      const cached = view.insteadOf(cause)
      if (!cached) throw cause
      // As it was when the archive last looked, which is what the list then says, too.
      this.#onCached(cached)
      return 0
    }
  }

  /** By the provider's own id. */
  async #archivedCall(id: string): Promise<CallRecord | null> {
    const { key, store } = this.#archive
    const found = await store.archivedCall(key, globalId('CallRecord', key, id))
    return found && fromArchivedCall(found)
  }

  async #compare(id: string, call: CallRecord | null): Promise<void> {
    const { onChanged } = this.#archive
    // The call is answered in any case: the archive is not what was asked.
    const before = onChanged && (await this.#archivedCall(id).catch(() => null))
    if (before && (!call || changedFields(before, inMembersOf(before, call)).length > 0)) onChanged(before.startedAt)
  }
}

/** The provider failed while it was asked for what is newer than the archive. */
class NewestFailed extends Error {
  constructor(override readonly cause: unknown) {
    super('The newest calls could not be read')
  }
}

const isArchived = ({ of }: Stretch) => of === 'ARCHIVE'

const isWithin = ({ from, until }: Stretch, moment: string) =>
  (from === null || moment >= from) && (until === null || moment < until)

function countOf(calls: readonly CallRecord[], matches: CallCountQuery['matches']): number | null {
  const verdicts = calls.map(matches)
  return verdicts.includes(undefined) ? null : verdicts.filter(Boolean).length
}

/**
 * A call in the members that a list gives of it. What the provider writes of one call differs from
 * what it writes of it in a list, so that of the list stays.
 */
const inMembersOf = (before: CallRecord, call: CallRecord): CallRecord => ({
  ...(Object.fromEntries(
    Object.keys(before).map((name) => [name, call[name as keyof CallRecord]]),
  ) as never as CallRecord),
  payload: before.payload,
})
