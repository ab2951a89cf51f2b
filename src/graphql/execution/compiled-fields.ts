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

/** The path of a field as the compiler names its functions: response names, innermost first. */
type CompilerPath = readonly string[]

/**
 * How many fields the compiler would write code for: each once for every type an object may have,
 * and so on below it. Null when there are more than `most`, or when the compiler would give two of
 * them one name and confuse them, as it does with `a_b` and the `b` of an `a`.
 */
export function countCompiledFields(schema: GraphQLSchema, document: DocumentNode, most: number): number | null {
  const fragments = fragmentsOf(document)
  let root: SelectionSetNode | null = null
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) root = node.selectionSet
  }
  const pathsByName = new Map<string, string>()
  let count = 0
  return root && object(schema.getQueryType()!, [root], []) ? count : null

  /** False when the document must not be compiled. */
  function object(type: GraphQLObjectType, sets: readonly SelectionSetNode[], path: CompilerPath): boolean {
    const fields = new Map<string, FieldNode[]>()
    const visited = new Set<string>()
    for (const set of sets) collect(type, set, fields, visited)
    for (const [name, nodes] of fields) {
      if ((count += 1) > most) return false
      const definition = type.getFields()[nodes[0]!.name.value]
      if (definition && !field(definition, nodes, [name, ...path])) return false
    }
    return true
  }

  function field({ resolve, type }: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], path: CompilerPath) {
    const named = getNamedType(type)
    if ((resolve || isAbstractType(named)) && !isUnambiguous(path)) return false
    if (isLeafType(named)) return true
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const items = withIndexes(type, path)
    if (!isAbstractType(named)) return object(named as GraphQLObjectType, sets, items)
    return schema.getPossibleTypes(named).every((one) => object(one, sets, [one.name, ...items]))
  }

  function isUnambiguous(path: CompilerPath): boolean {
    const name = path.join('_')
    const key = path.join(' ')
    const other = pathsByName.get(name)
    pathsByName.set(name, key)
    return other === undefined || other === key
  }

  function collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value
        const nodes = fields.get(name)
        if (nodes) nodes.push(node)
        else fields.set(name, [node])
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (appliesTo(schema, node, type)) collect(type, node.selectionSet, fields, visited)
      } else if (!visited.has(node.name.value)) {
        visited.add(node.name.value)
        const fragment = fragments.get(node.name.value)!
        if (appliesTo(schema, fragment, type)) collect(type, fragment.selectionSet, fields, visited)
      }
    }
  }
}

/** The compiler names an item by how many lists are around it, and so does this. */
function withIndexes(type: GraphQLOutputType, path: CompilerPath): CompilerPath {
  if (isNonNullType(type)) return withIndexes(type.ofType, path)
  if (!isListType(type)) return path
  const depth = path.filter((name) => name.startsWith('idx')).length
  return withIndexes(type.ofType as GraphQLOutputType, [`idx${depth}`, ...path])
}
