import { useQuery } from '@apollo/client/react'
import { useMemo } from 'react'

import { useMay } from '../frame/viewer.js'
import { ConsoleLiveAccountsDocument, type ConsoleLiveAccountsQuery } from './generated/graphql.js'

/** An account, and what can be done with its calls. */
export type Account = ConsoleLiveAccountsQuery['accounts']['edges'][number]['node']

type Operation = Account['capabilities'][number]['operation']

/** All accounts, in the order of the graph; undefined while they are asked for. */
export function useAccounts(): readonly Account[] | undefined {
  const { data } = useQuery(ConsoleLiveAccountsDocument)
  return useMemo(() => data?.accounts.edges.map(({ node }) => node), [data])
}

/** Whether an account's phone system can do something with calls. */
export const can = (account: Account | undefined, operation: Operation): boolean =>
  account?.capabilities.some((one) => one.operation === operation && one.support !== 'UNSUPPORTED') ?? false

/** Why an account tells nothing of its calls; null where it does. */
export const whySilent = (account: Account): string | null =>
  can(account, 'SUBSCRIBE')
    ? null
    : (account.capabilities.find(({ operation }) => operation === 'SUBSCRIBE')?.reason ?? '')

/** What may be done with calls of an account by whoever asks. */
export interface Powers {
  readonly mayEnd: boolean
  readonly mayMove: boolean
  readonly mayPlace: boolean
}

/** The same of every account, by its id. */
export function usePowers(accounts: readonly Account[]): ReadonlyMap<string, Powers> {
  const mayWrite = useMay('telephony:write')
  return useMemo(
    () =>
      new Map(
        accounts.map((account) => [
          account.id,
          {
            mayEnd: mayWrite && can(account, 'DELETE'),
            mayMove: mayWrite && can(account, 'UPDATE'),
            mayPlace: mayWrite && can(account, 'ORIGINATE'),
          },
        ]),
      ),
    [accounts, mayWrite],
  )
}
