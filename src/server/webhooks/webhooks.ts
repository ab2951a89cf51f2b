import type { WebhookEndpoint } from '../../model/webhook-endpoint.js'
import type { JoinedAccount } from '../accounts/connect-account.js'
import type { AccountRegistry } from '../accounts/registry.js'
import type { Routes } from '../web/routes.js'
import { deliveriesByAccount } from './deliveries.js'
import { webhookEndpoints } from './endpoints.js'
import { webhookRoute, type WebhookRouteOptions } from './route.js'
import { webhookTokens } from './tokens.js'

export interface WebhooksOptions extends Pick<WebhookRouteOptions, 'receive' | 'onDelivery' | 'clock' | 'log'> {
  readonly registry: AccountRegistry
  readonly signingKeys: readonly Buffer[]
  /** URL at which providers reach this server. */
  readonly publicUrl: () => string
}

/** The address that providers deliver to, and what managers of an account are shown of it. */
export interface Webhooks extends Routes {
  /** Null where the provider may not deliver. */
  endpointOf(account: JoinedAccount | undefined): WebhookEndpoint | null
}

/** What providers deliver to one process. */
export function openWebhooks({ registry, signingKeys, publicUrl, ...options }: WebhooksOptions): Webhooks {
  const tokens = webhookTokens(signingKeys)
  const deliveriesOf = deliveriesByAccount()
  return {
    ...webhookRoute({ ...options, tokens, deliveriesOf, find: (key) => registry.served(key) }),
    endpointOf: webhookEndpoints({ tokens, publicUrl, deliveriesOf }),
  }
}
