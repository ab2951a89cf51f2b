import { getArgumentValues, Kind, type FieldNode, type GraphQLField, type ValueNode } from 'graphql'

type Values = Readonly<Record<string, unknown>>

/** @throws GraphQLError for arguments that are invalid with these variables. */
export type ReadArguments = (variables: Values) => Values

/** One argument: the variable it is, or what it is every time. */
interface Step {
  readonly name: string
  readonly variable: string | null
  readonly value: unknown
}

/**
 * Reads the arguments of one field of a valid document, with the coerced variables of each request.
 * The same as graphql's own `getArgumentValues`, which looks at types and nodes again every time:
 * what is written as a variable, a number or a word is only looked up after the first time.
 */
export function argumentsReader(definition: GraphQLField<unknown, unknown>, node: FieldNode): ReadArguments {
  const written = new Map(node.arguments?.map(({ name, value }) => [name.value, value]))
  const isSimple = [...written.values()].every(({ kind }) => kind !== Kind.LIST && kind !== Kind.OBJECT)
  const read: ReadArguments = (variables) => getArgumentValues(definition, node, variables)
  if (!isSimple) return read

  let steps: readonly Step[] | null = null
  return (variables) => {
    if (steps === null) {
      const values = read(variables)
      steps = definition.args.flatMap(({ name }) => stepOf(name, written.get(name), values))
      return values
    }
    const values: Record<string, unknown> = {}
    for (const { name, variable, value } of steps) {
      const given = variable === null ? value : Object.hasOwn(variables, variable) ? variables[variable] : null
      // With null there may be a default, or it is refused.
      if (variable !== null && given == null) return read(variables)
      values[name] = given
    }
    return values
  }
}

function stepOf(name: string, written: ValueNode | undefined, values: Values): Step[] {
  if (written?.kind === Kind.VARIABLE) return [{ name, variable: written.name.value, value: null }]
  return name in values ? [{ name, variable: null, value: values[name] }] : []
}
