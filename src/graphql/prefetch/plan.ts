import {
  getArgumentValues,
  getNamedType,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import { EDGES, type Noun } from './edges.js'
import { fieldsOf, fragmentsOf, type SelectionScope } from '../selection.js'

type Variables = Readonly<Record<string, unknown>>
type Arguments = Readonly<Record<string, unknown>>

/** A list that the operation asks for, with edges of its items that may lead to other lists. */
export interface PlannedList {
  /** What the accounts are chosen by: one account, those of a list of accounts, or all that take part in a list. */
  readonly of: 'account' | 'accounts' | 'everywhere'
  /** Arguments of the root field; null when they cannot be. */
  readonly root: (variables: Variables) => Arguments | null
  readonly list: Noun
  /** Arguments of the list; null when they cannot be. */
  readonly page: (variables: Variables) => Arguments | null
  /** By type and field, such as `Did.destination`. */
  readonly edges: readonly string[]
}

const NOUNS: ReadonlySet<string> = new Set<Noun>(['dids', 'extensions', 'groups'])
const ITEMS: ReadonlySet<string> = new Set(['nodes', 'edges', 'node'])

/** One walk over a valid query: through fragments and aliases, and past what `@skip` and `@include` leave out. */
export function prefetchPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): readonly PlannedList[] {
  const fragments = fragmentsOf(document)
  const scope: SelectionScope = { schema, fragments, variables }
  const query = schema.getQueryType()!
  return fieldsOf(scope, query, operation.selectionSet).flatMap((root) => {
    const name = root.name.value
    if (NOUNS.has(name)) return planned(scope, query, root, { of: 'everywhere', root: () => ({}) })
    const account = schema.getType('Account') as GraphQLObjectType
    const of = name === 'account' || name === 'accounts' ? name : null
    const accounts = of === 'account' ? [root] : of === 'accounts' ? itemsOf(scope, query, root) : []
    return accounts
      .flatMap(({ selectionSet }) => (selectionSet ? fieldsOf(scope, account, selectionSet) : []))
      .filter((node) => NOUNS.has(node.name.value))
      .flatMap((node) => planned(scope, account, node, { of: of!, root: argumentsOf(query.getFields()[name]!, root) }))
  })
}

/** Nothing for a list whose items lead nowhere. */
function planned(
  scope: SelectionScope,
  parent: GraphQLObjectType,
  node: FieldNode,
  chosen: Pick<PlannedList, 'of' | 'root'>,
): readonly PlannedList[] {
  const list = node.name.value as Noun
  const definition = parent.getFields()[list]!
  const item = itemType(definition)
  const names = itemsOf(scope, parent, node)
    .flatMap(({ selectionSet }) => (selectionSet ? fieldsOf(scope, item, selectionSet) : []))
    .map((field) => `${item.name}.${field.name.value}`)
  const edges = [...new Set(names)].filter((name) => name in EDGES)
  return edges.length > 0 ? [{ ...chosen, list, page: argumentsOf(definition, node), edges }] : []
}

/** The fields that stand for the items of a connection: its `nodes`, and the `node` of its `edges`. */
function itemsOf(scope: SelectionScope, parent: GraphQLObjectType, node: FieldNode): readonly FieldNode[] {
  const definition = parent.getFields()[node.name.value]!
  const type = getNamedType(definition.type) as GraphQLObjectType
  if (!node.selectionSet) return []
  return fieldsOf(scope, type, node.selectionSet).flatMap((field) => {
    if (!ITEMS.has(field.name.value)) return []
    return field.name.value === 'edges' ? itemsOf(scope, type, field) : [field]
  })
}

/** Every connection has `nodes`. */
function itemType({ type }: GraphQLField<unknown, unknown>): GraphQLObjectType {
  const connection = getNamedType(type) as GraphQLObjectType
  return getNamedType(connection.getFields()['nodes']!.type) as GraphQLObjectType
}

const argumentsOf =
  (definition: GraphQLField<unknown, unknown>, node: FieldNode) =>
  (variables: Variables): Arguments | null => {
    try {
      return getArgumentValues(definition, node, variables)
    } catch {
      // The field will say so itself.
      return null
    }
  }
