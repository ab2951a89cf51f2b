import { HeaderMap, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server'
import { getOperationAST, OperationTypeNode, type ExecutionResult, type GraphQLSchema } from 'graphql'

import type { ExecutionRequest, Executor } from '../../graphql/execution/executor.js'
import type { Operation } from '../../operation.js'

type Gateway = ApolloServerOptionsWithGateway<never>['gateway']
type SchemaListener = Parameters<Gateway['onSchemaLoadOrUpdate']>[0]

/** Makes Apollo Server run operations with another executor than graphql's own. */
export interface ExecutionGateway<Context extends { readonly operation: Operation }> {
  /** Its way of taking an executor: a gateway with one schema that never changes. */
  readonly gateway: Gateway
  /**
   * Answers operations without errors before Apollo Server calls the gateway: for that it makes an
   * object with accessors for each operation, which V8 keeps, with everything it refers to, until a
   * major collection. Operations with errors take the gateway, where errors are reported.
   */
  readonly plugin: ApolloServerPlugin<Context>
  /** Runs an operation once for each context: whoever asks again is given the same result. */
  readonly run: Executor<Context>
}

/** `subscribe` is called for subscriptions, which are not executed before there is an event. */
export function executionGateway<Context extends { readonly operation: Operation }>(
  schema: GraphQLSchema,
  execute: Executor<Context>,
  subscribe: Executor<Context>,
): ExecutionGateway<Context> {
  const listeners = new Set<SchemaListener>()
  const run = (request: ExecutionRequest<Context>): Promise<ExecutionResult> => {
    const { operation } = request.context
    return (operation.execution ??= isSubscription(request) ? subscribe(request) : execute(request))
  }
  return {
    run,
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
          // `explain` times the phases, which this shortcut would skip.
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

const isSubscription = ({ document, operationName }: ExecutionRequest<unknown>): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
