import {
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

import { appliesTo, isIncluded } from '../selection.js'

/** What is done with a resolved value, by its type; the same for all operations. */
export interface Completion {
  readonly type: GraphQLOutputType
  readonly isNonNull: boolean
  /** Of each item, where the value is a list. */
  readonly item: Completion | null
  /** Checks a number, which a provider may send in any form; null for what is in its final form. */
  readonly serialize: ((value: unknown) => unknown) | null
  /** Of an object. */
  readonly object: GraphQLObjectType | null
  /** Of an object whose type is known by its `__typename`. */
  readonly abstract: GraphQLAbstractType | null
}

/** A field of the schema, as it is executed; the same for all operations. */
export interface ExecutedField {
  readonly definition: GraphQLField<unknown, unknown>
  readonly completion: Completion
}

/** A field that is selected of objects of one type. */
export class PlannedField {
  readonly name: string
  /** Null: `__typename`. */
  readonly field: ExecutedField | null
  /** Where the operation selects it, in the order of the document. */
  readonly nodes: readonly FieldNode[]
  /** Null for a leaf. */
  readonly below: PlannedSelection | null

  constructor(name: string, field: ExecutedField | null, nodes: readonly FieldNode[]) {
    this.name = name
    this.field = field
    this.nodes = nodes
    this.below = nodes[0]!.selectionSet ? new PlannedSelection(nodes) : null
  }
}

/** Fields of one name, or an operation. */
type Selecting = readonly { readonly selectionSet?: SelectionSetNode | undefined }[]

/** What is selected of an object; of each type it is found out when the first such object comes. */
export class PlannedSelection {
  readonly #nodes: Selecting
  /** Most have one type only. */
  #type: GraphQLObjectType | null = null
  #fields: readonly PlannedField[] = []
  #others: Map<GraphQLObjectType, readonly PlannedField[]> | null = null

  constructor(nodes: Selecting) {
    this.#nodes = nodes
  }

  fieldsOf(type: GraphQLObjectType, plan: Plan): readonly PlannedField[] {
    if (this.#type === type) return this.#fields
    const known = this.#others?.get(type)
    if (known) return known
    const fields = plan.collect(type, this.#nodes)
    if (this.#type === null) {
      this.#type = type
      this.#fields = fields
    } else (this.#others ??= new Map()).set(type, fields)
    return fields
  }
}

/** The variables that conditions read, and the fragments that are spread. */
export interface PlanScope {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variables: Readonly<Record<string, unknown>>
}

/** What an operation selects, with these values of the variables in its conditions. */
export class Plan {
  readonly root: PlannedSelection
  readonly fragments: PlanScope['fragments']
  readonly #fields: ExecutedFields
  readonly #variables: PlanScope['variables']

  constructor(fields: ExecutedFields, operation: OperationDefinitionNode, { fragments, variables }: PlanScope) {
    this.#fields = fields
    this.fragments = fragments
    this.#variables = variables
    this.root = new PlannedSelection([operation])
  }

  /** The fields selected of objects of this very type, each once, in the order of the document. */
  collect(type: GraphQLObjectType, selecting: Selecting): readonly PlannedField[] {
    const nodes = new Map<string, FieldNode[]>()
    const visited = new Set<string>()
    for (const { selectionSet } of selecting) if (selectionSet) this.#collect(type, selectionSet, nodes, visited)
    const planned: PlannedField[] = []
    for (const [name, same] of nodes) {
      const fieldName = same[0]!.name.value
      const field = fieldName === '__typename' ? null : this.#fields.of(type, fieldName)
      if (field || fieldName === '__typename') planned.push(new PlannedField(name, field, same))
    }
    // What has grown has room for more, and this is kept.
    return planned.slice()
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const node of selections) {
      if (!isIncluded(node, this.#variables)) continue
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value
        const same = fields.get(name)
        if (same) same.push(node)
        else fields.set(name, [node])
        continue
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(node.name.value)) continue
        visited.add(node.name.value)
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.fragments[node.name.value]! : node
      if (appliesTo(this.#fields.schema, fragment, type)) this.#collect(type, fragment.selectionSet, fields, visited)
    }
  }
}

/** The fields of a schema, as they are executed: made once each, and shared by all plans. */
export class ExecutedFields {
  readonly schema: GraphQLSchema
  readonly #fields = new Map<GraphQLField<unknown, unknown>, ExecutedField>()
  readonly #completions = new Map<GraphQLOutputType, Completion>()

  constructor(schema: GraphQLSchema) {
    this.schema = schema
  }

  of(type: GraphQLObjectType, name: string): ExecutedField | null {
    const definition = type.getFields()[name]
    if (!definition) return null
    const known = this.#fields.get(definition)
    if (known) return known
    const field = { definition, completion: this.#completionOf(definition.type) }
    this.#fields.set(definition, field)
    return field
  }

  #completionOf(type: GraphQLOutputType): Completion {
    const known = this.#completions.get(type)
    if (known) return known
    const isNonNull = isNonNullType(type)
    const nullable = isNonNull ? type.ofType : type
    const completion: Completion = {
      type,
      isNonNull,
      item: isListType(nullable) ? this.#completionOf(nullable.ofType as GraphQLOutputType) : null,
      serialize: isLeafType(nullable) ? serializerOf(nullable) : null,
      object: isAbstractType(nullable) || isLeafType(nullable) || isListType(nullable) ? null : nullable,
      abstract: isAbstractType(nullable) ? nullable : null,
    }
    this.#completions.set(type, completion)
    return completion
  }
}

/** Built-in numbers alone: mappers leave all else in its final form. */
const CHECKED: ReadonlySet<string> = new Set(['Int', 'Float'])

const serializerOf = (type: GraphQLLeafType): Completion['serialize'] =>
  CHECKED.has(type.name) ? (value) => type.serialize(value) : null
