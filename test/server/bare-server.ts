import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLObjectType, GraphQLSchema, GraphQLString, type GraphQLFieldConfigMap } from 'graphql'

import type { Operation } from '../../src/operation.js'
import { ANYONE } from '../../src/server/callers/caller.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createExecutor } from '../../src/graphql/execution/executor.js'
import { startEndpoint } from '../../src/server/endpoint/graphql-endpoint.js'
import { graphqlRoute } from '../../src/server/endpoint/graphql-route.js'
import { createHttpServer } from '../../src/server/http-server.js'
import { createLog } from '../../src/server/observing/log.js'

export interface BareContext {
  readonly operation: Operation
}

/** A server over HTTP as it is, around a schema made for one test. */
export interface BareServer {
  readonly url: string
  readonly logLines: readonly string[]
  close(): Promise<boolean>
}

/** Each text field by its name, as it is resolved. */
export async function startBareServer(
  fields: Readonly<Record<string, (context: BareContext) => unknown>>,
  options: object = {},
  plugins: readonly ApolloServerPlugin<BareContext>[] = [],
): Promise<BareServer> {
  const map: GraphQLFieldConfigMap<unknown, BareContext> = Object.fromEntries(
    Object.entries(fields).map(([name, resolve]) => [
      name,
      { type: GraphQLString, resolve: (_root: unknown, _given: unknown, context: BareContext) => resolve(context) },
    ]),
  )
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: map }) })
  const logLines: string[] = []
  const log = createLog({ write: (line: string) => void logLines.push(line) })
  const config = checkConfig({ ...options, server: { port: 0, explore: false } }, [], { environment: {} })
  const endpoint = await startEndpoint<BareContext>({
    ...{ schema, log, plugins, explore: config.server.explore },
    execute: createExecutor(schema),
    operationTokens: config.limits.operationTokens,
  })
  const graphql = graphqlRoute<BareContext>({
    ...{ config, endpoint, log, explorer: null },
    admission: { admit: () => true, callerOf: () => ANYONE },
    createContext: (operation) => ({ operation }),
  })
  const server = createHttpServer({ config, assertReady: async () => {}, routes: [graphql], log })
  return { url: await server.listen(), logLines, close: () => server.drain() }
}
