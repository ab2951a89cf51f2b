import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'

import { appliesTo, fragmentsOf } from '../selection.js'

/** Where a field stands, as the compiler calls what belongs to it: names in one another, innermost first. */
type Place = readonly string[]

/**
 * How many fields the compiler would write code for: one for each type that an object may be, and so again below it. Null when there
 * are more than `most`, or when it would call two of them by one name and mistake them for each other, as it does `a_b` and the `b` of an `a`.
 */
export function compiledFields(schema: GraphQLSchema, document: DocumentNode, most: number): number | null {
  const fragments = fragmentsOf(document)
  let root: SelectionSetNode | null = null
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) root = node.selectionSet
  }
  const called = new Map<string, string>()
  let count = 0
  return root && object(schema.getQueryType()!, [root], []) ? count : null

  /** False when it shall not be compiled. */
  function object(type: GraphQLObjectType, sets: readonly SelectionSetNode[], place: Place): boolean {
    const fields = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) collect(type, set, fields, spread)
    for (const [name, nodes] of fields) {
      if ((count += 1) > most) return false
      const definition = type.getFields()[nodes[0]!.name.value]
      if (definition && !field(definition, nodes, [name, ...place])) return false
    }
    return true
  }

  function field({ resolve, type }: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], place: Place) {
    const named = getNamedType(type)
    if ((resolve || isAbstractType(named)) && !isOnlyOne(place)) return false
    if (isLeafType(named)) return true
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const items = withIndexes(type, place)
    if (!isAbstractType(named)) return object(named as GraphQLObjectType, sets, items)
    return schema.getPossibleTypes(named).every((one) => object(one, sets, [one.name, ...items]))
  }

  function isOnlyOne(place: Place): boolean {
    const name = place.join('_')
    const path = place.join(' ')
    const other = called.get(name)
    called.set(name, path)
    return other === undefined || other === path
  }

  function collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value
        const nodes = fields.get(name)
        if (nodes) nodes.push(node)
        else fields.set(name, [node])
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (appliesTo(schema, node, type)) collect(type, node.selectionSet, fields, spread)
      } else if (!spread.has(node.name.value)) {
        spread.add(node.name.value)
        const fragment = fragments.get(node.name.value)!
        if (appliesTo(schema, fragment, type)) collect(type, fragment.selectionSet, fields, spread)
      }
    }
  }
}

/** The compiler counts the lists around a place and not those within a type, so an index is enough to tell them apart. */
function withIndexes(type: GraphQLOutputType, place: Place): Place {
  if (isNonNullType(type)) return withIndexes(type.ofType, place)
  if (!isListType(type)) return place
  const depth = place.filter((name) => name.startsWith('idx')).length
  return withIndexes(type.ofType as GraphQLOutputType, [`idx${depth}`, ...place])
}
