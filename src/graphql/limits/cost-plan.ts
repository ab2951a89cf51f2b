import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

import { appliesTo, fragmentsOf, isIncluded } from '../selection.js'
import { FIELD_COSTS, WEIGHTS, type FieldCost } from './field-costs.js'

/** What is selected of objects of one type, as far as it costs something. */
export interface SelectionPlan {
  readonly type: string
  /** Values that come with each object and have nothing below them. */
  readonly leaves: number
  readonly fields: readonly FieldPlan[]
  /** Coordinates of what some provider may tell of one object at a time; all of one object together are one request. */
  readonly each: readonly string[]
}

export interface FieldPlan {
  readonly coordinate: string
  /** Where its arguments stand. */
  readonly node: FieldNode
  readonly cost: FieldCost | undefined
  /** How many objects it gives: one, those of the page it stands in, those whose ids are given, or as many as there are. */
  readonly items: 'one' | 'page' | 'ids' | 'untold'
  /** Whether it is a list with pages of its own. */
  readonly isPaged: boolean
  /** One for each type its objects may be of; none where it is a value. */
  readonly below: readonly SelectionPlan[]
}

/** Values of the variables as they were sent, or as they are by default. */
export type Variables = Readonly<Record<string, unknown>>

/**
 * All of an operation that bears on its cost, read once: what is left for each request is arithmetic. Fragments are written out and equal
 * fields are one, so the document must have passed validation and the limits on its shape.
 */
export function costPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): SelectionPlan {
  const fragments = fragmentsOf(document)
  const root = schema.getRootType(operation.operation)
  return root ? selectionPlan(root, [operation.selectionSet]) : NOTHING

  function selectionPlan(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionPlan {
    const selected = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) collect(type, set, selected, spread)
    const fields: FieldPlan[] = []
    const each: string[] = []
    let leaves = 0
    for (const nodes of selected.values()) {
      const plan = fieldPlan(type, nodes)
      if (plan) fields.push(plan)
      if (!plan || plan.below.length === 0) leaves += weightOf(type, nodes[0]!)
      if (plan?.cost?.each) each.push(plan.coordinate)
    }
    return { type: type.name, leaves, fields, each }
  }

  function weightOf(parent: GraphQLObjectType, { name }: FieldNode): number {
    const field = fieldOf(parent, name.value)
    return (field && WEIGHTS[getNamedType(field.type).name]) ?? 1
  }

  /** Null for a value that costs nothing. */
  function fieldPlan(parent: GraphQLObjectType, nodes: readonly FieldNode[]): FieldPlan | null {
    const node = nodes[0]!
    const field = fieldOf(parent, node.name.value)
    if (!field) return null
    const type = getNamedType(field.type)
    const coordinate = `${parent.name}.${field.name}`
    const cost = FIELD_COSTS[coordinate]
    if (!isCompositeType(type) && !cost) return null
    return {
      coordinate,
      node,
      cost,
      items: itemsOf(parent, field),
      isPaged: field.args.some(({ name }) => name === 'first'),
      below: isCompositeType(type) ? plansBelow(type, nodes) : [],
    }
  }

  function plansBelow(type: GraphQLCompositeType, nodes: readonly FieldNode[]): readonly SelectionPlan[] {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    return (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]).map((one) => selectionPlan(one, sets))
  }

  function collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    selected: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!mayBeIncluded(selection, variables)) continue
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value
        const same = selected.get(name)
        if (same) same.push(selection)
        else selected.set(name, [selection])
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
      if (!fragment || !appliesTo(schema, fragment, type)) continue
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) continue
        spread.add(selection.name.value)
      }
      collect(type, fragment.selectionSet, selected, spread)
    }
  }

  function fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (parent === schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
    }
    return parent.getFields()[name]
  }
}

/** Names of the variables that decide whether something is selected at all: with their values a plan is known again. */
export function decidingVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  const read = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) {
        for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) read(selection.selectionSet)
    }
  }
  for (const definition of document.definitions) if ('selectionSet' in definition) read(definition.selectionSet)
  return [...names].sort()
}

const NOTHING: SelectionPlan = { type: '', leaves: 0, fields: [], each: [] }

function itemsOf(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): FieldPlan['items'] {
  if (!isListType(getNullableType(field.type))) return 'one'
  if (parent.name.endsWith('Connection') && (field.name === 'nodes' || field.name === 'edges')) return 'page'
  return field.args.some(({ name }) => name === 'ids') ? 'ids' : 'untold'
}

/** A variable that is missing or wrong decides nothing here: whoever executes will say so. */
function mayBeIncluded(selection: SelectionNode, variables: Variables): boolean {
  if (!selection.directives?.length) return true
  try {
    return isIncluded(selection, variables)
  } catch {
    return true
  }
}
