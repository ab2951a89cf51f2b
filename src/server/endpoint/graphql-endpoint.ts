import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLError, GraphQLSchema, ValidationRule } from 'graphql'

import { schemaHider } from '../../graphql/hide-schema.js'
import { documentStore } from './document-store.js'
import type { EndpointContext } from './endpoint-context.js'
import type { Executor } from '../../graphql/execution/executor.js'
import { errorFormatter, type FormatError } from './error-formatter.js'
import { executionGateway } from './execution-gateway.js'
import { shortRoad, type ShortRoad, type SizedOperation } from './short-road.js'
import type { Log } from '../observing/log.js'

export interface EndpointOptions<Context extends EndpointContext> {
  readonly schema: GraphQLSchema
  readonly execute: Executor<Context>
  /** Begins a subscription. Default: there are none. */
  readonly subscribe?: Executor<Context>
  /** Default: one of its own. */
  readonly formatError?: FormatError
  /** Introspection and field suggestions. */
  readonly explore: boolean
  readonly operationTokens: number
  /** Besides those of graphql itself. */
  readonly validationRules?: readonly ValidationRule[]
  readonly plugins?: readonly ApolloServerPlugin<Context>[]
  /** Why an operation of a valid document is refused, as one of the plugins does. Default: none is. */
  readonly refusal?: (sized: SizedOperation<Context>) => GraphQLError | null
  readonly persistedQueries?: ApolloServerOptions<Context>['persistedQueries']
  readonly log: Log
}

/** Executes GraphQL, and knows no HTTP server. */
export interface Endpoint<Context extends EndpointContext> {
  readonly apollo: ApolloServer<Context>
  readonly direct: ShortRoad<Context>
}

export async function startEndpoint<Context extends EndpointContext>(
  options: EndpointOptions<Context>,
): Promise<Endpoint<Context>> {
  // Which request an error belongs to: Apollo formats errors without their context.
  const requests = new WeakMap<object, FailedRequest>()
  const formatError = options.formatError ?? errorFormatter(options)
  const execution = executionGateway(options.schema, options.execute, options.subscribe ?? options.execute)
  const documents = documentStore()
  const apollo = new ApolloServer<Context>({
    gateway: execution.gateway,
    formatError: (_formatted, error) => {
      const { requestId = null, hide } = requests.get(error as object) ?? {}
      return formatError(error, requestId, hide)
    },
    introspection: options.explore,
    hideSchemaDetailsFromClientErrors: !options.explore,
    includeStacktraceInErrorResponses: false,
    // The route refuses what a page of another site could send: it sees more than header names.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    cache: 'bounded',
    documentStore: documents.store,
    stringifyResult: (result) => JSON.stringify(result),
    parseOptions: { maxTokens: options.operationTokens },
    ...(options.persistedQueries !== undefined && { persistedQueries: options.persistedQueries }),
    validationRules: [...(options.validationRules ?? [])],
    // The process drains and exits by its own hand, see main.ts.
    stopOnTerminationSignals: false,
    logger: endpointLogger(options.log),
    plugins: [
      observe(options.log, requests),
      ...(options.plugins ?? []),
      execution.plugin,
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
  const { run } = execution
  return { apollo, direct: shortRoad({ documents, run, refusal: options.refusal ?? (() => null) }) }
}

/** The request an error belongs to, and what hides names of the schema in its message. */
interface FailedRequest {
  readonly requestId: string
  readonly hide: (message: string) => string
}

/** Notes which request an error belongs to, and what the log will tell of the operation. */
function observe<Context extends EndpointContext>(
  log: Log,
  requests: WeakMap<object, FailedRequest>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue: { operation }, source = '', request: { variables } }) {
          const hide = schemaHider(source, variables)
          for (const error of errors) requests.set(error, { requestId: operation.requestId, hide })
        },
        async willSendResponse({ response, contextValue, operationName, operation }) {
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : []
          contextValue.operation.summary = {
            kind: operation?.operation ?? null,
            operation: operationName ?? null,
            codes: [...new Set(errors.map((error) => String(error.extensions?.['code'])))],
          }
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
