import {
  getArgumentValues,
  getNullableType,
  isInputObjectType,
  isNonNullType,
  Kind,
  valueFromAST,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type ValueNode,
} from 'graphql'

type Values = Readonly<Record<string, unknown>>

/** @throws GraphQLError for arguments that are invalid with these variables. */
export type ReadArguments = (variables: Values) => Values

/** What an argument is, or a field of an input object. */
interface Slot {
  readonly name: string
  readonly type: GraphQLInputType
  readonly defaultValue?: unknown
}

/** Null: graphql has to look itself. */
type Read<Value> = (variables: Values) => Value | null

/** One slot that is written, or has a default. */
interface Step {
  readonly name: string
  /** Its value where it is the same every time, else what reads it. */
  readonly constant: unknown
  readonly variable: string | null
  readonly object: Read<Values> | null
  readonly isNullable: boolean
  readonly byDefault: unknown
}

/**
 * Reads the arguments of one field of a valid document, with the coerced variables of each request.
 * The same as graphql's own `getArgumentValues`, which looks at types and nodes again every time;
 * what is out of the ordinary, lists and errors among it, is left to that.
 */
export function argumentsReader(definition: GraphQLField<unknown, unknown>, node: FieldNode): ReadArguments {
  const read = slotsReader(definition.args, node.arguments ?? [])
  return (variables) => read?.(variables) ?? getArgumentValues(definition, node, variables)
}

/** Null where one of them is out of the ordinary with whatever variables. */
function slotsReader(
  slots: readonly Slot[],
  written: readonly { readonly name: { readonly value: string }; readonly value: ValueNode }[],
): Read<Values> | null {
  const steps: Step[] = []
  for (const slot of slots) {
    const node = written.find(({ name }) => name.value === slot.name)?.value
    const step = node ? writtenStep(slot, node) : unwrittenStep(slot)
    if (step === null) return null
    if (step !== 'NOTHING') steps.push(step)
  }
  return (variables) => take(steps, variables)
}

function unwrittenStep({ name, type, defaultValue }: Slot): Step | 'NOTHING' | null {
  if (defaultValue !== undefined) return { ...NO_STEP, name, constant: defaultValue }
  return isNonNullType(type) ? null : 'NOTHING'
}

function writtenStep({ name, type, defaultValue }: Slot, node: ValueNode): Step | null {
  const step = { ...NO_STEP, name, isNullable: !isNonNullType(type), byDefault: defaultValue }
  if (node.kind === Kind.VARIABLE) return { ...step, variable: node.name.value }
  if (node.kind === Kind.LIST) return null
  if (node.kind === Kind.OBJECT) {
    const object = getNullableType(type)
    if (!isInputObjectType(object) || object.isOneOf) return null
    const read = slotsReader(Object.values(object.getFields()), node.fields)
    return read && { ...step, object: read }
  }
  const constant: unknown = valueFromAST(node, type)
  // What could be changed is made anew for every request.
  return constant === undefined || (typeof constant === 'object' && constant !== null) ? null : { ...step, constant }
}

const NO_STEP: Step = {
  name: '',
  constant: undefined,
  variable: null,
  object: null,
  isNullable: true,
  byDefault: undefined,
}

function take(steps: readonly Step[], variables: Values): Values | null {
  const values: Record<string, unknown> = {}
  for (const { name, constant, variable, object, isNullable, byDefault } of steps) {
    if (variable !== null) {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : byDefault
      // Missing, or null where there must be something: an error.
      if (value == null && !isNullable) return null
      if (value !== undefined) values[name] = value
    } else if (object !== null) {
      const value = object(variables)
      if (value === null) return null
      values[name] = value
    } else {
      values[name] = constant
    }
  }
  return values
}
