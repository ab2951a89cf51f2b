import { useQuery } from '@apollo/client/react'
import { useMemo, useRef } from 'react'

import type { Chosen } from './chosen.js'
import { ConsoleStatisticsDocument, type ConsoleStatisticsQuery } from './generated/graphql.js'
import { between, lastDays, type Period } from './period.js'
import { GROUPINGS } from './rows.js'

/** What is asked for: a choice, at a moment. */
export interface Question {
  readonly chosen: Chosen
  /** Null: there is no such time. */
  readonly period: Period | null
  readonly now: number
}

/** An answer, and what was asked. */
export interface Answer extends Question {
  readonly period: Period
  readonly during: NonNullable<ConsoleStatisticsQuery['during']>
  readonly before: ConsoleStatisticsQuery['before'] | null
}

interface Answered {
  readonly period: Period | null
  /** Stays while the next one is under way, and where none comes: what is read does not vanish under its reader. */
  readonly answer: Answer | null
  /** Why there is none to what is asked for now; until there is one, also while it is asked again. */
  readonly failure: unknown
  readonly isLoading: boolean
  again(): void
}

/** Asks for what was chosen. `isKnown`: whether all of that is known already. */
export function useAnswer({ chosen, now }: Omit<Question, 'period'>, isKnown: boolean, whole: boolean): Answered {
  const { period: name, from, until, isSpan, timeZone, grouping } = chosen
  const period = useMemo(() => {
    if (name !== 'own') return lastDays(Number(name), timeZone, now)
    return isSpan ? between(from, until, timeZone, now) : null
  }, [name, from, until, isSpan, timeZone, now])
  const { data, error, loading, refetch } = useQuery(ConsoleStatisticsDocument, {
    skip: period === null || !isKnown,
    notifyOnNetworkStatusChange: true,
    variables: {
      filter: { startedAt: period?.startedAt },
      filterBefore: { startedAt: period?.startedAtBefore },
      groupBy: [GROUPINGS[grouping]],
      timeZone,
      whole,
    },
  })
  const last = useRef<Answer | null>(null)
  const failure = useRef<unknown>(undefined)
  if (data?.during && period) {
    last.current = { during: data.during, before: data.before ?? null, period, chosen, now }
    failure.current = undefined
  } else if (error !== undefined) failure.current = error
  return {
    period,
    answer: last.current,
    failure: period === null ? undefined : failure.current,
    isLoading: loading,
    again: () => void refetch().catch(() => {}),
  }
}
