import type { ApolloServerPlugin } from '@apollo/server'
import {
  getArgumentValues,
  getOperationAST,
  GraphQLError,
  locatedError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import type { Context } from '../../graphql/context.js'
import type { Executor } from '../../graphql/execution/executor.js'
import { coercedVariables } from '../../graphql/execution/variables.js'
import { compactDocument } from '../../graphql/execution/compact-document.js'
import { feedOf, type OpenedFeed } from '../../graphql/feed.js'
import { scopeOf } from '../../graphql/needs.js'
import { requireScope } from '../../graphql/scope.js'
import { fragmentsOf, selectedFields } from '../../graphql/selection.js'
import type { Operation } from '../../operation.js'
import type { EndpointContext } from '../endpoint/endpoint-context.js'

/** What the engine needs of a context; the resolvers' own is more. */
export type SubscriptionContext = EndpointContext & Pick<Context, 'viewer'> & Partial<Pick<Context, 'prefetch'>>

/** A subscription that can begin: valid, within all limits, allowed, and with its feed. */
export interface PreparedSubscription {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Response name of its one field. */
  readonly field: string
  /** The variable that holds nothing but the cursor; null where there is none. */
  readonly cursorVariable: string | null
  readonly opened: OpenedFeed
}

/** What a subscription gets where nothing can stream. */
export const HOW_TO_SUBSCRIBE =
  'A subscription is answered over WebSocket (graphql-transport-ws) at this address, or over HTTP to `Accept: text/event-stream` or `Accept: multipart/mixed;subscriptionSpec=1.0`.'
const NOT_ACCEPTABLE = 406

/**
 * Takes the place of executing a subscription in Apollo Server: what it leaves in the operation's
 * slot can begin. The result tells only why it cannot.
 */
export function subscriptionPreparer<Ctx extends SubscriptionContext>(schema: GraphQLSchema): Executor<Ctx> {
  return async ({ document: whole, operationName, variables, context }): Promise<ExecutionResult> => {
    const slot = context.operation.subscription
    // Kept for as long as the subscription is.
    const document = compactDocument(whole)
    const operation = getOperationAST(document, operationName)
    const root = schema.getSubscriptionType()
    if (!operation || !root) throw new Error('Something else than a subscription was to be prepared')
    if (!slot) return { errors: [notHere()] }
    const { errors, coerced } = coercedVariables(schema, operation, variables ?? {})
    if (errors) return { errors }
    const scope = { schema, fragments: fragmentsOf(document), variables: coerced }
    const [node] = selectedFields(scope, root, operation.selectionSet)
    if (!node) return { errors: [new GraphQLError('The subscription selects nothing', { extensions: BAD_INPUT })] }
    const field = (node.alias ?? node.name).value
    try {
      const definition = root.getFields()[node.name.value]!
      const settings = feedOf(definition)
      if (!settings) throw new Error(`Subscription.${definition.name} does not say what it is fed by`)
      const needed = scopeOf(definition)
      if (needed) requireScope(context, needed)
      const given = getArgumentValues(definition, node, coerced)
      // The contract's context is that of the whole server; a test has a smaller one.
      const opened = await settings.open(given, context as unknown as Context)
      const cursorVariable = cursorVariableOf(document, node, settings.cursorArgument)
      slot.prepared = { document, operation, variables: variables ?? {}, field, cursorVariable, opened }
      return { data: null }
    } catch (error) {
      return { data: { [field]: null }, errors: [locatedError(error, [node], [field])] }
    }
  }
}

/** The subscription that was prepared for this operation; null where it was something else. */
export const preparedIn = ({ subscription }: Operation): PreparedSubscription | null =>
  (subscription?.prepared ?? null) as PreparedSubscription | null

/**
 * The same advice for a GET, which Apollo Server refuses by itself for whatever is no query.
 */
export function subscriptionAdvice<Ctx extends EndpointContext>(): ApolloServerPlugin<Ctx> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ operation, request, response: { body, http } }) {
        const isRefused = request.http?.method === 'GET' && operation?.operation === OperationTypeNode.SUBSCRIPTION
        if (!isRefused || body.kind !== 'single' || !body.singleResult.errors) return
        http.status = NOT_ACCEPTABLE
        http.headers.delete('allow')
        body.singleResult.errors = body.singleResult.errors.map((error) => ({ ...error, message: HOW_TO_SUBSCRIBE }))
      },
    }),
  }
}

const BAD_INPUT = { code: 'BAD_USER_INPUT' }

const notHere = (): GraphQLError =>
  new GraphQLError(HOW_TO_SUBSCRIBE, { extensions: { ...BAD_INPUT, http: { status: NOT_ACCEPTABLE } } })

/** A variable that stands anywhere else makes a difference to the events. */
function cursorVariableOf({ loc }: DocumentNode, node: FieldNode, argument: string | null): string | null {
  const value = node.arguments?.find(({ name }) => name.value === argument)?.value
  if (value?.kind !== 'Variable') return null
  const name = value.name.value
  const uses = (loc?.source.body ?? '').match(new RegExp(`\\$\\s*${name}\\b`, 'g')) ?? []
  // Where it is declared, and here.
  return uses.length === 2 ? name : null
}
