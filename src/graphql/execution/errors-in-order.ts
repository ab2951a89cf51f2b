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
 * The same answer with its errors in the order of the document, whoever failed first. Where an error has taken a larger part of the answer
 * with it, one cause is told, and nothing of what else failed in the part that nobody gets.
 */
export function withErrorsInOrder(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  result: ExecutionResult,
): ExecutionResult {
  const { data, errors } = result
  if (!errors || errors.length === 0 || data === undefined) return result
  const causes = new Set<string>()
  const told = [...errors].sort(byPlace).filter(({ path = [] }) => {
    const depth = erasedDepth(data, path)
    if (depth === null) return true
    const erased = JSON.stringify(path.slice(0, depth))
    if (causes.has(erased) || !mayErase(schema, document, operation, path, depth)) return false
    causes.add(erased)
    return true
  })
  return { ...result, errors: told }
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

/** How far down the path the answer is null before the path ends; null when it is not. */
function erasedDepth(data: unknown, path: Path): number | null {
  let value = data
  for (let depth = 0; depth < path.length; depth += 1) {
    if (value == null) return depth
    value = (value as Record<string | number, unknown>)[path[depth]!]
  }
  return null
}

/** Whether nothing on the way from the erased place to the error may be null: then the error has erased it. */
function mayErase(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  path: Path,
  depth: number,
): boolean {
  const types = typesAlong(schema, document, operation, path)
  return types.slice(depth).every((type) => isNonNullType(type))
}

/** The type of every place on a path. Fields of one response name are alike in this wherever they stand, which validation has made sure of. */
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
    const found = below.flatMap((selected) => fieldsNamed(schema, fragments, selected, String(key)))
    if (found.length === 0) break
    types.push(found[0]!.type)
    below = found.flatMap(({ type, set }) => (set ? [{ parent: getNamedType(type), set }] : []))
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
