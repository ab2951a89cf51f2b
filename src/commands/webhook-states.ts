import { ConfigurationError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { Config } from '../server/config/config.js'
import type { Log } from '../server/observing/log.js'
import { webhookUrl } from '../server/webhooks/endpoints.js'
import { webhookTokens } from '../server/webhooks/tokens.js'
import { queryAccounts, withStoredAccounts } from './read-accounts.js'

/** One line of `dialgraph accounts --webhooks`. */
export interface WebhookState {
  readonly id: string
  readonly provider: string
  /** Where its provider delivers; null where it may not. */
  readonly url: string | null
  /** Name to enter besides, with its password. */
  readonly username: string | null
}

interface WebhookNode {
  readonly key: string
  readonly provider: { readonly slug: string }
  readonly webhook: { readonly url: string; readonly username: string | null } | null
}

const NODE = 'key provider { slug } webhook { url username }'

/** Asks a running server; null when none answers. */
export async function queryWebhookStates(serverUrl: string): Promise<readonly WebhookState[] | null> {
  const nodes = await queryAccounts<WebhookNode>(serverUrl, NODE)
  return (
    nodes?.map(({ key, provider, webhook }) => ({
      ...{ id: key, provider: provider.slug },
      ...{ url: webhook?.url ?? null, username: webhook?.username ?? null },
    })) ?? null
  )
}

/**
 * Makes the addresses from the configuration and its keys, as every server does.
 * @throws ConfigurationError for a store that does not open, and where the addresses are random
 */
export async function storedWebhookStates(
  config: Config,
  providers: readonly Provider[],
  log: Log,
  publicUrl: string,
): Promise<readonly WebhookState[]> {
  if (config.signingKeys.length === 0)
    throw new ConfigurationError(config.file ?? 'The configuration', [
      'store.encryptionKeys: without a key the addresses of webhooks are random, and only the server that runs knows them',
    ])
  const where = { tokens: webhookTokens(config.signingKeys), publicUrl: () => publicUrl }
  return withStoredAccounts(config, { providers, log, publicUrl: where.publicUrl }, (accounts) =>
    accounts.map((account) => ({
      ...{ id: account.key, provider: account.provider.slug },
      url: webhookUrl(account, where),
      username: account.live.webhook ? (account.live.basic?.username ?? null) : null,
    })),
  )
}

/** A line for each account, tab-separated; for a person with what to do where none is open. */
export function listWebhookStates(states: readonly WebhookState[], isTerminal: boolean): string {
  if (!isTerminal)
    return states
      .map(({ id, provider, url, username }) => [id, provider, url ?? '', username ?? ''].join('\t'))
      .join('\n')
  const lines = states.map(({ id, url, username }) => {
    const login = username === null ? '' : ` (as ${username}, with its password)`
    return `${id}: ${url === null ? 'closed' : `${url}${login}`}`
  })
  const isClosed = states.every(({ url }) => url === null)
  return [...lines, ...(isClosed ? ['`live: { webhook: true }` at an account opens its webhook.'] : [])].join('\n')
}
