import { Kind, visit, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'

export interface OperationSize {
  /** Lexical tokens of the document, as `parse` counts them. */
  readonly tokens: number
  /**
   * Nested fields; this and the rest are counted with fragments inlined wherever they are spread.
   */
  readonly depth: number
  readonly fields: number
  readonly aliases: number
  readonly rootFields: number
  readonly directives: number
}

/**
 * The size of a document of one operation, in the measures servers limit. No fragment may spread
 * itself.
 */
export function operationSize(document: DocumentNode): OperationSize {
  const fragments = new Map<string, FragmentDefinitionNode>()
  let directives = 0
  visit(document, {
    FragmentDefinition: (node) => void fragments.set(node.name.value, node),
    Directive: () => void (directives += 1),
  })
  const measure = ({ selections }: SelectionSetNode): Measured => {
    const parts = selections.map((selection): Measured => {
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measure(fragments.get(selection.name.value)!.selectionSet)
          : selection.selectionSet
            ? measure(selection.selectionSet)
            : NOTHING
      if (selection.kind !== Kind.FIELD) return below
      return {
        depth: below.depth + 1,
        fields: below.fields + 1,
        aliases: below.aliases + (selection.alias ? 1 : 0),
        top: 1,
      }
    })
    return parts.reduce(
      (sum, part) => ({
        depth: Math.max(sum.depth, part.depth),
        fields: sum.fields + part.fields,
        aliases: sum.aliases + part.aliases,
        top: sum.top + part.top,
      }),
      NOTHING,
    )
  }
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  const { top, ...size } = operation?.kind === Kind.OPERATION_DEFINITION ? measure(operation.selectionSet) : NOTHING
  return { ...size, rootFields: top, directives, tokens: tokensOf(document) }
}

interface Measured {
  readonly depth: number
  readonly fields: number
  readonly aliases: number
  /** Fields at the top level of the part measured. */
  readonly top: number
}
const NOTHING: Measured = { depth: 0, fields: 0, aliases: 0, top: 0 }

function tokensOf({ loc }: DocumentNode): number {
  let tokens = 0
  for (let token = loc?.startToken.next; token && token.kind !== '<EOF>'; token = token.next) tokens += 1
  return tokens
}
