import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { createClient, type Client } from 'graphql-ws'

import { latestAnswer } from './latest-answer.js'

/** The page is served by the endpoint it queries, whatever path a proxy adds. */
const url = window.location.pathname
const socketUrl = `${window.location.origin.replace(/^http/, 'ws')}${url}`

let socket: { readonly headers: string; readonly client: Client } | null = null

/** Subscriptions say who asks when they connect, by the headers of the editor. */
function clientFor(headers: Readonly<Record<string, string>>): Client {
  const key = JSON.stringify(headers)
  if (socket?.headers === key) return socket.client
  void socket?.client.dispose()
  // Without this the first failure to come back, as over a restart, is the last one.
  const client = createClient({
    url: socketUrl,
    connectionParams: headers,
    shouldRetry: () => true,
    retryAttempts: 100,
  })
  socket = { headers: key, client }
  return client
}

const ask: Fetcher = (question, options) => {
  const wsClient = clientFor((options?.headers ?? {}) as Readonly<Record<string, string>>)
  return createGraphiQLFetcher({ url, wsClient, enableIncrementalDelivery: false })(question, options)
}

export const { fetcher, drop: dropAnswer } = latestAnswer(ask)
