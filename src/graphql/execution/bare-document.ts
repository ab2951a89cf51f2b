import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  typeFromAST,
  type ConstArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

import { fragmentsOf, isIncluded } from '../selection.js'
import { ARGUMENTS_INDEX } from './compiler-schema.js'

/** A field with arguments, as the caller wrote it. */
export interface FieldWithArguments {
  readonly definition: GraphQLField<unknown, unknown>
  readonly node: FieldNode
}

/** An operation of which only names are left: no values, no variables, no conditions. */
export interface BareDocument {
  readonly document: DocumentNode
  /** The fields that the indexes in its arguments stand for. */
  readonly fields: readonly FieldWithArguments[]
}

/**
 * A valid query without what these variables leave out, and with every field's arguments replaced
 * by an index. Null for what the compiler cannot do: introspection, and a response name that is no
 * ordinary property of an object.
 */
export function bareDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): BareDocument | null {
  const fragments = fragmentsOf(document)
  const withArguments: FieldWithArguments[] = []
  const bare = new Map<string, FragmentDefinitionNode>()
  let isPossible = true

  const selectionSet = selections(operation.selectionSet, schema.getQueryType()!)
  const { variableDefinitions: _declared, directives: _directives, ...rest } = operation
  const definitions = [{ ...rest, selectionSet }, ...bare.values()]
  return isPossible ? { document: { ...document, definitions }, fields: withArguments } : null

  function selections(set: SelectionSetNode, parent: GraphQLNamedType): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap((node) => selection(node, parent)) }
  }

  function selection(node: SelectionNode, parent: GraphQLNamedType): SelectionNode[] {
    if (!isIncluded(node, variables)) return []
    switch (node.kind) {
      case Kind.FIELD:
        return [field(node, parent)]
      case Kind.INLINE_FRAGMENT: {
        const { directives: _, ...kept } = node
        const type = node.typeCondition ? typeFromAST(schema, node.typeCondition)! : parent
        return [{ ...kept, selectionSet: selections(node.selectionSet, type) }]
      }
      case Kind.FRAGMENT_SPREAD: {
        const { directives: _, ...kept } = node
        spread(node.name.value)
        return [kept]
      }
    }
  }

  function field(node: FieldNode, parent: GraphQLNamedType): FieldNode {
    const { directives: _directives, arguments: _arguments, ...kept } = node
    const name = node.name.value
    if (name === '__schema' || name === '__type' || node.alias?.value === '__proto__') isPossible = false
    if (name.startsWith('__') || !(isObjectType(parent) || isInterfaceType(parent))) return kept
    const definition = parent.getFields()[name]!
    const below = node.selectionSet && {
      selectionSet: selections(node.selectionSet, getNamedType(definition.type)),
    }
    if (definition.args.length === 0) return { ...kept, ...below }
    withArguments.push({ definition, node })
    return { ...kept, ...below, arguments: [indexArgument(withArguments.length - 1)] }
  }

  function spread(name: string): void {
    const fragment = fragments.get(name)
    if (!fragment || bare.has(name)) return
    // Set before it is complete, so that the fragments it spreads come after it.
    bare.set(name, fragment)
    const { directives: _directives, ...kept } = fragment
    const type = typeFromAST(schema, fragment.typeCondition)!
    bare.set(name, { ...kept, selectionSet: selections(fragment.selectionSet, type) })
  }
}

const indexArgument = (index: number): ConstArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: ARGUMENTS_INDEX },
  value: { kind: Kind.INT, value: String(index) },
})
