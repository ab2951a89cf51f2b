import {
  getNamedType,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import type { ListName } from '../../model/request-fields.js'
import { argumentsReader } from '../execution/arguments.js'
import { fragmentsOf, selectedFields, type SelectionScope } from '../selection.js'
import { edgeOf, type FieldEdge } from './edges.js'

type Variables = Readonly<Record<string, unknown>>
type Arguments = Readonly<Record<string, unknown>>

/** A list the operation selects, with the edges it selects of its items. */
export interface PlannedList {
  /**
   * How its accounts are chosen: one account, a page of accounts, or all that take part in a root
   * list.
   */
  readonly of: 'account' | 'accounts' | 'everywhere'
  /** Arguments of the root field; null when they are invalid. */
  readonly root: (variables: Variables) => Arguments | null
  readonly list: ListName
  /** Arguments of the list; null when they are invalid. */
  readonly page: (variables: Variables) => Arguments | null
  readonly edges: readonly FieldEdge[]
}

const LISTS: ReadonlySet<string> = new Set<ListName>(['dids', 'extensions', 'groups'])
const ITEMS: ReadonlySet<string> = new Set(['nodes', 'edges', 'node'])

/**
 * Reads a valid query once: through fragments and aliases, and without what `@skip` and `@include`
 * leave out.
 */
export function prefetchPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): readonly PlannedList[] {
  const fragments = fragmentsOf(document)
  const scope: SelectionScope = { schema, fragments, variables }
  const query = schema.getQueryType()!
  return selectedFields(scope, query, operation.selectionSet).flatMap((root) => {
    const name = root.name.value
    if (LISTS.has(name)) return plannedList(scope, query, root, { of: 'everywhere', root: () => ({}) })
    if (name !== 'account' && name !== 'accounts') return []
    const account = schema.getType('Account') as GraphQLObjectType
    const accounts = name === 'account' ? [root] : itemsOf(scope, query, root)
    const chosen = { of: name, root: argumentsOf(query.getFields()[name]!, root) } as const
    return accounts
      .flatMap(({ selectionSet }) => (selectionSet ? selectedFields(scope, account, selectionSet) : []))
      .filter((node) => LISTS.has(node.name.value))
      .flatMap((node) => plannedList(scope, account, node, chosen))
  })
}

/** Nothing for a list no edge of whose items is selected. */
function plannedList(
  scope: SelectionScope,
  parent: GraphQLObjectType,
  node: FieldNode,
  chosen: Pick<PlannedList, 'of' | 'root'>,
): readonly PlannedList[] {
  const list = node.name.value as ListName
  const definition = parent.getFields()[list]!
  const item = itemType(definition)
  const names = itemsOf(scope, parent, node)
    .flatMap(({ selectionSet }) => (selectionSet ? selectedFields(scope, item, selectionSet) : []))
    .map((field) => field.name.value)
  const edges = [...new Set(names)].flatMap((name) => {
    const field = item.getFields()[name]
    return (field && edgeOf(item.name, field)) ?? []
  })
  return edges.length > 0 ? [{ ...chosen, list, page: argumentsOf(definition, node), edges }] : []
}

/**
 * The fields that stand for the items of a connection: its `nodes`, and the `node` of its `edges`.
 */
function itemsOf(scope: SelectionScope, parent: GraphQLObjectType, node: FieldNode): readonly FieldNode[] {
  const definition = parent.getFields()[node.name.value]!
  const type = getNamedType(definition.type) as GraphQLObjectType
  if (!node.selectionSet) return []
  return selectedFields(scope, type, node.selectionSet).flatMap((field) => {
    if (!ITEMS.has(field.name.value)) return []
    return field.name.value === 'edges' ? itemsOf(scope, type, field) : [field]
  })
}

/** Every connection has `nodes`. */
function itemType({ type }: GraphQLField<unknown, unknown>): GraphQLObjectType {
  const connection = getNamedType(type) as GraphQLObjectType
  return getNamedType(connection.getFields()['nodes']!.type) as GraphQLObjectType
}

function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (variables: Variables) => Arguments | null {
  const read = argumentsReader(definition, node)
  return (variables) => {
    try {
      return read(variables)
    } catch {
      // The field itself will report it.
      return null
    }
  }
}
