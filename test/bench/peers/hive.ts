/** A gateway before a subgraph, both in one process and without a network between them: the least a gateway can add. */
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'

import { listen } from './listen.js'
import { yoga } from './yoga-server.js'

const gateway = createGatewayRuntime({
  // Else equal requests under way at once are one, and nothing is compared.
  proxy: { endpoint: 'http://subgraph/graphql', deduplicateInflightRequests: false },
  fetchAPI: { fetch: (url: string, options?: RequestInit) => yoga.fetch(url, options ?? {}) },
  ...{ logging: false, graphiql: false, landingPage: false },
})
listen((request, response) => void gateway(request, response))
