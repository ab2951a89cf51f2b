import {
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

import { fragmentsOf } from '../selection.js'

type Path = readonly (string | number)[]

/**
 * The same result with its errors in the order of the document, whichever came first. Where an
 * error has nulled a larger part of the response, only one cause is kept: no other failure within
 * the part that is missing.
 */
export function errorsInOrder(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  result: ExecutionResult,
): ExecutionResult {
  const { data, errors } = result
  if (!errors || errors.length === 0 || data === undefined) return result
  const causes = new Set<string>()
  const kept = [...errors].sort(byPlace).filter(({ path = [] }) => {
    const depth = nulledDepth(data, path)
    if (depth === null) return true
    const nulled = JSON.stringify(path.slice(0, depth))
    if (causes.has(nulled) || !mayHaveNulled(schema, document, operation, path, depth)) return false
    causes.add(nulled)
    return true
  })
  return { ...result, errors: kept }
}

function byPlace(a: GraphQLError, b: GraphQLError): number {
  const [[at], [other]] = [a.locations ?? [], b.locations ?? []]
  const inDocument = (at?.line ?? 0) - (other?.line ?? 0) || (at?.column ?? 0) - (other?.column ?? 0)
  return inDocument || byPath(a.path ?? [], b.path ?? [])
}

function byPath(a: Path, b: Path): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [one, other] = [a[at]!, b[at]!]
    if (one === other) continue
    return typeof one === 'number' && typeof other === 'number' ? one - other : String(one) < String(other) ? -1 : 1
  }
  return a.length - b.length
}

/** The depth at which the data is null before the path ends; null when it is not. */
function nulledDepth(data: unknown, path: Path): number | null {
  let value = data
  for (let depth = 0; depth < path.length; depth += 1) {
    if (value == null) return depth
    value = (value as Record<string | number, unknown>)[path[depth]!]
  }
  return null
}

/**
 * Whether every type from the nulled place down to the error is non-null: then the error has nulled
 * it.
 */
function mayHaveNulled(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  path: Path,
  depth: number,
): boolean {
  const types = typesAlong(schema, document, operation, path)
  return types.slice(depth).every((type) => isNonNullType(type))
}

/**
 * The type at every step of a path. Validation has made sure that fields of one response name agree
 * in it.
 */
function typesAlong(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  path: Path,
): readonly GraphQLOutputType[] {
  const fragments = fragmentsOf(document)
  const types: GraphQLOutputType[] = []
  let below: readonly Selected[] = [{ parent: schema.getRootType(operation.operation)!, set: operation.selectionSet }]
  for (const key of path) {
    const list = types.length > 0 ? getNullableType(types.at(-1)!) : null
    if (typeof key === 'number' && isListType(list)) {
      types.push(list.ofType as GraphQLOutputType)
      continue
    }
    const fields = below.flatMap((selected) => fieldsNamed(schema, fragments, selected, String(key)))
    if (fields.length === 0) break
    types.push(fields[0]!.type)
    below = fields.flatMap(({ type, set }) => (set ? [{ parent: getNamedType(type), set }] : []))
  }
  return types
}

interface Selected {
  readonly parent: GraphQLNamedType
  readonly set: SelectionSetNode
}

function fieldsNamed(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  { parent, set }: Selected,
  name: string,
): readonly { readonly type: GraphQLOutputType; readonly set: SelectionSetNode | undefined }[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) {
      const field = (parent as GraphQLObjectType).getFields?.()[node.name.value]
      return field && (node.alias ?? node.name).value === name ? [{ type: field.type, set: node.selectionSet }] : []
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
    const condition = fragment.typeCondition ? typeFromAST(schema, fragment.typeCondition)! : parent
    return fieldsNamed(schema, fragments, { parent: condition, set: fragment.selectionSet }, name)
  })
}
