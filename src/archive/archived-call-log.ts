import type { CallRecord } from '../model/call-record.js'
import type { Operation } from '../operation.js'
import type { Cached } from '../providers/account.js'
import type { CallCountQuery, CallFilter, CallLog, CallPage, CallQuery } from '../providers/provider.js'
import { archiveViews, type ArchiveView, type ReadArchive } from './archive-view.js'
import { ArchivedCalls, matching } from './archived-calls.js'
import { changedFields } from './call-change.js'
import { before, NewestPages } from './newest-pages.js'
import { naming, NewestFailed, providedPages } from './provided-pages.js'
import { restOf, stretchesOf, type Rest, type Stretch } from './stretches.js'

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
    const onChanged = operation.demand.keep ? archive.onChanged : undefined
    return new ArchivedCallLog(log, new ArchivedCalls(archive, log), {
      ...{ view: () => viewOf(operation), onCached, onChanged },
    })
  }
}

interface Reader {
  readonly view: () => Promise<ArchiveView>
  /** Called with the age of what comes from the archive. */
  readonly onCached: (cached: Cached) => void
  readonly onChanged: ArchivedCallLogOptions['onChanged']
}

/**
 * A call log that asks the provider only for the time that the archive does not cover: what is newer,
 * older, and what lies in holes between. While the provider is down, what is newer is left out.
 */
class ArchivedCallLog implements CallLog {
  readonly #log: CallLog
  readonly #archived: ArchivedCalls
  readonly #reader: Reader

  constructor(log: CallLog, archived: ArchivedCalls, reader: Reader) {
    this.#log = log
    this.#archived = archived
    this.#reader = reader
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
    const view = await this.#reader.view()
    const { order, filter } = query
    let last = query.after
    try {
      for await (const page of this.#read(stretchesOf(view.trusted, filter, order), query, view)) {
        last = page.calls.at(-1) ?? last
        yield page
      }
    } catch (error) {
      const held = stretchesOf(view.held, filter, order).filter(({ of }) => of !== 'NEWEST')
      const cached = error instanceof NewestFailed && held.some(isArchived) ? view.insteadOf(error.cause) : null
      if (!cached) throw error instanceof NewestFailed ? error.cause : error
      this.#reader.onCached(cached)
      yield* this.#read(held, { ...query, after: last, hint: null }, view)
    }
  }

  async byId(id: string): Promise<CallRecord | null> {
    try {
      const call = await this.#log.byId(id)
      await this.#compare(id, call)
      return call
    } catch (error) {
      const cached = (await this.#reader.view()).insteadOf(error)
      const archived = cached && (await this.#archived.byId(id))
      if (!archived) throw error
      this.#reader.onCached(cached)
      return archived
    }
  }

  /** Where the archive does not cover all, the provider may count; where only details tell, nobody can. */
  async count(query: CallCountQuery): Promise<number | null> {
    const view = await this.#reader.view()
    const stretches = stretchesOf(view.trusted, query.filter, 'DESC')
    if (!stretches.some(isArchived)) return null
    const isWhole = stretches.every(({ of }) => of !== 'PROVIDER')
    return isWhole ? this.#countOf(stretches, query, view) : this.#countOfProvider(query)
  }

  async *#read(stretches: readonly Stretch[], query: CallQuery, view: ArchiveView): AsyncGenerator<CallPage> {
    const rest = restOf(stretches, query.order, query.after)
    // Nothing that the archive has: the provider answers as if there were none.
    if (!stretches.some(isArchived)) return yield* rest.length > 0 ? naming(this.#log.pages(query), rest[0]!) : []
    const [first, ...others] = rest
    if (first?.of !== 'NEWEST' || query.order === 'ASC') return yield* this.#readAll(rest, query, view)
    const newest = new NewestPages(this.#log, first, query)
    yield* newest.pages()
    yield* this.#readAll(before(others, newest.seam), query, view)
  }

  async *#readAll(rest: readonly Rest[], query: CallQuery, view: ArchiveView): AsyncGenerator<CallPage> {
    for (const stretch of rest) {
      if (!isArchived(stretch)) yield* providedPages(this.#log, stretch, query)
      else {
        this.#reader.onCached(view.cached)
        yield* this.#archived.pages(stretch, query, view)
      }
    }
  }

  /** Of the newest calls it asks what the first page of such a list asks, so that the two share a request. */
  async #countOf(stretches: readonly Stretch[], query: CallCountQuery, view: ArchiveView): Promise<number | null> {
    const [first, ...others] = stretches
    if (first?.of !== 'NEWEST') return this.#countAll(stretches, query, view)
    const newest = new NewestPages(this.#log, { ...first, after: null }, newestFirst(query))
    try {
      let total = 0
      for await (const { calls, unreadable = 0 } of newest.pages()) {
        const counted = unreadable > 0 ? null : matching(calls, query.matches)
        if (counted === null) return null
        total += counted
      }
      const archived = await this.#countAll(before(others, newest.seam), query, view)
      return archived === null ? null : total + archived
    } catch (error) {
      const cause = error instanceof NewestFailed ? error.cause : error
      const cached = view.insteadOf(cause)
      if (!cached) throw cause
      // As it was when the archive last looked, which is what the list then says, too.
      this.#reader.onCached(cached)
      const held = stretchesOf(view.held, query.filter, 'DESC').filter(({ of }) => of !== 'NEWEST')
      return held.every(isArchived) ? this.#countAll(held, query, view) : null
    }
  }

  async #countAll(stretches: readonly Stretch[], query: CallCountQuery, view: ArchiveView): Promise<number | null> {
    let total = 0
    for (const stretch of stretches) {
      const counted = await this.#archived.count(stretch, query, view)
      if (counted === null) return null
      total += counted
    }
    return total
  }

  /** Its count of what it evaluates, if that is all; it comes with the first page of any list. */
  async #countOfProvider({ filter, expected, seconds }: CallCountQuery): Promise<number | null> {
    const pushed = new Set(this.#log.pushdown(filter))
    const fields = Object.keys(filter) as (keyof CallFilter)[]
    const isEvaluated = fields.every((field) => filter[field] === null || pushed.has(field))
    const isBounded = seconds === null || seconds.minimum !== null || seconds.maximum !== null
    if (!isEvaluated || isBounded || filter.extensionNumbers) return null
    for await (const { totalCount } of this.#log.pages({ order: 'DESC', after: null, hint: null, filter, expected }))
      return totalCount
    return null
  }

  async #compare(id: string, call: CallRecord | null): Promise<void> {
    const { onChanged } = this.#reader
    // The call is answered in any case: the archive is not what was asked.
    const before = onChanged && (await this.#archived.byId(id).catch(() => null))
    if (before && (!call || changedFields(before, inMembersOf(before, call)).length > 0)) onChanged(before.startedAt)
  }
}

const newestFirst = (query: CallCountQuery): CallQuery => ({ ...query, order: 'DESC', after: null, hint: null })

const isArchived = ({ of }: Stretch) => of === 'ARCHIVE'

/**
 * A call in the members that a list gives of it. What the provider writes of one call differs from
 * what it writes of it in a list, so that of the list stays.
 */
const inMembersOf = (before: CallRecord, call: CallRecord): CallRecord => ({
  ...(Object.fromEntries(
    Object.keys(before).map((name) => [name, call[name as keyof CallRecord]]),
  ) as unknown as CallRecord),
  payload: before.payload,
})
