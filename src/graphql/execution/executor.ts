import {
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import { createCompiler, type CompiledResult } from './compiler.js'
import { withErrorsInOrder } from './errors-in-order.js'

/** A valid document and what was sent with it. */
export interface ExecutionRequest<Context> {
  readonly document: DocumentNode
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
  readonly context: Context
}

/** An operation that is about to run, its variables coerced. */
export interface BegunOperation {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * Compiled: queries run as code made for them, and by graphql itself only where that cannot be made. Adaptive: the same, once a query has
 * been asked before. Interpreted: by graphql itself. The answers are the same.
 */
export type ExecutorKind = 'adaptive' | 'compiled' | 'interpreted'

export interface ExecutorOptions<Context> {
  /** Default: adaptive. */
  readonly executor?: ExecutorKind | undefined
  /** Hears of each query right before its first field is resolved; what it returns is called when the query is over. */
  readonly onQuery?: ((begun: BegunOperation, context: Context) => () => void) | undefined
}

export type Executor<Context> = (request: ExecutionRequest<Context>) => Promise<ExecutionResult>

/** As many problems with variables as graphql tells of by itself. */
const MOST_VARIABLE_ERRORS = 50

/** Runs valid operations. */
export function createExecutor<Context>(
  schema: GraphQLSchema,
  { executor = 'adaptive', onQuery = () => () => {} }: ExecutorOptions<Context> = {},
): Executor<Context> {
  const compiler = executor === 'interpreted' ? null : createCompiler(schema, { atOnce: executor === 'compiled' })

  return async ({ document, operationName, variables, context }) => {
    const interpreted = () =>
      execute({ schema, document, operationName, variableValues: variables, contextValue: context })
    const operation = getOperationAST(document, operationName)
    if (!operation) return interpreted()
    const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, {
      maxErrors: MOST_VARIABLE_ERRORS,
    })
    if (errors) return { errors }
    if (operation.operation !== OperationTypeNode.QUERY) {
      return withErrorsInOrder(schema, document, operation, await interpreted())
    }
    const onEnd = onQuery({ document, operation, variables: coerced }, context)
    const run = compiler?.compiled(document, operation, coerced)
    const result = run ? told(await run(context, coerced)) : await interpreted()
    onEnd()
    return withErrorsInOrder(schema, document, operation, result)
  }
}

/** The compiler's errors as graphql would have made them. */
function told({ data, errors }: CompiledResult): ExecutionResult {
  const given = data as ExecutionResult['data']
  return errors ? { errors: errors.map(located), data: given } : { data: given }
}

function located({ message, locations, path, originalError }: GraphQLError): GraphQLError {
  const cause = originalError instanceof GraphQLError ? originalError : null
  const error = new GraphQLError(message, { path, originalError, extensions: cause?.extensions })
  return Object.defineProperty(error, 'locations', { value: cause?.locations ?? locations })
}
