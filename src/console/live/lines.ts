import { useQuery } from '@apollo/client/react'

import { useSeesWholeAccounts } from '../frame/viewer.js'
import { useAllPages } from '../graph/all-pages.js'
import {
  ConsoleLinesDocument,
  ConsoleOwnLineDocument,
  ConsoleShownNumbersDocument,
  type ConsoleLineToChooseFragment,
} from './generated/graphql.js'

/** A line of an account. */
export type Line = ConsoleLineToChooseFragment

/** Lines to choose from, as far as they are here. */
export interface Lines {
  /** Null: nothing has come yet, or ever will. */
  readonly lines: readonly Line[] | null
  readonly error: unknown
  again(): void
}

/** All lines of some accounts. */
export function useLines(accounts: readonly string[], skip = false): Lines {
  const { data, error, refetch, fetchMore } = useQuery(ConsoleLinesDocument, {
    variables: { accounts: [...accounts] },
    skip,
  })
  const later = useAllPages(data?.extensions, (after) => fetchMore({ variables: { after } }))
  return {
    lines: data?.extensions?.edges.map(({ node }) => node) ?? null,
    error: error ?? later.errors[0],
    again: () => (later.isStopped ? later.goOn() : void refetch()),
  }
}

/** Lines that calls may be placed from: of whoever is bound to one, that one. */
export function useOwnLines(accounts: readonly string[]): Lines {
  const whole = useSeesWholeAccounts()
  const all = useLines(accounts, !whole)
  const { data, error, refetch } = useQuery(ConsoleOwnLineDocument, { skip: whole })
  if (whole) return all
  const own = data?.viewer.extension
  return { lines: own ? [own] : data ? [] : null, error, again: () => void refetch() }
}

/** The numbers that may be shown when a line calls; none while they are asked for. */
export function useShownNumbers(line: Line | undefined) {
  const { data, fetchMore } = useQuery(ConsoleShownNumbersDocument, {
    variables: { account: line?.account.id ?? '' },
    skip: !line,
  })
  useAllPages(data?.dids, (after) => fetchMore({ variables: { after } }))
  return data?.dids?.edges.map(({ node }) => node) ?? []
}
