import {
  getNamedType,
  isAbstractType,
  isLeafType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

/**
 * A selection of every field of a type, `depth` objects deep; below that nothing but the type's name is asked. Pages of a list do not
 * count as a level and hold `size` items. Fields are called `Type_field` below unions, where two types may mean different things by a name.
 * `selected` hears of every field by its coordinate.
 */
export function everyField(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  { depth, size, selected }: { depth: number; size: number; selected: (coordinate: string) => void },
): string {
  return selection(type, depth)

  function selection(of: GraphQLCompositeType, left: number): string {
    if (left === 0) return '{ __typename }'
    const parts = isAbstractType(of)
      ? schema.getPossibleTypes(of).map((one) => `... on ${one.name} { ${fields(one, left, `${one.name}_`)} }`)
      : [fields(of as GraphQLObjectType, left, '')]
    return `{ __typename ${parts.join(' ')} }`
  }

  function fields(of: GraphQLObjectType, left: number, prefix: string): string {
    return Object.values(of.getFields())
      .map((field) => {
        selected(`${of.name}.${field.name}`)
        const named = getNamedType(field.type)
        const below = isLeafType(named) ? '' : selection(named as GraphQLCompositeType, isPage(field) ? left : left - 1)
        return `${prefix && `${prefix}${field.name}: `}${field.name}${pageSize(field)} ${below}`
      })
      .join(' ')
  }

  function pageSize({ args }: GraphQLField<unknown, unknown>): string {
    return args.some(({ name }) => name === 'first') ? `(first: ${size})` : ''
  }
}

/** A list's page belongs to the list. */
const isPage = ({ type }: GraphQLField<unknown, unknown>): boolean => getNamedType(type).name.endsWith('Connection')
