import {
  defaultFieldResolver,
  getNamedType,
  GraphQLFloat,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
} from 'graphql'

/** The arguments of a compiled operation, passed in place of its root value. */
export interface ArgumentSource {
  /** The root value itself. */
  readonly rootValue: unknown
  /** @throws GraphQLError for invalid arguments. */
  argumentsAt(index: number): Readonly<Record<string, unknown>>
}

/**
 * The only argument of a field in the compiler's schema: its index among the operation's fields
 * with arguments.
 */
export const ARGUMENTS_INDEX = 'index'

const made = new WeakMap<GraphQLSchema, GraphQLSchema>()

/**
 * The schema as the compiler gets it: the same types and fields with as little else as possible.
 * Argument values never reach the compiler, or its generated code would contain them. Leaf values
 * that mappers leave in their final form are passed through; numbers are checked, because a
 * provider may send any. Compiled code supports neither promises in a list nor getters that throw:
 * resolvers return neither. The same schema gives the same object, read-only.
 */
export function compilerSchema(schema: GraphQLSchema): GraphQLSchema {
  const copy = made.get(schema) ?? copyForCompiler(schema)
  made.set(schema, copy)
  return copy
}

function copyForCompiler(schema: GraphQLSchema): GraphQLSchema {
  const copies = new Map<string, GraphQLNamedOutputType>()
  const root = schema.getQueryType()!
  return new GraphQLSchema({
    query: copied(root) as GraphQLObjectType,
    types: Object.values(schema.getTypeMap()).filter(isObjectType).filter(isOurs).map(copied),
    assumeValid: true,
  })

  function copied(type: GraphQLNamedOutputType): GraphQLNamedOutputType {
    if (isLeafType(type)) return CHECKED.get(type.name) ?? GraphQLString
    const existing = copies.get(type.name)
    if (existing) return existing
    const copy = copyOf(type)
    copies.set(type.name, copy)
    return copy
  }

  function copyOf(type: GraphQLNamedOutputType): GraphQLNamedOutputType {
    const { name } = type
    if (isUnionType(type)) {
      return new GraphQLUnionType({
        name,
        types: () => type.getTypes().map((one) => copied(one) as GraphQLObjectType),
        resolveType,
      })
    }
    const fields = () => mapped((type as GraphQLObjectType).getFields(), type === root)
    const interfaces = () =>
      (type as GraphQLObjectType).getInterfaces().map((one) => copied(one) as GraphQLInterfaceType)
    return isInterfaceType(type)
      ? new GraphQLInterfaceType({ name, fields, interfaces, resolveType })
      : new GraphQLObjectType({ name, fields, interfaces })
  }

  function mapped(fields: Readonly<Record<string, GraphQLField<unknown, unknown>>>, ofRoot: boolean) {
    return Object.fromEntries(
      Object.values(fields).map((field): [string, GraphQLFieldConfig<unknown, unknown>] => [
        field.name,
        { type: wrapped(field.type), ...resolution(ofRoot ? fromRootValue(field) : field) },
      ]),
    )
  }

  function wrapped(type: GraphQLOutputType): GraphQLOutputType {
    if (isNonNullType(type)) return new GraphQLNonNull(wrapped(type.ofType))
    if (isListType(type)) return new GraphQLList(wrapped(type.ofType as GraphQLOutputType))
    return copied(getNamedType(type))
  }
}

const isOurs = ({ name }: GraphQLObjectType): boolean => !name.startsWith('__')

/** For an object without `__typename` its field fails, not the whole operation. */
const resolveType = ({ __typename }: { readonly __typename: string }): string => __typename

/** Renamed, because the compiler does not check built-in numbers. */
const CHECKED = new Map(
  [GraphQLInt, GraphQLFloat].map(({ name, serialize }) => [
    name,
    new GraphQLScalarType({ name: `Checked${name}`, serialize }),
  ]),
)

/** The same field, resolved from the root value instead of from what is passed in its place. */
function fromRootValue(field: GraphQLField<unknown, unknown>): GraphQLField<unknown, unknown> {
  const { resolve = defaultFieldResolver } = field
  return {
    ...field,
    resolve: (source, args, context, info) => resolve((source as ArgumentSource).rootValue, args, context, info),
  }
}

function resolution({ args: definitions, resolve }: GraphQLField<unknown, unknown>) {
  if (!resolve || definitions.length === 0) return { resolve }
  return {
    args: { [ARGUMENTS_INDEX]: { type: GraphQLInt } },
    resolve: ((source, args, context, info) =>
      resolve(
        source,
        (info.rootValue as ArgumentSource).argumentsAt(args[ARGUMENTS_INDEX] as number),
        context,
        info,
      )) satisfies typeof resolve,
  }
}
