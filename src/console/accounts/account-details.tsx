import { useMay } from '../frame/viewer.js'
import { CopyButton } from '../parts/copy-button.js'
import { Fact } from '../parts/fact.js'
import { Moment } from '../parts/moment.js'
import { codeIn, codes } from '../words/codes.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import type { Account } from './account.js'
import { Capabilities } from './capabilities.js'
import { words } from './words.js'

interface Props {
  readonly account: Account
}

/** All that is known of an account, in rows whose facts stand in the same columns. */
export const AccountDetails = ({ account }: Props) => (
  <div className="details">
    <LoginFacts account={account} />
    <HealthFacts account={account} />
    <ArchiveFacts account={account} />
    <WebhookFacts account={account} />
    <Capabilities id={account.id} />
  </div>
)

function LoginFacts({ account: { authorization, timeZone } }: Props) {
  const said = useWords(words)
  const at = (moment: string | null | undefined) => moment && <Moment at={moment} timeZone={timeZone} />
  if (!authorization) return null
  return (
    <section>
      <h3>{said.login}</h3>
      <dl>
        <Fact term={said.flowTerm}>{said.flow[authorization.flow]}</Fact>
        <Fact term={said.impersonating}>{authorization.impersonating}</Fact>
        <Fact term={said.expires}>{at(authorization.expiresAt)}</Fact>
        <Fact term={said.refreshed}>{at(authorization.lastRefreshedAt)}</Fact>
        <Fact term={said.scopes}>{authorization.scopes.join(', ')}</Fact>
        <Fact term={said.nextAttempt}>{at(authorization.lastError?.nextAttemptAt)}</Fact>
      </dl>
    </section>
  )
}

function HealthFacts({ account: { health, timeZone } }: Props) {
  const said = useWords(words)
  const at = (moment: string | null | undefined) => moment && <Moment at={moment} timeZone={timeZone} />
  if (!health) return null
  return (
    <section>
      <h3>{said.health}</h3>
      <dl>
        <Fact term={said.success}>{at(health.lastSuccessAt) ?? said.never}</Fact>
        <Fact term={said.failure}>{at(health.lastFailureAt) ?? said.never}</Fact>
        <Fact term={said.limitedUntil}>{at(health.rateLimitResetAt)}</Fact>
      </dl>
    </section>
  )
}

function ArchiveFacts({ account: { authorization, archive, timeZone } }: Props) {
  const said = useWords(words)
  const meaning = useWords(codes)
  const { number, percent } = useFormats()
  const at = (moment: string | null | undefined) => moment && <Moment at={moment} timeZone={timeZone} />
  if (!authorization) return null
  return (
    <section>
      <h3>{said.archive}</h3>
      {!archive && <p className="muted">{said.noArchiveHere}</p>}
      {archive && (
        <dl>
          <Fact term={said.calls}>{number(archive.calls)}</Fact>
          <Fact term={said.oldest}>{at(archive.oldest)}</Fact>
          <Fact term={said.newest}>{at(archive.newest)}</Fact>
          <Fact term={said.synced}>{at(archive.lastSyncedAt) ?? said.never}</Fact>
          <Fact term={said.progress}>{archive.progress != null && percent(archive.progress)}</Fact>
          <Fact term={said.failure}>{archive.lastError != null && codeIn(meaning, archive.lastError)}</Fact>
        </dl>
      )}
    </section>
  )
}

function WebhookFacts({ account: { webhook, timeZone } }: Props) {
  const said = useWords(words)
  const { number } = useFormats()
  if (!useMay('accounts:manage')) return null
  return (
    <section>
      <h3>{said.webhook}</h3>
      {!webhook && <p className="muted">{said.noWebhook}</p>}
      {webhook && (
        <dl>
          <Fact term={said.address}>
            <span className="secret">
              <code>{concealed(webhook.url)}</code>
              <CopyButton text={webhook.url} label={said.copyAddress} />
            </span>
            <small>{said.secret}</small>
          </Fact>
          <Fact term={said.username}>{webhook.username}</Fact>
          <Fact term={said.received}>
            {webhook.lastReceivedAt ? <Moment at={webhook.lastReceivedAt} timeZone={timeZone} /> : said.never}
          </Fact>
          <Fact term={said.deliveries}>
            <ul className="counters">
              {(['accepted', 'duplicates', 'refused', 'unknown'] as const).map((count) => (
                <li key={count}>
                  <b>{number(webhook[count])}</b> {said[count]}
                </li>
              ))}
            </ul>
          </Fact>
        </dl>
      )}
    </section>
  )
}

/** Without its end, which is the secret: screens are looked at, and shared. */
const concealed = (url: string): string => url.replace(/[^/]*$/, (token) => `${token.slice(0, 4)}…`)
