import { Kind, type FieldNode, type OperationDefinitionNode, type ValueNode } from 'graphql'

import type { Variables } from './cost-plan.js'

/** The variables of an operation as they were sent, and as they are by default where they were not. */
export function givenVariables(operation: OperationDefinitionNode, sent: Variables | null | undefined): Variables {
  const definitions = operation.variableDefinitions ?? []
  if (definitions.length === 0) return {}
  const given: Record<string, unknown> = Object.create(null)
  for (const { variable, defaultValue } of definitions) {
    const name = variable.name.value
    if (sent && Object.hasOwn(sent, name)) given[name] = sent[name]
    else if (defaultValue) given[name] = valueOf(defaultValue, {})
  }
  return given
}

/** What is given for an argument: plain JSON, neither checked nor coerced. Undefined when nothing is. */
export function givenArgument({ arguments: given }: FieldNode, name: string, variables: Variables): unknown {
  const argument = given?.find((one) => one.name.value === name)
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
