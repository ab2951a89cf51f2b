import './accounts.css'

import { useQuery, useSubscription } from '@apollo/client/react'
import { useEffect } from 'react'

import { useMay, useSeesWholeAccounts } from '../frame/viewer.js'
import { Empty, Failed, Loading } from '../parts/states.js'
import { useWords } from '../words/use-words.js'
import { AccountCard } from './account-card.js'
import { isWell } from './account.js'
import { ConsoleAccountChangesDocument, ConsoleAccountsDocument } from './generated/graphql.js'
import { LinkAccount } from './link-account.js'
import { words } from './words.js'

/** How often figures that no event tells of are asked again, ms; no phone system is asked for them. */
const ASKED_EVERY_MS = 10_000

/** Every login of the workspace, and what can be done about it. */
export function View() {
  const said = useWords(words)
  const whole = useSeesWholeAccounts()
  const manages = useMay('accounts:manage')
  const { data, error, refetch, fetchMore } = useQuery(ConsoleAccountsDocument, {
    variables: { whole, manages },
    fetchPolicy: 'cache-and-network',
    pollInterval: whole ? ASKED_EVERY_MS : 0,
    skipPollAttempt: () => document.visibilityState === 'hidden',
  })
  useSubscription(ConsoleAccountChangesDocument, { skip: !whole })
  const { hasNextPage = false, endCursor } = data?.accounts.pageInfo ?? {}
  useEffect(() => {
    if (hasNextPage) void fetchMore({ variables: { after: endCursor } })
  }, [hasNextPage, endCursor, fetchMore])
  const accounts = data?.accounts.edges.map(({ node }) => node)
  return (
    <>
      <div className="view-head">
        <div>
          <h1>{said.title}</h1>
          <p>
            {accounts &&
              (whole
                ? said.standing(accounts.length, accounts.filter((account) => !isWell(account)).length)
                : said.only(accounts.length))}
          </p>
        </div>
        {manages && <LinkAccount onLinked={() => void refetch()} />}
      </div>
      {error && <Failed title={said.failed} error={error} onRetry={() => void refetch()} />}
      {!accounts && !error && <Loading rows={5} look="account" />}
      {accounts?.length === 0 && <Empty title={said.empty} hint={said.emptyHint} />}
      <ul className="accounts">
        {accounts?.map((account) => (
          <li key={account.id}>
            <AccountCard account={account} onChanged={() => void refetch()} />
          </li>
        ))}
      </ul>
    </>
  )
}
