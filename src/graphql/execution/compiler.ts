import { getArgumentValues, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'

import { conditionVariables } from '../selection.js'
import { bareOperation, type ArgumentPlace } from './bare-document.js'
import { compilerSchema, type ArgumentSource } from './compiler-schema.js'
import { compiledFields } from './compiled-fields.js'

type Variables = Readonly<Record<string, unknown>>
type Compiled = ReturnType<typeof compileQuery>

/** What the compiled code gives; errors stand on a path and carry what was thrown. */
export type CompiledResult = Awaited<ReturnType<Extract<Compiled, { query: unknown }>['query']>>

/** Runs an operation; `variables` have been coerced. */
export type CompiledOperation = (context: unknown, variables: Variables) => CompiledResult | Promise<CompiledResult>

export interface Compiler {
  /** Null for an operation that is not worth it, or that the compiler cannot do. The document is valid. */
  compiled(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): CompiledOperation | null
}

/** Code for more fields than this takes longer to make than it could ever save; abstract types multiply them. */
const MOST_FIELDS = 500
/** What is kept, in fields: some 40 MB of code. */
const KEPT_FIELDS = 20_000

export interface CompilerOptions {
  /** Whether an operation is worth it before it has been asked again. */
  readonly atOnce: boolean
  /** Default: enough for hundreds of operations. */
  readonly keptFields?: number
}

interface Entry {
  /** Undefined while it has been asked only once: making code takes some ten times as long as running without. */
  readonly run: CompiledOperation | null | undefined
  readonly fields: number
}

/** Turns operations into code, once each, and keeps what was asked for last. */
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
      let known = documents.get(document)
      if (!known) documents.set(document, (known = { id: (ids += 1), conditions: conditionVariables(document) }))
      const conditions = known.conditions.map((name) => variables[name])
      // Such as null, which only graphql itself can tell of where it stands.
      if (conditions.some((value) => typeof value !== 'boolean')) return null
      const key = `${known.id} ${conditions.map(Number).join('')} ${operation.name?.value ?? ''}`
      const entry = kept.get(key)
      if (entry?.run !== undefined) return entry.run
      const made = entry || atOnce ? compile(document, operation, variables) : ASKED_ONCE
      kept.set(key, made)
      return made.run ?? null
    },
  }

  function compile(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): Entry {
    const bare = bareOperation(schema, document, operation, variables)
    const fields = bare && compiledFields(bareSchema, bare.document, MOST_FIELDS)
    if (!bare || fields === null) return IMPOSSIBLE
    const compiled = compileQuery(bareSchema, bare.document, operation.name?.value, {
      disableLeafSerialization: true,
      disablingCapturingStackErrors: true,
    })
    if (!isCompiledQuery(compiled)) return IMPOSSIBLE
    const run: CompiledOperation = (context, given) => compiled.query(argumentSource(bare.places, given), context, {})
    return { run, fields }
  }
}

const ASKED_ONCE: Entry = { run: undefined, fields: 0 }
const IMPOSSIBLE: Entry = { run: null, fields: 0 }

/** Arguments are read once for each place of the operation, however many objects stand there. */
function argumentSource(places: readonly ArgumentPlace[], variables: Variables): ArgumentSource {
  const known: Readonly<Record<string, unknown>>[] = []
  return {
    argumentsAt(at) {
      const { definition, node } = places[at]!
      return (known[at] ??= getArgumentValues(definition, node, variables))
    },
  }
}
