import {
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

/** Where compiled operations find the arguments of a field. They travel as the root value, which no resolver here reads. */
export interface ArgumentSource {
  /** Throws GraphQLError for arguments that cannot be. */
  argumentsAt(place: number): Readonly<Record<string, unknown>>
}

/** The one argument that a field with arguments has in the compiler's schema: its place among those of the operation. */
export const PLACE = 'place'

/**
 * The same types with the same fields for the compiler, which is told as little as it can do with. What a caller wrote as arguments never
 * reaches it: the code it generates would hold them. Values that mappers leave in their final spelling are handed on as they are;
 * numbers are checked, because a provider may send any. What the compiler makes has no place for a promise within a list, nor for a getter
 * that throws: resolvers give neither.
 */
export function compilerSchema(schema: GraphQLSchema): GraphQLSchema {
  const known = new Map<string, GraphQLNamedOutputType>()
  return new GraphQLSchema({
    query: named(schema.getQueryType()!) as GraphQLObjectType,
    types: Object.values(schema.getTypeMap()).filter(isObjectType).filter(isOurs).map(named),
    assumeValid: true,
  })

  function named(type: GraphQLNamedOutputType): GraphQLNamedOutputType {
    if (isLeafType(type)) return CHECKED.get(type.name) ?? GraphQLString
    const made = known.get(type.name)
    if (made) return made
    const copy = copyOf(type)
    known.set(type.name, copy)
    return copy
  }

  function copyOf(type: GraphQLNamedOutputType): GraphQLNamedOutputType {
    const { name } = type
    if (isUnionType(type)) {
      return new GraphQLUnionType({
        name,
        types: () => type.getTypes().map((one) => named(one) as GraphQLObjectType),
        resolveType,
      })
    }
    const fields = () => mapped((type as GraphQLObjectType).getFields())
    const interfaces = () =>
      (type as GraphQLObjectType).getInterfaces().map((one) => named(one) as GraphQLInterfaceType)
    return isInterfaceType(type)
      ? new GraphQLInterfaceType({ name, fields, interfaces, resolveType })
      : new GraphQLObjectType({ name, fields, interfaces })
  }

  function mapped(fields: Readonly<Record<string, GraphQLField<unknown, unknown>>>) {
    return Object.fromEntries(
      Object.values(fields).map((field): [string, GraphQLFieldConfig<unknown, unknown>] => [
        field.name,
        { type: wrapped(field.type), ...resolution(field) },
      ]),
    )
  }

  function wrapped(type: GraphQLOutputType): GraphQLOutputType {
    if (isNonNullType(type)) return new GraphQLNonNull(wrapped(type.ofType))
    if (isListType(type)) return new GraphQLList(wrapped(type.ofType as GraphQLOutputType))
    return named(getNamedType(type))
  }
}

const isOurs = ({ name }: GraphQLObjectType): boolean => !name.startsWith('__')

/** An object that does not say what it is becomes an error of its field, and not of the whole operation. */
const resolveType = ({ __typename }: { readonly __typename: string }): string => __typename

/** Named otherwise, so that the compiler does not take them for numbers that need no check. */
const CHECKED = new Map(
  [GraphQLInt, GraphQLFloat].map(({ name, serialize }) => [
    name,
    new GraphQLScalarType({ name: `Checked${name}`, serialize }),
  ]),
)

function resolution({ args, resolve }: GraphQLField<unknown, unknown>) {
  if (!resolve || args.length === 0) return { resolve }
  return {
    args: { [PLACE]: { type: GraphQLInt } },
    resolve: ((source, given, context, info) =>
      resolve(
        source,
        (info.rootValue as ArgumentSource).argumentsAt(given[PLACE] as number),
        context,
        info,
      )) satisfies typeof resolve,
  }
}
