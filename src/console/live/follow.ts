import { useApolloClient } from '@apollo/client/react'
import { useEffect, useRef, useState } from 'react'

import { useConnection } from '../graph/connection.js'
import { failuresOf, needsKey } from '../graph/failures.js'
import { afterEvent, boardOf, withoutPast, STAYS_MS, type Board } from './board.js'
import { ConsoleCallEventsDocument, ConsoleLiveCallsDocument, type ConsoleLiveCallsQuery } from './generated/graphql.js'
import type { LiveCall } from './grouping.js'

/** What there is to show of calls, and how far it can be trusted. */
export interface Following {
  /** Null: nothing has come yet. */
  readonly board: Board<LiveCall> | null
  readonly sources: NonNullable<ConsoleLiveCallsQuery['liveCalls']>['sources']
  /** Why the calls could not be asked for. */
  readonly error: unknown
  /** Since when nothing is heard of them, ms; null: they are up to date. */
  readonly silentSince: number | null
  /** Between these moments, ms, things happened that nobody can tell any more. */
  readonly gap: Gap | null
  /** Asks for the calls again. */
  again(): void
  /** The gap is known. */
  closeGap(): void
}

interface Gap {
  readonly from: number
  readonly until: number
}

type Known = Pick<Following, 'board' | 'sources' | 'error' | 'gap'> & { readonly isFollowed: boolean }

const NOTHING: Known = { board: null, sources: [], error: undefined, gap: null, isFollowed: false }

/** Pause before it is tried again by itself, ms. */
const PAUSE_MS = 3_000

/**
 * The calls of now, and then each event once. After a lost connection the subscription itself goes on
 * behind the last event; where the server has forgotten what followed it, the calls are asked for again.
 */
export function useCalls(): Following {
  const client = useApolloClient()
  const connection = useConnection()
  const [known, setKnown] = useState(NOTHING)
  const [attempt, setAttempt] = useState(0)
  const isCurrent = known.board === null || (known.isFollowed && connection !== 'lost')
  const silentSince = useWhenFalse(isCurrent)
  const heard = useRef(0)

  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let events: { unsubscribe(): void } | undefined
    let cursor = ''
    const change = (next: (before: Known) => Partial<Known>) =>
      isOver || setKnown((before) => ({ ...before, ...next(before) }))
    const later = (what: () => void) => {
      clearTimeout(timer)
      if (!isOver) timer = setTimeout(what, PAUSE_MS)
    }

    const look = async (gapFrom: number | null) => {
      const { data, error } = await client
        .query({ query: ConsoleLiveCallsDocument, fetchPolicy: 'no-cache' })
        .catch((cause: unknown) => ({ data: undefined, error: cause }))
      if (isOver) return
      const list = data?.liveCalls
      if (!list) {
        change(() => ({ error: error ?? new Error('no calls came'), isFollowed: false }))
        if (!needsKey(error)) later(() => void look(gapFrom))
        return
      }
      change(({ board, gap }) => ({
        board: boardOf(list.nodes, board ?? undefined),
        sources: list.sources,
        error: undefined,
        isFollowed: true,
        gap: gapFrom === null ? gap : { from: gapFrom, until: Date.now() },
      }))
      heard.current = Date.now()
      cursor = list.cursor
      follow()
    }
    const follow = () => {
      events?.unsubscribe()
      events = client
        .subscribe({
          query: ConsoleCallEventsDocument,
          variables: { resumeAfter: cursor },
          fetchPolicy: 'no-cache',
          errorPolicy: 'all',
        })
        .subscribe({
          next({ data, error }) {
            const event = data?.callEvents
            if (!event) return error === undefined ? undefined : lose(error)
            cursor = event.cursor
            heard.current = Date.now()
            change(({ board }) => ({ board: afterEvent(board ?? new Map(), event, Date.now()), isFollowed: true }))
          },
          error: lose,
          complete: () => later(follow),
        })
    }
    const lose = (error: unknown) => {
      if (isOver) return
      // What came last is all that is known of the time since.
      if (failuresOf(error).some(({ code }) => code === 'CURSOR_INVALID')) return void look(heard.current)
      change(() => ({ isFollowed: false, ...(isKeyOver(error) && { error }) }))
      if (!isKeyOver(error)) later(follow)
    }

    void look(null)
    return () => {
      isOver = true
      clearTimeout(timer)
      events?.unsubscribe()
    }
  }, [client, attempt])

  useEffect(() => {
    const ends = [...(known.board?.values() ?? [])].flatMap(({ endedAt }) => endedAt ?? [])
    if (ends.length === 0) return
    const timer = setTimeout(
      () => setKnown((before) => ({ ...before, board: before.board && withoutPast(before.board, Date.now()) })),
      Math.max(0, Math.min(...ends) + STAYS_MS - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [known.board])

  return {
    ...known,
    silentSince,
    again: () => setAttempt((before) => before + 1),
    closeGap: () => setKnown((before) => ({ ...before, gap: null })),
  }
}

/** The server has closed the connection for the key, and will do so again. */
const isKeyOver = (error: unknown): boolean =>
  needsKey(error) || (error instanceof Error && / 4401\b/.test(error.message))

/** Since when something is not so, ms; null while it is. */
function useWhenFalse(isSo: boolean): number | null {
  const [since, setSince] = useState<number | null>(null)
  useEffect(() => setSince(isSo ? null : Date.now()), [isSo])
  return isSo ? null : since
}
