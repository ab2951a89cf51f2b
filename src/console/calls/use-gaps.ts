import { useEffect, useRef, useState } from 'react'

import { client } from '../graph/client.js'
import { failuresOf, type Failure } from '../graph/failures.js'
import { ConsoleCallGapDocument, ConsoleCallsDocument, type CallRecordFilter } from './generated/graphql.js'
import { filled, type Log } from './log-entries.js'
import type { MissingPart } from './missing-parts.js'

/** Pages of a hundred calls that are fetched at one press; what is left can be fetched by another. */
const PAGES_AT_ONCE = 5

/** How it goes with what an account did not give. */
export interface Fetching {
  readonly isPending: boolean
  /** Calls that came. */
  readonly came: number
  readonly failures: readonly Failure[]
}

/** Fetches what is missing, and puts it where it belongs. */
export interface Gaps {
  /** By the id of the account. */
  readonly fetching: ReadonlyMap<string, Fetching & { readonly label: string }>
  fetch(part: MissingPart): void
  dismiss(accountId: string): void
}

/** The gaps of one reading of a list: whoever shows another reading starts anew. */
export function useGaps(filter: CallRecordFilter, whole: boolean): Gaps {
  const [fetching, setFetching] = useState<Gaps['fetching']>(new Map())
  /** Where a gap goes on that was too large for one press. */
  const ends = useRef(new Map<string, string>())
  const isOver = useRef(false)
  useEffect(() => {
    isOver.current = false
    return () => {
      isOver.current = true
    }
  }, [])
  const set = (id: string, state: (Fetching & { label: string }) | null) =>
    setFetching((before) => {
      const after = new Map(before)
      if (state) after.set(id, state)
      else after.delete(id)
      return after
    })

  async function fetch({ account: { id, label }, gaps }: MissingPart): Promise<void> {
    let came = 0
    const tell = (isPending: boolean, failures: readonly Failure[] = []) =>
      set(id, { isPending, came, failures, label })
    tell(true)
    let left = PAGES_AT_ONCE
    for (const cursor of gaps.flatMap(({ cursors }) => cursors)) {
      for (let isWhole = false; !isWhole && left > 0; left -= 1) {
        const { data, error } = await client.query({
          query: ConsoleCallGapDocument,
          variables: { cursor, whole, after: ends.current.get(cursor) ?? null },
          fetchPolicy: 'no-cache',
        })
        // The list was read anew meanwhile, or is another one: this belongs to neither.
        if (isOver.current) return
        const part = data?.callRecordGap
        if (!part) return tell(false, failuresOf(error))
        came += part.edges.length
        isWhole = !part.pageInfo.hasNextPage
        if (!isWhole) ends.current.set(cursor, part.pageInfo.endCursor ?? '')
        put(cursor, part, isWhole)
        const again = part.sources.find(({ gap }) => gap)
        if (again) return tell(false, again.errorCode ? [{ code: again.errorCode, requestId: null }] : [])
      }
    }
    tell(false)
  }

  function put(cursor: string, part: Pick<Log, 'edges' | 'sources'>, isWhole: boolean): void {
    client.cache.updateQuery({ query: ConsoleCallsDocument, variables: { filter, whole } }, (known) => {
      const log = known?.callRecords
      if (!log) return known
      const until = part.edges.at(-1)?.node.startedAt
      const later = log.sources.flatMap((source) =>
        source.gap?.retryCursor === cursor ? [{ ...source, gap: { ...source.gap, ...(until && { until }) } }] : [],
      )
      const rest = [...part.sources.filter(({ gap }) => gap), ...(isWhole ? [] : later)]
      return { ...known, callRecords: filled(log, cursor, part, rest) }
    })
  }

  return { fetching, fetch: (part) => void fetch(part), dismiss: (id) => set(id, null) }
}
