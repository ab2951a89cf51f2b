import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

import { startTickerServer, until, type TickerServer } from './ticker-server.js'

interface Ticks {
  readonly ticks: { readonly text: string; readonly cursor: string } | null
}

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function start(): Promise<TickerServer> {
  const server = await startTickerServer({ config: { limits: { drainNoticeMs: 0 } } })
  open.push(server)
  return server
}

const TICKS = 'subscription Ticks($after: String) { ticks(resumeAfter: $after) { text cursor } }'

const socketClient = (server: TickerServer) => {
  const url = `${server.url.replace('http', 'ws')}/graphql`
  const client = createClient({ url, webSocketImpl: WebSocket, shouldRetry: () => true, retryWait: async () => {} })
  open.push({ close: () => client.dispose() })
  return client
}

/** What a client tells of a subscription, until it is ended. */
interface Followed {
  readonly texts: unknown[]
  readonly errors: unknown[]
  readonly ends: string[]
}

describe('Apollo Client', () => {
  function follow(client: ApolloClient): Followed {
    const followed: Followed = { texts: [], errors: [], ends: [] }
    const subscription = client.subscribe<Ticks>({ query: gql(TICKS), errorPolicy: 'all' }).subscribe({
      next({ data, error }) {
        if (data?.ticks) followed.texts.push(data.ticks.text)
        if (error) followed.errors.push(error)
      },
      error: () => followed.ends.push('error'),
      complete: () => followed.ends.push('complete'),
    })
    open.push({ close: () => subscription.unsubscribe() })
    return followed
  }

  test.each(['HttpLink, in parts', 'GraphQLWsLink'])('is served over its %s', async (name) => {
    const server = await start()
    const link = name.startsWith('Http')
      ? new HttpLink({ uri: `${server.url}/graphql` })
      : new GraphQLWsLink(socketClient(server))
    const client = new ApolloClient({ link, cache: new InMemoryCache() })
    open.push({ close: () => client.stop() })
    const { texts, errors, ends } = follow(client)
    await until(() => server.ticker.listeners === 1)
    const transport = name.startsWith('Http') ? 'multipart' : 'websocket'
    expect(server.logged('subscribed')).toMatchObject([{ transport, operation: 'Ticks' }])
    server.ticker.append('one')
    await until(() => texts.length === 1)
    // A heartbeat is no event.
    server.clock.advance(12)
    server.ticker.append('refused', 'three')
    await until(() => texts.length >= 3)
    expect(texts).toEqual(['one', null, 'three'])
    expect(errors).toHaveLength(1)
    expect(ends).toEqual([])
  })

  test('is told of a connection that was closed under it, which is no end of the subscription', async () => {
    const server = await startTickerServer({ config: { limits: { drainNoticeMs: 0 } } })
    const client = new ApolloClient({
      link: new HttpLink({ uri: `${server.url}/graphql` }),
      cache: new InMemoryCache(),
    })
    open.push({ close: () => client.stop() })
    const { texts, errors } = follow(client)
    await until(() => server.ticker.listeners === 1)
    server.ticker.append('one')
    await until(() => texts.length === 1)
    await server.close()
    await until(() => errors.length === 1)
    expect(String(errors[0])).toContain('premature end of multipart body')
  })
})

describe('urql', () => {
  test.each(['fetchExchange', 'subscriptionExchange'])('is served over its %s', async (name) => {
    const server = await start()
    const exchanges =
      name === 'fetchExchange'
        ? [fetchExchange]
        : [
            subscriptionExchange({
              forwardSubscription: ({ query = '', variables }) => ({
                subscribe: (sink) => ({
                  unsubscribe: socketClient(server).subscribe({ query, variables }, sink as never),
                }),
              }),
            }),
          ]
    const client = new Client({
      ...{ url: `${server.url}/graphql`, exchanges, preferGetMethod: false },
      fetchSubscriptions: name === 'fetchExchange',
    })
    const texts: unknown[] = []
    const { unsubscribe } = client.subscription<Ticks>(TICKS, {}).subscribe(({ data }) => {
      if (data?.ticks) texts.push(data.ticks.text)
    })
    open.push({ close: unsubscribe })
    await until(() => server.ticker.listeners === 1)
    const transport = name === 'fetchExchange' ? 'sse' : 'websocket'
    expect(server.logged('subscribed')).toMatchObject([{ transport }])
    server.ticker.append('one', 'two')
    await until(() => texts.length === 2)
    expect(texts).toEqual(['one', 'two'])
    // And a query, which takes streams by its Accept header as well, stays one.
    if (name === 'fetchExchange') {
      const { data, error } = await client.query<{ hello: null }>('{ hello }', {}).toPromise()
      expect([data, error]).toEqual([{ hello: null }, undefined])
    }
  })
})
