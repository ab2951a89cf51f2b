import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import type { Client } from 'graphql-ws'

import { GRAPH_ADDRESS } from './addresses.js'
import { newCache } from './cache.js'
import { callerKey, callerKeyIsOver, onCallerKey } from './caller-key.js'
import { needsKey } from './failures.js'
import { subscribeGoingOn } from './going-on.js'

/** As long as an answer may take, ms: the server itself gives up long before, and says so. */
const PATIENCE_MS = 60_000

const http = new HttpLink({
  uri: GRAPH_ADDRESS,
  fetch: (address, options) => {
    const key = callerKey()
    const headers = new Headers(options?.headers)
    if (key !== null) headers.set('authorization', `Bearer ${key}`)
    const late = AbortSignal.timeout(PATIENCE_MS)
    const signal = options?.signal ? AbortSignal.any([options.signal, late]) : late
    return fetch(address, { ...options, headers, signal })
  },
})

/** Asked when the page opens, and again when a key is over: the form that asks for another one says why. */
const WHO = 'ConsoleViewer'

const watched = new ErrorLink(({ error, operation }) => {
  if (operation.operationName !== WHO && needsKey(error)) callerKeyIsOver()
})

const live = new GraphQLWsLink({ subscribe: subscribeGoingOn } as Client)

/**
 * One phone system that is out of order must not empty a view. Declared for all of Apollo Client, as its types ask, it
 * would be so in the tests of other clients, too.
 */
const SHOW_WHAT_CAME = {
  watchQuery: { errorPolicy: 'all' },
  query: { errorPolicy: 'all' },
  mutate: { errorPolicy: 'all' },
} as unknown as NonNullable<ApolloClient.Options['defaultOptions']>

/** The graph, and all that the page knows of it. */
export const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    live,
    watched.concat(http),
  ),
  cache: newCache(),
  defaultOptions: SHOW_WHAT_CAME,
})

// What one caller may see is nothing to the next, or to one whose key is over.
onCallerKey(() => void client.resetStore().catch(() => {}))
