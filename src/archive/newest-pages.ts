import type { CallLog, CallPage, CallQuery } from '../providers/provider.js'
import { naming } from './provided-pages.js'
import { momentAfter } from './archive-state.js'
import { beginningOf, type Rest, type Stretch } from './stretches.js'

/**
 * The provider's newest calls, newest first, until a page reaches into what the archive has. All of
 * that page is the provider's: a call is written when it ends, so among the calls that were there
 * before may be some that the archive does not have yet. It is asked as without an archive, for a
 * first page that all readers share.
 */
export class NewestPages {
  /** Where the archive goes on: all calls that began then or later were given. Null: at no call. */
  seam: string | null
  readonly #log: CallLog
  readonly #stretch: Rest
  readonly #query: CallQuery

  constructor(log: CallLog, stretch: Rest, query: CallQuery) {
    this.#log = log
    this.#stretch = stretch
    this.#query = query
    this.seam = stretch.from
  }

  async *pages(): AsyncGenerator<CallPage> {
    const { from, until, after } = this.#stretch
    const { filter, hint } = this.#query
    const begin = after ?? beginningOf(this.#stretch, 'DESC')
    const query = { ...this.#query, after: begin, hint: after && hint }
    for await (const page of naming(this.#log.pages({ ...query, filter }), this.#stretch)) {
      const reached = page.readTo ?? page.calls.at(-1)?.startedAt ?? null
      const isOver = reached !== null && from !== null && reached < from
      // The calls of the moment it ends with may go on on the next page.
      if (isOver) this.seam = momentAfter(reached)
      const calls = page.calls.filter(({ startedAt }) => until === null || startedAt < until)
      yield {
        ...page,
        calls: isOver ? calls.filter(({ startedAt }) => startedAt >= this.seam!) : calls,
        totalCount: null,
        readTo: isOver ? this.seam : (page.readTo ?? null),
      }
      if (isOver) return
    }
    this.seam = null
  }
}

/** What is left of stretches, newest first, before the moment `seam`. */
export function before<Of extends Stretch>(stretches: readonly Of[], seam: string | null): readonly Of[] {
  if (seam === null) return []
  return stretches
    .filter(({ from }) => from === null || from < seam)
    .map((stretch) => (stretch.until === null || stretch.until > seam ? { ...stretch, until: seam } : stretch))
}
