import { isoTime } from '../../clock.js'
import type { WebhookEndpoint } from '../../model/webhook-endpoint.js'
import type { JoinedAccount } from '../accounts/connect-account.js'
import type { AccountDeliveries } from './deliveries.js'
import type { WebhookTokens } from './tokens.js'

/** Path of every address, before the account's key and its token. */
export const WEBHOOKS_PATH = '/webhooks'

/** Where the provider delivers events of this account; null where it may not. */
export const webhookUrl = (
  { key, workspace, live }: Pick<JoinedAccount, 'key' | 'workspace' | 'live'>,
  { tokens, publicUrl }: { readonly tokens: WebhookTokens; readonly publicUrl: () => string },
): string | null => (live.webhook ? `${publicUrl()}${WEBHOOKS_PATH}/${key}/${tokens.of({ key, workspace })}` : null)

export interface WebhookEndpointOptions {
  readonly tokens: WebhookTokens
  readonly publicUrl: () => string
  readonly deliveriesOf: (account: JoinedAccount) => AccountDeliveries
}

/** What managers of an account are shown of its webhook; null where it is closed. */
export function webhookEndpoints(
  options: WebhookEndpointOptions,
): (account: JoinedAccount | undefined) => WebhookEndpoint | null {
  return (account) => {
    const url = account ? webhookUrl(account, options) : null
    if (!account || url === null) return null
    const { counts, lastReceivedAt } = options.deliveriesOf(account)
    return {
      url,
      username: account.live.basic?.username ?? null,
      lastReceivedAt: isoTime(lastReceivedAt),
      accepted: counts.accepted,
      duplicates: counts.duplicate,
      refused: counts.refused,
      unknown: counts.unknown,
    }
  }
}
