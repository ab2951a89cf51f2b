import type { CallLog, CallPage, CallQuery } from '../providers/provider.js'
import { beginningOf, type Rest, type Stretch } from './stretches.js'

/** The provider failed while it was asked for what is newer than the archive. */
export class NewestFailed extends Error {
  constructor(override readonly cause: unknown) {
    super('The newest calls could not be read')
  }
}

/** Pages of the provider, cut to a stretch: it need not evaluate the time of a filter. */
export async function* providedPages(log: CallLog, stretch: Rest, query: CallQuery): AsyncGenerator<CallPage> {
  const { from, until, after } = stretch
  const { order, filter } = query
  const pages = log.pages({
    ...query,
    // Found by position, as the beginning of any walk is; a hint is about the position it came with.
    after: after ?? beginningOf(stretch, order),
    hint: after && query.hint,
    filter: { ...filter, from, until },
  })
  const end = order === 'ASC' ? until : from
  const isBehind = (moment: string) => end !== null && (order === 'ASC' ? moment >= end : moment < end)
  for await (const page of naming(pages, stretch)) {
    const calls = page.calls.filter(({ startedAt }) => isWithin(stretch, startedAt))
    const readTo = page.readTo ?? null
    const isOver = (readTo !== null && isBehind(readTo)) || page.calls.some((call) => isBehind(call.startedAt))
    // The provider counts the calls of the stretch, and none of the others.
    yield { ...page, calls, totalCount: null, readTo: isOver ? end : readTo }
    if (isOver) return
  }
}

/** Names the failures after which the archive may go on alone. */
export async function* naming(pages: AsyncIterable<CallPage>, { of }: Stretch): AsyncGenerator<CallPage> {
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

const isWithin = ({ from, until }: Stretch, moment: string) =>
  (from === null || moment >= from) && (until === null || moment < until)
