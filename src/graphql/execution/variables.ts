import {
  getVariableValues,
  Kind,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql'

type Values = Readonly<Record<string, unknown>>

/** Coerced variables, or why they are refused. */
export type ReadVariables =
  | { readonly errors: readonly GraphQLError[]; readonly coerced?: never }
  | { readonly coerced: Values; readonly errors?: never }

interface DeclaredVariable {
  readonly name: string
  readonly isNullable: boolean
  readonly hasDefault: boolean
  /** Whether a value is coerced to itself; of types that graphql does not define itself, none is known to be. */
  readonly isCoerced: (value: unknown) => boolean
}

/** As many errors about variables as graphql reports by default. */
const MOST_ERRORS = 50

const isText = (value: unknown): boolean => typeof value === 'string'

/** The scalars of the GraphQL specification, section 3.5. */
const SCALARS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['ID', isText],
  ['String', isText],
  ['Boolean', (value: unknown) => typeof value === 'boolean'],
  ['Int', (value: unknown) => typeof value === 'number' && (value | 0) === value],
  ['Float', Number.isFinite],
])

/**
 * Coerces the variables of an operation as graphql's own `getVariableValues` does, which works out
 * types and paths again every time: plain values of plain scalars are taken as they are, and what is
 * left out is left out.
 */
export function variablesReader(
  schema: GraphQLSchema,
): (operation: OperationDefinitionNode, sent: Values) => ReadVariables {
  const declared = new WeakMap<OperationDefinitionNode, readonly DeclaredVariable[]>()
  return (operation, sent) => {
    let variables = declared.get(operation)
    if (!variables) declared.set(operation, (variables = declaredVariables(operation)))
    const coerced = taken(variables, sent)
    return coerced ? { coerced } : coercedVariables(schema, operation, sent)
  }
}

/** The same for an operation that is read once. */
export const coercedVariables = (
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  sent: Values,
): ReadVariables => getVariableValues(schema, variableDefinitions, sent, { maxErrors: MOST_ERRORS })

function declaredVariables({ variableDefinitions = [] }: OperationDefinitionNode): readonly DeclaredVariable[] {
  return variableDefinitions.map(({ variable, type, defaultValue }) => ({
    name: variable.name.value,
    isNullable: type.kind !== Kind.NON_NULL_TYPE,
    hasDefault: defaultValue !== undefined,
    isCoerced: scalarOf(type) ?? (() => false),
  }))
}

function scalarOf(type: TypeNode): ((value: unknown) => boolean) | undefined {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type
  return named.kind === Kind.NAMED_TYPE ? SCALARS.get(named.name.value) : undefined
}

/** Null where one of them needs more than to be taken. */
function taken(variables: readonly DeclaredVariable[], sent: Values): Values | null {
  const values: Record<string, unknown> = {}
  for (const { name, isNullable, hasDefault, isCoerced } of variables) {
    if (!Object.hasOwn(sent, name)) {
      if (!isNullable || hasDefault) return null
      continue
    }
    const value = sent[name]
    if (name === '__proto__') return null
    if (value === null ? !isNullable : !isCoerced(value)) return null
    values[name] = value
  }
  return values
}
