import {
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import { createCompiler, type CompiledResult, type Compiler } from './compiler.js'
import { errorsInOrder } from './errors-in-order.js'
import { createPlanner } from './planner.js'
import { variablesReader } from './variables.js'

/** A valid document with its variables and context. */
export interface ExecutionRequest<Context> {
  readonly document: DocumentNode
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
  readonly context: Context
  /** What the fields of the root type are resolved from. Default: nothing. */
  readonly rootValue?: unknown
}

/** An operation that is about to run, its variables coerced. */
export interface StartingOperation {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * Compiled: queries run as code generated for them, and by graphql itself only where that is
 * impossible. Adaptive: the same from the second time a query runs. Planned: along a plan of what is
 * selected, which takes little memory. Interpreted: by graphql itself. The results are the same.
 */
export type ExecutorKind = 'adaptive' | 'compiled' | 'planned' | 'interpreted'

export interface ExecutorOptions<Context> {
  /** Default: adaptive. */
  readonly executor?: ExecutorKind | undefined
  /**
   * Called right before a query's first field is resolved; the function it returns is called when
   * the query is over.
   */
  readonly onQuery?: ((operation: StartingOperation, context: Context) => () => void) | undefined
}

export type Executor<Context> = (request: ExecutionRequest<Context>) => Promise<ExecutionResult>

/** Executes valid operations. */
export function createExecutor<Context>(
  schema: GraphQLSchema,
  { executor = 'adaptive', onQuery = () => () => {} }: ExecutorOptions<Context> = {},
): Executor<Context> {
  const compiler = compilerOf(schema, executor)
  const readVariables = variablesReader(schema)

  return async ({ document, operationName, variables, context, rootValue }) => {
    const interpreted = () =>
      execute({ schema, document, operationName, variableValues: variables, contextValue: context, rootValue })
    const operation = getOperationAST(document, operationName)
    if (!operation) return interpreted()
    const { errors, coerced } = readVariables(operation, variables ?? {})
    if (errors) return { errors }
    if (operation.operation !== OperationTypeNode.QUERY) {
      return errorsInOrder(schema, document, operation, await interpreted())
    }
    const onEnd = onQuery({ document, operation, variables: coerced }, context)
    const run = compiler?.compiled(document, operation, coerced)
    const result = run ? asGraphql(await run(context, coerced, rootValue)) : await interpreted()
    onEnd()
    return errorsInOrder(schema, document, operation, result)
  }
}

function compilerOf(schema: GraphQLSchema, executor: ExecutorKind): Compiler | null {
  if (executor === 'interpreted') return null
  return executor === 'planned' ? createPlanner(schema) : createCompiler(schema, { atOnce: executor === 'compiled' })
}

/** The result with its errors as graphql would have created them. */
function asGraphql({ data, errors }: CompiledResult): ExecutionResult {
  const plain = data as ExecutionResult['data']
  return errors ? { errors: errors.map(located), data: plain } : { data: plain }
}

function located({ message, locations, path, originalError }: GraphQLError): GraphQLError {
  const cause = originalError instanceof GraphQLError ? originalError : null
  const error = new GraphQLError(message, { path, originalError, extensions: cause?.extensions })
  return Object.defineProperty(error, 'locations', { value: cause?.locations ?? locations })
}
