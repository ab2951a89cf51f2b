import type { Login } from '../../auth/login.js'
import type { TokenManager } from '../../auth/token-manager.js'
import type { ReadArchive } from '../../archive/archive-view.js'
import { archivedCallLogs } from '../../archive/archived-call-log.js'
import { isoTime, type Clock } from '../../clock.js'
import type { OpenStream, Send } from '../../http/http.js'
import type { ObservedExchange } from '../../http/observed-exchange.js'
import type { HttpLimits } from '../../http/limits.js'
import { AccountClient, type ClientHealth } from '../../http/account/account-client.js'
import type { ReplyCache } from '../../http/account/reply-cache.js'
import { OperationReads } from '../../http/account/operation-reads.js'
import type { AccountHealth } from '../../model/authorization.js'
import { globalId } from '../../model/id.js'
import type { DriftReporter } from '../../providers/drift.js'
import { nameErrors } from './name-errors.js'
import type { Cached, ConnectedAccount } from '../../providers/account.js'
import type { Operation } from '../../operation.js'
import type { AccountFacts } from '../../providers/provider.js'
import type { ArchiveSettings } from '../../archive/archived-account.js'
import type { AccountConfig } from '../config/account.js'
import type { LiveSettings } from '../config/live.js'

/** What every account of this process shares. */
export interface ConnectionServices {
  readonly manager: TokenManager
  readonly send: Send
  readonly openStream: OpenStream
  readonly limits: HttpLimits
  readonly clock: Clock
  /** This server's public address. A function: the port may be chosen only by listening. */
  readonly publicUrl?: () => string
  readonly onExchange?: (exchange: ObservedExchange) => void
  /** Reports values of a provider that are not as documented. */
  readonly driftOf?: (provider: string) => DriftReporter
  /** Absent: nothing that was read is kept for, or shared with, another operation. */
  readonly cache?: ReplyCache
  /** Where calls are archived. Absent: every call is read from its provider. */
  readonly archives?: ReadArchive['store']
  /** Called with the moment of a call that was read and is not as it is archived. */
  readonly onCallChanged?: (account: string, startedAt: string) => void
}

/** A connected account with what only the server itself needs of it. */
export interface JoinedAccount extends ConnectedAccount {
  readonly login: Login
  /** The link of an account that was linked at run time; null for one of the configuration. */
  readonly link: string | null
  readonly live: LiveSettings
  /** Null: its calls are not archived. */
  readonly archive: ArchiveSettings | null
  /** How its requests have been going, for metrics. */
  clientHealth(): ClientHealth
  /** Whether requests to its provider are under way, or wait. */
  isBusy(): boolean
  /** Whether requests to its provider wait for their turn. */
  isCrowded(): boolean
  /** Drops what was read before, of these nouns or all: something was written, or the account is gone. */
  clearCache(nouns?: readonly string[]): void
}

/** Joins an account to its provider; makes no request. */
export function connectAccount(
  config: AccountConfig,
  services: ConnectionServices,
  link: string | null = null,
): JoinedAccount {
  const { manager, send, openStream, limits, clock, publicUrl = () => '', onExchange, cache, driftOf } = services
  const { label, workspace, live, archive, settings } = config
  const facts = factsOf(config, publicUrl, driftOf, clock.now)
  const { key } = facts
  const connection = config.provider.connect(settings, facts)
  const { capabilities } = connection
  const provider = capabilities ? { ...config.provider, capabilities } : config.provider
  const id = globalId('Account', key)
  const source = { provider: provider.slug, accountId: id }
  const named = { ...source, drift: facts.drift }
  const authorizeUrl = () => (connection.flow.authorization ? `${publicUrl()}/connect/${key}` : null)
  const login = manager.login(link === null ? key : `${key}~${link}`, connection.flow, authorizeUrl)
  const client = new AccountClient({
    source,
    origins: connection.origins,
    authorizer: login,
    send,
    openStream,
    limits,
    clock,
    onExchange,
    cache,
  })
  const archived =
    archive && services.archives
      ? archivedCallLogs({
          ...{ key, workspace, provider, settings: archive, store: services.archives, now: clock.now },
          onChanged: (startedAt) => services.onCallChanged?.(key, startedAt),
        })
      : undefined
  return {
    key,
    id,
    label,
    workspace,
    provider,
    facts,
    login,
    link,
    live,
    archive,
    source(operation, onRequest, onCached) {
      const reads = readsOf(client, operation)
      const onArchived = (cached: Cached) => {
        onCached?.(cached)
        reads.noteStale(cached)
      }
      const own = connection.source(reads.rest(onRequest, onCached))
      return nameErrors(own, named, archived && ((log) => archived(log, operation, onArchived)))
    },
    authorization: () => login.state(),
    health: () => shownHealth(client),
    clientHealth: () => client.health(),
    isBusy: () => client.health().underWay + client.health().waiting > 0,
    isCrowded: () => client.health().waiting > 0,
    clearCache: (nouns) => client.forget(nouns),
  }
}

/** Equal reads of one operation are one request, however many sources ask. */
function readsOf(client: AccountClient, operation: Operation): OperationReads {
  const known = operation.reads.get(client)
  if (known) return known
  const reads = new OperationReads(client, operation)
  operation.reads.set(client, reads)
  return reads
}

/**
 * The facts with the redirect URI of browser logins, which is one for all accounts of a provider.
 */
export function factsOf(
  { facts, provider }: AccountConfig,
  publicUrl: () => string = () => '',
  driftOf?: ConnectionServices['driftOf'],
  now?: () => number,
): AccountFacts {
  return new Facts(facts, provider.slug, publicUrl, driftOf?.(provider.slug), now)
}

/**
 * A class, so that the facts of all accounts have one hidden class: every field of every record that
 * is mapped reads some of them.
 */
class Facts implements AccountFacts {
  readonly key: string
  readonly country: string
  readonly timeZone: string
  readonly drift?: DriftReporter
  readonly now?: () => number

  constructor(
    { key, country, timeZone }: AccountConfig['facts'],
    private readonly provider: string,
    private readonly publicUrl: () => string,
    drift: DriftReporter | undefined,
    now: (() => number) | undefined,
  ) {
    this.key = key
    this.country = country
    this.timeZone = timeZone
    if (drift) this.drift = drift
    if (now) this.now = now
  }

  get redirectUri(): string {
    return `${this.publicUrl()}/connect/callback/${this.provider}`
  }
}

function shownHealth(client: AccountClient): AccountHealth {
  const { circuit, rateLimitResetAt, lastSuccessAt, lastFailureAt } = client.health()
  return {
    circuit,
    rateLimitResetAt: isoTime(rateLimitResetAt),
    lastSuccessAt: isoTime(lastSuccessAt),
    lastFailureAt: isoTime(lastFailureAt),
  }
}
