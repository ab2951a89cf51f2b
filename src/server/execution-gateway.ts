import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'

import type { Executor } from './execution.js'

type Gateway = ApolloServerOptionsWithGateway<never>['gateway']
type SchemaListener = Parameters<Gateway['onSchemaLoadOrUpdate']>[0]

/** How Apollo Server is given another executor than graphql's own: as a gateway of one schema, which never changes. */
export function executionGateway<Context>(schema: GraphQLSchema, execute: Executor<Context>): Gateway {
  const listeners = new Set<SchemaListener>()
  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: '' })
      return {
        executor: ({ document, request, context }) =>
          execute({
            document,
            operationName: request.operationName,
            variables: request.variables,
            context: context as Context,
          }),
      }
    },
    async stop() {},
  }
}
