import { useQuery } from '@apollo/client/react'
import { useMemo } from 'react'

import { ConsoleCallAccountsDocument, type ConsoleCallAccountsQuery } from './generated/graphql.js'

/** An account that calls may be of. */
export type CallAccount = ConsoleCallAccountsQuery['accounts']['edges'][number]['node']

/** The accounts there are; null: they have not come yet. Where they cannot be had, the log says why, and need not wait for them. */
export function useCallAccounts(): readonly CallAccount[] | null {
  const { data, error } = useQuery(ConsoleCallAccountsDocument)
  const failed = error !== undefined
  return useMemo(() => data?.accounts.edges.map(({ node }) => node) ?? (failed ? [] : null), [data, failed])
}

/** Whose days the log is divided by: those of the account that is looked at, else of the first. */
export const zoneOfLog = (accounts: readonly CallAccount[], key: string): string =>
  (accounts.find((account) => account.key === key) ?? accounts[0])?.timeZone ??
  Intl.DateTimeFormat().resolvedOptions().timeZone
