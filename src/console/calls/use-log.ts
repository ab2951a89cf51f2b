import { useQuery } from '@apollo/client/react'
import { useCallback, useRef, useState } from 'react'

import { client } from '../graph/client.js'
import { useRetries } from '../parts/retries.js'
import { ConsoleCallsDocument, type CallRecordFilter } from './generated/graphql.js'
import type { Log } from './log-entries.js'
import { useRenewal } from './use-renewal.js'

/** The log as far as it is here, and how to get on with it. */
export interface ShownLog {
  /** Null: nothing has come yet, or ever will. */
  readonly log: Log | null
  /** Why it did not come; where there is a log, why there is no newer one. */
  readonly error: unknown
  /** Why the next page did not come. */
  readonly moreError: unknown
  readonly isLoadingMore: boolean
  readonly isReloading: boolean
  /** How often it was read anew: what was known of an earlier reading says nothing of this one. */
  readonly reloads: number
  /** Whether the next page may be asked for by itself: a page in which nothing was found asks for no other. */
  readonly goesOn: boolean
  loadMore(): void
  reload(): void
}

/** Reads the log of a filter, page by page; null: what is looked for is not known yet. */
export function useLog(filter: CallRecordFilter | null, whole: boolean): ShownLog {
  // Whoever opens the view wants what has come since the last time.
  useState(() => client.cache.evict({ id: 'ROOT_QUERY', fieldName: 'callRecords' }))
  const variables = { filter: filter ?? {}, whole }
  const { data, error, fetchMore } = useQuery(ConsoleCallsDocument, { variables, skip: filter === null })
  const log = (filter && data?.callRecords) ?? null
  const [more, setMore] = useState<{ after: string; state: 'loading' | 'failed' | 'empty'; error?: unknown } | null>(
    null,
  )
  const busy = useRef(false)
  const after = log?.pageInfo.hasNextPage ? (log.pageInfo.endCursor ?? null) : null
  const now = more?.after === after ? more : null
  const loadMore = useCallback(async () => {
    if (after === null || busy.current) return
    busy.current = true
    setMore({ after, state: 'loading' })
    try {
      const { data, error } = await fetchMore({ variables: { after } })
      const page = data?.callRecords
      const isEmpty = page?.edges.length === 0 && page.pageInfo.endCursor
      if (!page) setMore({ after, state: 'failed', error })
      else setMore(isEmpty ? { after: isEmpty, state: 'empty' } : null)
    } catch (error) {
      setMore({ after, state: 'failed', error })
    } finally {
      busy.current = false
    }
  }, [after, fetchMore])
  const renewal = useRenewal(variables, () => setMore(null))
  const failure = filter === null ? undefined : (renewal.error ?? (log ? undefined : error))
  useRetries(failure, renewal.begin)
  return {
    log,
    error: failure,
    moreError: now?.state === 'failed' ? now.error : undefined,
    isLoadingMore: now?.state === 'loading',
    isReloading: renewal.isPending,
    goesOn: after !== null && now === null,
    loadMore: useCallback(() => void loadMore(), [loadMore]),
    reloads: renewal.count,
    reload: renewal.begin,
  }
}
