import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
} from 'graphql'

/**
 * Whether the operation asks for the field at this path below the one being resolved; through fragments, by its own name and not
 * by an alias, and not where `@skip` or `@include` leaves it out. A condition on a type counts as met: asking too much is never wrong.
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
    if (!isIncluded(selection, info)) return []
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

const isIncluded = (selection: SelectionNode, { variableValues }: GraphQLResolveInfo) =>
  getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if !== true &&
  getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false
