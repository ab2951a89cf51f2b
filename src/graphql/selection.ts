import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * Whether the operation selects the field at this path below the one being resolved: through
 * fragments, by its own name, not by an alias, and not where `@skip` or `@include` leaves it out. A
 * type condition counts as met: reading too much is never wrong.
 */
export function isSelected(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return (
    path.reduce<readonly FieldNode[]>(
      (nodes, name) =>
        nodes
          .flatMap((node) => fields(node.selectionSet?.selections ?? [], info))
          .filter((field) => field.name.value === name),
      info.fieldNodes,
    ).length > 0
  )
}

function fields(selections: readonly SelectionNode[], info: GraphQLResolveInfo): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (!isIncluded(selection, info.variableValues)) return []
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection]
      case Kind.INLINE_FRAGMENT:
        return fields(selection.selectionSet.selections, info)
      case Kind.FRAGMENT_SPREAD:
        return fields(info.fragments[selection.name.value]?.selectionSet.selections ?? [], info)
    }
  })
}

/** The fragments of a document by their names. */
export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )

/** Whether a fragment applies to objects of this very type. */
export function appliesTo(
  schema: GraphQLSchema,
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
): boolean {
  const name = typeCondition?.name.value
  if (name === undefined || name === type.name) return true
  const condition = schema.getType(name)
  return isAbstractType(condition) && schema.isSubType(condition, type)
}

/** What resolves a selection set to its fields. */
export interface SelectionScope {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * The fields selected of objects of this very type, in the order of the document; type conditions
 * are applied.
 */
export function selectedFields(
  scope: SelectionScope,
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
): readonly FieldNode[] {
  const { schema, fragments, variables } = scope
  return selections.flatMap((node) => {
    if (!isIncluded(node, variables)) return []
    if (node.kind === Kind.FIELD) return [node]
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
    return appliesTo(schema, fragment, type) ? selectedFields(scope, type, fragment.selectionSet) : []
  })
}

/**
 * Names of the variables that `@skip` and `@include` depend on; with equal values a document
 * selects the same.
 */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  const read = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      for (const { name, arguments: nodes = [] } of selection.directives ?? []) {
        if (name.value !== 'skip' && name.value !== 'include') continue
        for (const { value } of nodes) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) read(selection.selectionSet)
    }
  }
  for (const definition of document.definitions) if ('selectionSet' in definition) read(definition.selectionSet)
  return [...names]
}

/** Whether `@skip` and `@include` keep the node. */
export const isIncluded = (node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean =>
  !node.directives?.length ||
  (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false)
