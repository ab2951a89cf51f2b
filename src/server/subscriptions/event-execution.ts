import { randomUUID } from 'node:crypto'

import type { GraphQLError } from 'graphql'

import { eventDocuments } from '../../graphql/execution/event-schema.js'
import type { Executor } from '../../graphql/execution/executor.js'
import type { FeedItem } from '../../graphql/feed.js'
import { schemaHider } from '../../graphql/hide-schema.js'
import { Operation } from '../../operation.js'
import type { Caller } from '../callers/caller.js'
import type { FormatError } from '../endpoint/error-formatter.js'
import { explained } from '../endpoint/explain.js'
import { shortcomingsOf } from '../endpoint/shortcomings.js'
import { eventDeadlines } from './event-deadlines.js'
import { Payload } from './payload.js'
import type { PreparedSubscription, SubscriptionContext } from './prepare.js'

/** Follows one execution of an event; what it returns is called with its error codes. */
export type EventObserver = (event: { readonly operation: string | null }) => {
  /** The span that its requests to providers belong to. */
  readonly trace: unknown
  end(codes: readonly string[]): void
}

export interface EventExecutionOptions<Ctx extends SubscriptionContext> {
  /** Executes in the schema of events. */
  readonly execute: Executor<Ctx>
  readonly createContext: (operation: Operation, caller: Caller) => Ctx
  readonly formatError: FormatError
  readonly timeoutMs: number
  readonly observe: EventObserver
}

/** A subscription, and for whom it is executed. */
export interface ExecutedFor {
  readonly subscription: PreparedSubscription
  readonly caller: Caller
  /** Whether each event tells what it has read. */
  readonly explain: boolean
}

export interface EventExecution {
  /** The result of one event; never rejects. */
  execute(of: ExecutedFor, item: FeedItem): Promise<Payload>
  /** The last thing a subscription that fails is told. */
  failure(of: Pick<ExecutedFor, 'subscription'>, error: unknown, requestId: string): Payload
}

/** Executes events as queries are executed, each as an operation of its own. */
export function eventExecution<Ctx extends SubscriptionContext>(options: EventExecutionOptions<Ctx>): EventExecution {
  const { execute, createContext, formatError, timeoutMs, observe } = options
  const documentOf = eventDocuments()
  const deadline = eventDeadlines(timeoutMs)

  async function result({ subscription, caller, explain }: ExecutedFor, item: FeedItem, operation: Operation) {
    const beganAt = performance.now()
    const { document, operation: definition, variables } = subscription
    const context = createContext(operation, caller)
    const { data = null, errors } = await execute({
      document: documentOf(document, definition),
      variables,
      context,
      rootValue: item.value,
    })
    const shortcomings = await shortcomingsOf(operation, data)
    const executeMs = Math.round((performance.now() - beganAt) * 100) / 100
    const phases = { parseMs: null, validateMs: null, executeMs, totalMs: executeMs }
    const explanation =
      explain && operation.journal ? { explain: explained(operation.journal, phases, context.prefetch ?? []) } : null
    const extensions = shortcomings || explanation ? { extensions: { ...shortcomings, ...explanation } } : {}
    return { formatted: errors && formattedErrors(subscription, errors, operation.requestId), data, extensions }
  }

  const formattedErrors = (
    { document, variables }: PreparedSubscription,
    errors: readonly (GraphQLError | unknown)[],
    requestId: string,
  ) => {
    const hide = schemaHider(document.loc?.source.body ?? '', variables)
    return errors.map((error) => formatError(error, requestId, hide))
  }

  function failure({ subscription }: Pick<ExecutedFor, 'subscription'>, error: unknown, requestId: string): Payload {
    const errors = formattedErrors(subscription, [error], requestId)
    const located = errors.map((one) => ({ path: [subscription.field], ...one }))
    return new Payload(JSON.stringify({ errors: located, data: { [subscription.field]: null } }))
  }

  return {
    failure,
    async execute(of, item) {
      const observed = observe({ operation: of.subscription.operation.name?.value ?? null })
      const requestId = randomUUID()
      const journal = of.explain ? { reads: [], tokenRequests: [], pending: [] } : null
      const operation = new Operation({ requestId, trace: observed.trace, journal, ...deadline() })
      try {
        const { formatted, data, extensions } = await result(of, item, operation)
        const text = JSON.stringify({ ...(formatted && { errors: formatted }), data, ...extensions })
        observed.end(codesOf(formatted ?? []))
        return new Payload(text)
      } catch (error) {
        observed.end(['INTERNAL_SERVER_ERROR'])
        return failure(of, error, requestId)
      }
    },
  }
}

const codesOf = (errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[]): readonly string[] => [
  ...new Set(errors.map(({ extensions }) => String(extensions?.['code']))),
]
