import { setMaxListeners } from 'node:events'

import { serve, json, type Route, type EmulatedServer } from '../../src/emulator/serve.js'
import { systemClock } from '../../src/clock.js'
import type { Authorizer } from '../../src/http/account/authorizer.js'
import { defaultHttpLimits, type HttpLimits } from '../../src/http/limits.js'
import { AccountClient } from '../../src/http/account/account-client.js'
import { OperationReads } from '../../src/http/account/operation-reads.js'
import { Operation } from '../../src/operation.js'
import { createSender } from '../../src/http/wire/send.js'
import { createStreamer } from '../../src/http/wire/stream.js'

/** A server of a few routes, for what the http folder promises of any server. */
export const upstream = (routes: readonly Route[] = []): Promise<EmulatedServer> =>
  serve({
    routes: [{ method: 'GET', pattern: /\/ok/, handle: () => json({ fine: true }) }, ...routes],
    tokenPaths: /^\/never$/,
    accountOf: () => null,
    notFound: () => json({ error: 'no such thing' }, 404),
    options: {},
  })

/** Lets every request pass as it is. */
export const noLogin: Authorizer = {
  session: 0,
  authorize: async (request) => ({ request, login: null }),
  refuses: () => false,
  reauthorize: async () => null,
  refusedAgain: () => {},
  identity: async () => ({}),
}

/** The reads of a new operation of this client. */
export function readsOf(client: AccountClient, signal = new AbortController().signal): OperationReads {
  setMaxListeners(0, signal)
  return new OperationReads(client, new Operation({ requestId: 'operation', signal }))
}

export interface Client {
  readonly client: AccountClient
  /** Closes all connections of the client. */
  readonly sender: { close(): Promise<void> }
}

export function clientOf(
  url: string,
  limits: Partial<HttpLimits> = {},
  authorizer: Authorizer = noLogin,
  clock = systemClock,
): Client {
  const all = { ...defaultHttpLimits, ...limits }
  const sender = createSender(all, clock)
  const streamer = createStreamer(all, clock)
  return {
    sender: { close: async () => void (await Promise.all([sender.close(), streamer.close()])) },
    client: new AccountClient({
      source: { provider: 'acme', accountId: 'global-id' },
      origins: [url],
      authorizer,
      send: sender.send,
      openStream: streamer.open,
      limits: all,
      clock,
    }),
  }
}
