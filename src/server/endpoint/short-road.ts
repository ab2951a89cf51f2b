import { getOperationAST, OperationTypeNode, type DocumentNode, type GraphQLError } from 'graphql'
import type { OperationDefinitionNode } from 'graphql'

import type { Executor } from '../../graphql/execution/executor.js'
import type { Documents } from './document-store.js'
import type { EndpointContext } from './endpoint-context.js'
import { shortcomingsOf } from './shortcomings.js'

/** A request that says no more than which operation it asks for, and with what. */
export interface PlainOperation {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>> | undefined
}

/** An operation that is about to run, of a document that is valid. */
export interface SizedOperation<Context> {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>> | undefined
  readonly context: Context
}

/**
 * Answers queries that were asked before without Apollo Server, whose pipeline costs as much as all
 * resolvers of a small query. It knows what Apollo Server found valid, and gives back whatever does
 * not go well: then Apollo Server answers, with the same context and the same execution.
 */
export interface ShortRoad<Context> {
  /** The document of a text that was asked before; null where Apollo Server must read it. */
  find(text: string): DocumentNode | null
  /** The answer as JSON; null, at once or later, where Apollo Server must give it. */
  answer(asked: PlainOperation, document: DocumentNode, context: Context): Promise<string | null> | null
}

export interface ShortRoadOptions<Context> {
  readonly documents: Documents
  /** Runs an operation once for each context, however often it is called. */
  readonly run: Executor<Context>
  /** Why an operation is refused, although its document is valid; null where it is not. */
  readonly refusal: (sized: SizedOperation<Context>) => GraphQLError | null
}

export function shortRoad<Context extends EndpointContext>({
  documents,
  run,
  refusal,
}: ShortRoadOptions<Context>): ShortRoad<Context> {
  return {
    find: documents.find,
    answer({ operationName, variables }, document, context) {
      const { operation: ours } = context
      // Apollo Server times the phases of what is explained.
      if (ours.journal) return null
      const operation = getOperationAST(document, operationName)
      if (operation?.operation !== OperationTypeNode.QUERY) return null
      if (refusal({ document, operation, variables, context })) return null
      return run({ document, operationName, variables, context }).then(
        ({ data, errors }) => {
          if (errors) return null
          ours.summary = { kind: operation.operation, operation: operation.name?.value ?? null, codes: NONE }
          if (!mayFallShort(ours)) return released(ours, JSON.stringify({ data }))
          return shortcomingsOf(ours, data).then((extensions) =>
            released(ours, JSON.stringify({ data, ...(extensions && { extensions }) })),
          )
        },
        () => null,
      )
    },
  }
}

const NONE: readonly string[] = []

function released(operation: EndpointContext['operation'], answer: string): string {
  operation.release()
  return answer
}

const mayFallShort = ({ lists, stale }: EndpointContext['operation']): boolean => lists.length > 0 || stale.size > 0
