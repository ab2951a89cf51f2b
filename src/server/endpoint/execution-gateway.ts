import { HeaderMap, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server'
import type { ExecutionResult, GraphQLSchema } from 'graphql'

import type { Operation } from '../../operation.js'
import type { ExecutionRequest, Executor } from '../../graphql/execution/executor.js'

type Gateway = ApolloServerOptionsWithGateway<never>['gateway']
type SchemaListener = Parameters<Gateway['onSchemaLoadOrUpdate']>[0]

/** What Apollo Server needs in order to run operations by another executor than graphql's own. */
export interface ExecutionRoad<Context extends { readonly operation: Operation }> {
  /** How it is given one: as a gateway of one schema, which never changes. */
  readonly gateway: Gateway
  /**
   * Answers what went well before Apollo Server comes to its gateway: on its way there it makes an object with accessors for each operation,
   * and V8 keeps those, and all that hangs on them, until it collects old objects. What has errors goes that way, where they are told.
   */
  readonly plugin: ApolloServerPlugin<Context>
}

export function executionRoad<Context extends { readonly operation: Operation }>(
  schema: GraphQLSchema,
  execute: Executor<Context>,
): ExecutionRoad<Context> {
  const listeners = new Set<SchemaListener>()
  const run = (asked: ExecutionRequest<Context>): Promise<ExecutionResult> => {
    const { operation } = asked.context
    return (operation.execution ??= execute(asked))
  }
  return {
    gateway: {
      onSchemaLoadOrUpdate(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      async load() {
        for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: '' })
        return {
          executor: ({ document, request: { operationName, variables }, context }) =>
            run({ document, operationName, variables, context: context as Context }),
        }
      },
      async stop() {},
    },
    plugin: {
      requestDidStart: async () => ({
        async responseForOperation({ document, operation, request: { operationName, variables }, contextValue }) {
          // Who explains an operation wants its phases timed.
          if (!operation || contextValue.operation.journal) return null
          const result = await run({ document, operationName, variables, context: contextValue }).catch(() => null)
          if (!result || result.errors) return null
          const http = { status: undefined, headers: new HeaderMap() }
          return { http, body: { kind: 'single', singleResult: result } }
        },
      }),
    },
  }
}
