import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'

import { conditionVariables } from '../selection.js'
import { argumentsReader, type ReadArguments } from './arguments.js'
import { bareDocument } from './bare-document.js'
import { compilerSchema, type ArgumentSource } from './compiler-schema.js'
import { countCompiledFields } from './compiled-fields.js'

type Variables = Readonly<Record<string, unknown>>
type Compiled = ReturnType<typeof compileQuery>

/** What compiled code returns; errors have a path and what was thrown as their original error. */
export type CompiledResult = Awaited<ReturnType<Extract<Compiled, { query: unknown }>['query']>>

/** Runs an operation; `variables` have been coerced. */
export type CompiledOperation = (
  context: unknown,
  variables: Variables,
  rootValue: unknown,
) => CompiledResult | Promise<CompiledResult>

export interface Compiler {
  /**
   * Null for an operation that is not worth compiling, or that cannot be compiled. The document is
   * valid.
   */
  compiled(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): CompiledOperation | null
}

/**
 * Compiling more fields than this takes longer than it could ever save; abstract types multiply
 * them.
 */
const MOST_FIELDS = 500
/** Capacity of the cache of compiled operations, in fields: some 40 MB of code. */
const KEPT_FIELDS = 20_000

export interface CompilerOptions {
  /** Whether to compile an operation the first time it runs. */
  readonly atOnce: boolean
  /** Default: enough for hundreds of operations. */
  readonly keptFields?: number | undefined
}

interface Entry {
  /**
   * Undefined after the first run: compiling takes some ten times as long as running interpreted.
   */
  readonly run: CompiledOperation | null | undefined
  readonly fields: number
}

/** Compiles each operation once and keeps those used last. */
export function createCompiler(schema: GraphQLSchema, { atOnce, keptFields = KEPT_FIELDS }: CompilerOptions): Compiler {
  const bareSchema = compilerSchema(schema)
  const documents = new WeakMap<DocumentNode, { readonly id: number; readonly conditions: readonly string[] }>()
  const kept = new LRUCache<string, Entry>({
    maxSize: keptFields,
    sizeCalculation: ({ fields }) => fields + 1,
  })
  let ids = 0

  return {
    compiled(document, operation, variables) {
      let entry = documents.get(document)
      if (!entry) documents.set(document, (entry = { id: (ids += 1), conditions: conditionVariables(document) }))
      const conditions = entry.conditions.map((name) => variables[name])
      // graphql itself reports what is wrong with a condition such as null.
      if (conditions.some((value) => typeof value !== 'boolean')) return null
      const key = `${entry.id} ${conditions.map(Number).join('')} ${operation.name?.value ?? ''}`
      const compiled = kept.get(key)
      if (compiled?.run !== undefined) return compiled.run
      const next = compiled || atOnce ? compile(document, operation, variables) : RUN_ONCE
      kept.set(key, next)
      return next.run ?? null
    },
  }

  function compile(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): Entry {
    const bare = bareDocument(schema, document, operation, variables)
    const fields = bare && countCompiledFields(bareSchema, bare.document, MOST_FIELDS)
    if (!bare || fields === null) return IMPOSSIBLE
    const compiled = compileQuery(bareSchema, bare.document, operation.name?.value, {
      disableLeafSerialization: true,
      disablingCapturingStackErrors: true,
    })
    if (!isCompiledQuery(compiled)) return IMPOSSIBLE
    const readers = bare.fields.map(({ definition, node }) => argumentsReader(definition, node))
    const run: CompiledOperation = (context, values, rootValue) =>
      compiled.query(argumentSource(readers, values, rootValue), context, {})
    return { run, fields }
  }
}

const RUN_ONCE: Entry = { run: undefined, fields: 0 }
const IMPOSSIBLE: Entry = { run: null, fields: 0 }

/** Arguments are read once per field of the operation, however many objects it is resolved for. */
function argumentSource(readers: readonly ReadArguments[], variables: Variables, rootValue: unknown): ArgumentSource {
  const values: Readonly<Record<string, unknown>>[] = []
  return {
    rootValue,
    argumentsAt(index) {
      return (values[index] ??= readers[index]!(variables))
    },
  }
}
