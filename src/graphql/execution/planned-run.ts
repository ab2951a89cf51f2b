import {
  getArgumentValues,
  GraphQLError,
  isObjectType,
  locatedError,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
} from 'graphql'

import type { Completion, ExecutedFields, Plan, PlannedField, PlannedSelection } from './plan.js'

type Path = GraphQLResolveInfo['path']
type Values = Readonly<Record<string, unknown>>
type ResponseObject = Record<string, unknown>

/** What one run of an operation is given. */
export interface RunOptions {
  readonly fields: ExecutedFields
  readonly plan: Plan
  readonly operation: OperationDefinitionNode
  readonly context: unknown
  readonly variables: Values
  readonly rootValue: unknown
}

/**
 * One run of an operation along its plan, by the algorithm of the specification (GraphQL §6.4). All
 * plans are run by this code, which so is hot, whatever is asked. Waits only where a resolver does.
 */
export class PlannedRun {
  readonly errors: GraphQLError[] = []
  readonly #options: RunOptions
  #arguments: Map<PlannedField, Values> | null = null

  constructor(options: RunOptions) {
    this.#options = options
  }

  /** Throws what takes the whole response with it. */
  object(type: GraphQLObjectType, below: PlannedSelection, source: unknown, path: Path | undefined): unknown {
    const result: ResponseObject = {}
    let waiting: Promise<void>[] | null = null
    try {
      for (const planned of below.fieldsOf(type, this.#options.plan)) {
        const value = this.#field(type, planned, source, path)
        result[planned.name] = value
        if (isPromise(value)) {
          const { name } = planned
          ;(waiting ??= []).push(value.then((landed) => void (result[name] = landed)))
        }
      }
    } catch (error) {
      // What has begun may still fail, and nobody else would look at it.
      if (waiting) for (const one of waiting) one.catch(() => {})
      throw error
    }
    return waiting ? Promise.all(waiting).then(() => result) : result
  }

  #field(parent: GraphQLObjectType, planned: PlannedField, source: unknown, above: Path | undefined): unknown {
    const { field, name } = planned
    if (field === null) return parent.name
    const { definition, completion } = field
    const path = { prev: above, key: name, typename: parent.name }
    try {
      const { resolve } = definition
      const value = resolve
        ? resolve(
            source,
            this.#argumentsOf(planned),
            this.#options.context,
            this.#infoOf(parent, planned, definition.type, path),
          )
        : this.#property(parent, planned, source, path)
      const completed = isPromise(value)
        ? value.then((landed) => this.#complete(parent, planned, completion, landed, path))
        : this.#complete(parent, planned, completion, value, path)
      return isPromise(completed)
        ? completed.catch((error: unknown) => this.#failed(error, planned, completion, path))
        : completed
    } catch (error) {
      return this.#failed(error, planned, completion, path)
    }
  }

  #property(parent: GraphQLObjectType, planned: PlannedField, source: unknown, path: Path): unknown {
    const { definition } = planned.field!
    if (typeof source !== 'object' || source === null) return undefined
    const value = (source as Values)[definition.name]
    if (typeof value !== 'function') return value
    const info = this.#infoOf(parent, planned, definition.type, path)
    return (source as Record<string, (...given: unknown[]) => unknown>)[definition.name]!(
      this.#argumentsOf(planned),
      this.#options.context,
      info,
    )
  }

  /** Null in place of the value; throws where there must be one. */
  #failed(thrown: unknown, { nodes }: PlannedField, { isNonNull }: Completion, path: Path): null {
    const error = locatedError(thrown, nodes, pathOf(path))
    if (isNonNull) throw error
    this.errors.push(error)
    return null
  }

  #complete(
    parent: GraphQLObjectType,
    planned: PlannedField,
    completion: Completion,
    value: unknown,
    path: Path,
  ): unknown {
    if (value === null || value === undefined) {
      if (!completion.isNonNull) return null
      throw new Error(`Cannot return null for non-nullable field ${parent.name}.${planned.nodes[0]!.name.value}.`)
    }
    if (typeof value === 'object' && value instanceof Error) throw value
    if (completion.item) return this.#list(parent, planned, completion.item, value, path)
    if (completion.object) return this.object(completion.object, planned.below!, value, path)
    if (completion.abstract) {
      return this.object(this.#typeOf(completion.abstract, value), planned.below!, value, path)
    }
    return completion.serialize ? completion.serialize(value) : value
  }

  #list(parent: GraphQLObjectType, planned: PlannedField, item: Completion, value: unknown, above: Path): unknown {
    if (typeof value !== 'object' || !(Symbol.iterator in (value as object))) {
      const name = `${parent.name}.${planned.nodes[0]!.name.value}`
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`)
    }
    const results: unknown[] = []
    let waits = false
    try {
      for (const one of value as Iterable<unknown>) {
        const completed = this.#item(parent, planned, item, one, {
          prev: above,
          key: results.length,
          typename: undefined,
        })
        waits ||= isPromise(completed)
        results.push(completed)
      }
    } catch (error) {
      for (const one of results) if (isPromise(one)) one.catch(() => {})
      throw error
    }
    return waits ? Promise.all(results) : results
  }

  #item(parent: GraphQLObjectType, planned: PlannedField, item: Completion, value: unknown, path: Path): unknown {
    try {
      const completed = isPromise(value)
        ? value.then((landed) => this.#complete(parent, planned, item, landed, path))
        : this.#complete(parent, planned, item, value, path)
      return isPromise(completed)
        ? completed.catch((error: unknown) => this.#failed(error, planned, item, path))
        : completed
    } catch (error) {
      return this.#failed(error, planned, item, path)
    }
  }

  #typeOf(abstract: GraphQLAbstractType, value: unknown): GraphQLObjectType {
    const { schema } = this.#options.fields
    const name = (value as { readonly __typename?: unknown }).__typename
    const type = typeof name === 'string' ? schema.getType(name) : undefined
    if (isObjectType(type) && schema.isSubType(abstract, type)) return type
    throw new Error(`An object of ${abstract.name} says that its type is ${String(name)}`)
  }

  /** Once for each field of the operation, however many objects it is resolved for. */
  #argumentsOf(planned: PlannedField): Values {
    const { definition } = planned.field!
    if (definition.args.length === 0) return NO_ARGUMENTS
    this.#arguments ??= new Map()
    const known = this.#arguments.get(planned)
    if (known) return known
    const values = getArgumentValues(definition, planned.nodes[0]!, this.#options.variables)
    this.#arguments.set(planned, values)
    return values
  }

  #infoOf(parent: GraphQLObjectType, planned: PlannedField, type: GraphQLOutputType, path: Path): GraphQLResolveInfo {
    const { fields, plan, operation, rootValue, variables } = this.#options
    return {
      fieldName: planned.field!.definition.name,
      fieldNodes: planned.nodes,
      returnType: type,
      parentType: parent,
      path,
      schema: fields.schema,
      fragments: plan.fragments,
      rootValue,
      operation,
      variableValues: variables,
    }
  }
}

const NO_ARGUMENTS: Values = Object.freeze({})

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'

function pathOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = []
  for (let one: Path | undefined = path; one; one = one.prev) keys.push(one.key)
  return keys.reverse()
}
