import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
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

import type { DetailField } from '../../model/request-fields.js'
import { DEFAULT_PAGE_SIZE } from '../page-size.js'
import { appliesTo, fragmentsOf, isIncluded } from '../selection.js'
import type { Variables } from './argument-values.js'
import { costOf, filterCostOf, isConnection, type FieldCost, type FilterCost } from './cost.js'

/** What an operation selects of objects of one type, as far as it costs something. */
export interface SelectionPlan {
  readonly type: string
  /** How many values each object adds to the answer by fields with nothing below them. */
  readonly leaves: number
  readonly fields: readonly FieldPlan[]
  /**
   * Selected fields a provider may have only in an object's detail: one request per object for all
   * of them.
   */
  readonly details: readonly DetailField[]
}

export interface FieldPlan {
  /** Where its arguments are. */
  readonly node: FieldNode
  readonly cost: FieldCost
  /** The field whose detail is read; set where `cost` says `detail`. */
  readonly detail: DetailField | null
  /** The filters of its page of calls that cost something. */
  readonly filters: readonly FilterPlan[]
  /** How many objects it yields: one, the items of the page around it, one per id, or unknown. */
  readonly items: 'one' | 'page' | 'ids' | 'unknown'
  /** The page size if none is asked for; null for a field without pages. */
  readonly defaultPageSize: number | null
  /** One for each type its objects may have; none for a value. */
  readonly below: readonly SelectionPlan[]
}

export interface FilterPlan {
  readonly name: string
  readonly cost: FilterCost
}

/**
 * Everything in an operation that bears on its cost, so that each request is left with arithmetic.
 * Fragments are inlined and equal fields merged: the document must have passed validation and the
 * limits on its shape.
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
    const visited = new Set<string>()
    for (const set of sets) collect(type, set, selected, visited)
    const fields: FieldPlan[] = []
    const details: DetailField[] = []
    let leaves = 0
    for (const nodes of selected.values()) {
      const field = fieldOf(type, nodes[0]!.name.value)
      const plan = field && fieldPlan(type, field, nodes)
      if (plan) fields.push(plan)
      if (!plan || plan.below.length === 0) leaves += (field && costOf(field)?.values) ?? 1
      if (plan?.detail) details.push(plan.detail)
    }
    return { type: type.name, leaves, fields, details }
  }

  /** Null for a value that causes no request. */
  function fieldPlan(
    parent: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ): FieldPlan | null {
    const node = nodes[0]!
    const type = getNamedType(field.type)
    const cost = costOf(field) ?? NO_COST
    if (!isCompositeType(type) && !causesRequests(cost)) return null
    const first = field.args.find(({ name }) => name === 'first')
    return {
      node,
      cost,
      // `requireCosts` has checked that these are the same words.
      detail: cost.detail === true ? (`${parent.name}.${field.name}` as DetailField) : (cost.detail ?? null),
      filters: cost.calls ? filterPlans(field) : [],
      items: itemsOf(parent, field),
      defaultPageSize: first ? ((first.defaultValue as number | undefined) ?? DEFAULT_PAGE_SIZE) : null,
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
    visited: Set<string>,
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
        if (visited.has(selection.name.value)) continue
        visited.add(selection.name.value)
      }
      collect(type, fragment.selectionSet, selected, visited)
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

const NOTHING: SelectionPlan = { type: '', leaves: 0, fields: [], details: [] }
const NO_COST: FieldCost = {}

const causesRequests = ({ values: _, items: __, ...requests }: FieldCost): boolean => Object.keys(requests).length > 0

function filterPlans({ args }: GraphQLField<unknown, unknown>): readonly FilterPlan[] {
  const filter = args.find(({ name }) => name === 'filter')
  const type = filter && getNamedType(filter.type)
  if (!isInputObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => {
    const cost = filterCostOf(field)
    return cost ? [{ name: field.name, cost }] : []
  })
}

function itemsOf(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): FieldPlan['items'] {
  if (!isListType(getNullableType(field.type))) return 'one'
  if (isConnection(parent) && (field.name === 'nodes' || field.name === 'edges')) return 'page'
  if (costOf(field)?.items) return 'page'
  return field.args.some(({ name }) => name === 'ids') ? 'ids' : 'unknown'
}

/** A missing or wrong variable decides nothing here: the executor will report it. */
function mayBeIncluded(selection: SelectionNode, variables: Variables): boolean {
  if (!selection.directives?.length) return true
  try {
    return isIncluded(selection, variables)
  } catch {
    return true
  }
}
