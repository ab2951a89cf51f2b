import { Kind, type FieldNode, type OperationDefinitionNode, type ValueNode } from 'graphql'

/** Values of variables as they were sent, or their defaults; not coerced. */
export type Variables = Readonly<Record<string, unknown>>

/** The variables an operation declares: the value sent for each, else its default. */
export function variableValues(operation: OperationDefinitionNode, sent: Variables | null | undefined): Variables {
  const definitions = operation.variableDefinitions ?? []
  if (definitions.length === 0) return {}
  const values: Record<string, unknown> = Object.create(null)
  for (const { variable, defaultValue } of definitions) {
    const name = variable.name.value
    if (sent && Object.hasOwn(sent, name)) values[name] = sent[name]
    else if (defaultValue) values[name] = valueOf(defaultValue, {})
  }
  return values
}

/**
 * The value of an argument as plain JSON, neither checked nor coerced; undefined where it is left
 * out.
 */
export function argumentValue({ arguments: nodes }: FieldNode, name: string, variables: Variables): unknown {
  const argument = nodes?.find((one) => one.name.value === name)
  return argument && valueOf(argument.value, variables)
}

function valueOf(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value]
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.NULL:
      return null
    case Kind.LIST:
      return node.values.map((value) => valueOf(value, variables))
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, valueOf(value, variables)]))
    default:
      return node.value
  }
}
