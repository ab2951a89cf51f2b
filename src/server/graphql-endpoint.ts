import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'

import { formatError } from '../graphql/format-error.js'
import type { Operation } from '../providers/account.js'
import type { Log } from './log.js'

/** What the endpoint needs of a request's context; the resolvers' own is more. */
export interface EndpointContext {
  readonly operation: Operation
}

export interface EndpointOptions {
  readonly schema: GraphQLSchema
  /** Introspection and field suggestions. */
  readonly explore: boolean
  readonly operationTokens: number
  readonly log: Log
}

/** What an operation was and how it went, noted for the log line of its request. */
export interface OperationSummary {
  readonly operation: string | null
  readonly codes: readonly string[]
}

/** Executes GraphQL; told nothing of HTTP servers. `summaries` holds what became of each operation. */
export interface Endpoint<Context extends EndpointContext> {
  readonly apollo: ApolloServer<Context>
  readonly summaries: WeakMap<Operation, OperationSummary>
}

export async function startEndpoint<Context extends EndpointContext>(
  options: EndpointOptions,
): Promise<Endpoint<Context>> {
  const summaries: Endpoint<Context>['summaries'] = new WeakMap()
  // Which request an error belongs to: Apollo formats errors without their context.
  const requests = new WeakMap<object, string>()
  const apollo = new ApolloServer<Context>({
    schema: options.schema,
    formatError: (_formatted, error) => {
      const requestId = requests.get(error as object) ?? null
      return formatError(error, { requestId, onDefect: (defect) => options.log.defect(requestId, defect) })
    },
    introspection: options.explore,
    hideSchemaDetailsFromClientErrors: !options.explore,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    cache: 'bounded',
    parseOptions: { maxTokens: options.operationTokens },
    // The process drains and exits by its own hand, see main.ts.
    stopOnTerminationSignals: false,
    logger: endpointLogger(options.log),
    plugins: [
      observe(options.log, summaries, requests),
      // It wraps every field to compute a header that is always `no-store` here.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing is ever reported to another host, whatever the environment says.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  })
  await apollo.start()
  return { apollo, summaries }
}

/** Notes which request an error belongs to, and what the log will tell of the operation. */
function observe<Context extends EndpointContext>(
  log: Log,
  summaries: WeakMap<Operation, OperationSummary>,
  requests: WeakMap<object, string>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) requests.set(error, contextValue.operation.requestId)
        },
        async willSendResponse({ response, contextValue, operationName }) {
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : []
          summaries.set(contextValue.operation, {
            operation: operationName ?? null,
            codes: [...new Set(errors.map((error) => String(error.extensions?.['code'])))],
          })
        },
      }
    },
    async unexpectedErrorProcessingRequest({ error }) {
      log.defect(null, error)
    },
  }
}

const endpointLogger = (log: Log) => ({
  debug: () => {},
  info: () => {},
  warn: (message: unknown) => log.warning(String(message)),
  error: (message: unknown) => log.warning(String(message)),
})
