import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import type { Client } from 'graphql-ws'

import { GRAPH_ADDRESS } from './addresses.js'
import { newCache } from './cache.js'
import { callerKey, onCallerKey } from './caller-key.js'
import { subscribeGoingOn } from './going-on.js'

const http = new HttpLink({
  uri: GRAPH_ADDRESS,
  fetch: (address, options) => {
    const key = callerKey()
    const headers = new Headers(options?.headers)
    if (key !== null) headers.set('authorization', `Bearer ${key}`)
    return fetch(address, { ...options, headers })
  },
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
  link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, live, http),
  cache: newCache(),
  defaultOptions: SHOW_WHAT_CAME,
})

// What one caller may see is nothing to the next.
onCallerKey(() => void client.resetStore().catch(() => {}))
