import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import { Heading } from 'react-aria-components/Heading'
import { useState } from 'react'

import { Badge } from '../parts/badge.js'
import { Icon } from '../parts/icon.js'
import { FromNow } from '../parts/moment.js'
import { Progress } from '../parts/progress.js'
import { useFormats } from '../words/formats.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import { AccountActions } from './account-actions.js'
import { AccountDetails } from './account-details.js'
import { ARCHIVE_TONES, CIRCUIT_TONES, LOGIN_TONES, type Account } from './account.js'
import { words } from './words.js'

interface Props {
  readonly account: Account
  onChanged(): void
}

/** One account: what matters in a line, and the rest below it on demand. */
export function AccountCard({ account, onChanged }: Props) {
  const said = useWords(words)
  const [isOpen, setOpen] = useState(false)
  const { label, key, provider, authorization, timeZone } = account
  return (
    <Disclosure className="panel account" isExpanded={isOpen} onExpandedChange={setOpen}>
      <div className="account-line">
        <div className="account-name">
          <Heading level={2}>
            <Button slot="trigger" className="account-open">
              <Icon name="chevron" />
              <span>{label}</span>
            </Button>
          </Heading>
          <small>
            {provider.name} · <span className="fixed">{key}</span>
          </small>
        </div>
        {authorization && (
          <div className="account-fact">
            <h3>{said.login}</h3>
            <Badge tone={LOGIN_TONES[authorization.status]}>{said.status[authorization.status]}</Badge>
            {authorization.expiresAt && authorization.status === 'ACTIVE' && (
              <small>
                {said.expires} <FromNow at={authorization.expiresAt} timeZone={timeZone} />
              </small>
            )}
          </div>
        )}
        <Health account={account} />
        <Archive account={account} />
        <AccountActions account={account} onChanged={onChanged} />
      </div>
      <LastError account={account} />
      <DisclosurePanel className="account-panel">{isOpen && <AccountDetails account={account} />}</DisclosurePanel>
    </Disclosure>
  )
}

function Health({ account: { health, timeZone } }: Pick<Props, 'account'>) {
  const said = useWords(words)
  if (!health) return null
  return (
    <div className="account-fact">
      <h3>{said.health}</h3>
      <Badge tone={CIRCUIT_TONES[health.circuit]}>{said.circuit[health.circuit]}</Badge>
      {health.lastSuccessAt && (
        <small>
          {said.success} <FromNow at={health.lastSuccessAt} timeZone={timeZone} />
        </small>
      )}
    </div>
  )
}

function Archive({ account: { archive, authorization } }: Pick<Props, 'account'>) {
  const said = useWords(words)
  const { number } = useFormats()
  if (!authorization) return null
  if (!archive)
    return (
      <div className="account-fact">
        <h3>{said.archive}</h3>
        <small>{said.noArchive}</small>
      </div>
    )
  return (
    <div className="account-fact">
      <h3>{said.archive}</h3>
      <Badge tone={ARCHIVE_TONES[archive.state]}>{said.archiveState[archive.state]}</Badge>
      {archive.state === 'BACKFILLING' && archive.progress != null ? (
        <Progress share={archive.progress} label={said.progress} />
      ) : (
        <small>
          {said.calls} {number(archive.calls)}
        </small>
      )}
    </div>
  )
}

function LastError({ account: { authorization, timeZone } }: Pick<Props, 'account'>) {
  const said = useWords(words)
  const meaning = useWords(codes)
  const error = authorization?.lastError
  if (!error || authorization.status === 'ACTIVE') return null
  return (
    <p className="account-error">
      <Icon name="warning" />
      <span>
        {codeIn(meaning, error.code)}{' '}
        <small>
          <FromNow at={error.occurredAt} timeZone={timeZone} /> · {said.attempts(error.attempts)}
        </small>
      </span>
    </p>
  )
}
