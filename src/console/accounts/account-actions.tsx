import { useMutation } from '@apollo/client/react'
import { useState } from 'react'

import { useMay } from '../frame/viewer.js'
import { failuresOf } from '../graph/failures.js'
import { Button } from '../parts/button.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import { needsPerson, type Account } from './account.js'
import { BlockedConsent, openConsent, showConsent } from './consent.js'
import { ConsoleBeginLoginDocument, ConsoleRetryLoginDocument } from './generated/graphql.js'
import { UnlinkAccount } from './unlink-account.js'
import { userErrors } from './user-errors.js'
import { words } from './words.js'

interface Props {
  readonly account: Account
  onChanged(): void
}

type Complaint = { readonly code: keyof (typeof userErrors)['en'] }

/** What can be done about an account, by whoever may. */
export function AccountActions({ account, onChanged }: Props) {
  const said = useWords(words)
  const meaning = useWords(codes)
  const complaints = useWords(userErrors)
  const manages = useMay('accounts:manage')
  const [begin, { loading: isBeginning }] = useMutation(ConsoleBeginLoginDocument)
  const [retry, { loading: isTrying }] = useMutation(ConsoleRetryLoginDocument)
  const [blocked, setBlocked] = useState<string | null>(null)
  const [complaint, setComplaint] = useState<string | null>(null)
  if (!manages || !account.authorization) return null

  const show = (complaint: Complaint | undefined, error: unknown) => {
    const [failure] = failuresOf(error)
    setComplaint(complaint ? complaints[complaint.code] : failure ? codeIn(meaning, failure.code) : null)
  }
  const logIn = async () => {
    const page = openConsent()
    const { data, error } = await begin({ variables: { input: { accountId: account.id } } })
    const { authorizeUrl, userErrors: [wrong] = [] } = data?.accountAuthorizationBegin ?? {}
    const isShown = showConsent(page, authorizeUrl)
    setBlocked(isShown ? null : (authorizeUrl ?? null))
    show(wrong, error)
  }
  const tryAgain = async () => {
    const { data, error } = await retry({ variables: { id: account.id } })
    show(data?.accountRetry.userErrors[0], error)
  }
  const { status } = account.authorization
  return (
    <div className="account-actions">
      {needsPerson(account) && (
        <Button look="primary" isPending={isBeginning} onPress={() => void logIn()}>
          {said.connect}
        </Button>
      )}
      {!needsPerson(account) && (status === 'BACKOFF' || status === 'REAUTHORIZATION_REQUIRED') && (
        <Button icon="retry" isPending={isTrying} onPress={() => void tryAgain()}>
          {said.retry}
        </Button>
      )}
      <UnlinkAccount account={account} onUnlinked={onChanged} />
      {blocked !== null && needsPerson(account) && (
        <BlockedConsent address={blocked} onOpened={() => setBlocked(null)} />
      )}
      {complaint !== null && (
        <p role="alert" className="complaint">
          {complaint}
        </p>
      )}
    </div>
  )
}
