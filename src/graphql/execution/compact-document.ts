import type { ASTNode, DocumentNode, Location, NameNode } from 'graphql'

/** What errors need of a place in the text: no token, each of which holds all others. */
interface Place {
  readonly start: number
  readonly end: number
  readonly source: Location['source']
}

const NONE: readonly never[] = Object.freeze([])
const made = new WeakMap<DocumentNode, DocumentNode>()

/**
 * The same document in a third of the memory, for what is kept long: without its tokens, without the
 * places of names and selections, which no error of an execution has, and with lists that have no
 * room for more. The same document gives the same object, read-only.
 */
export function compactDocument(document: DocumentNode): DocumentNode {
  const known = made.get(document)
  if (known) return known
  const compact = node(document, new Map()) as DocumentNode
  made.set(document, compact)
  // Whoever is given the copy has no other one made of it.
  made.set(compact, compact)
  return compact
}

function node(of: ASTNode, names: Map<string, NameNode>): ASTNode {
  switch (of.kind) {
    case 'Name': {
      const { kind, value } = of
      const name = names.get(value) ?? { kind, value }
      names.set(value, name)
      return name
    }
    case 'SelectionSet':
      return { kind: of.kind, selections: list(of.selections, names) }
    case 'Field':
      // All members at once: what is added later is kept in a second object.
      return {
        kind: of.kind,
        alias: of.alias && (node(of.alias, names) as NameNode),
        name: node(of.name, names) as NameNode,
        arguments: list(of.arguments ?? NONE, names),
        directives: list(of.directives ?? NONE, names),
        selectionSet: of.selectionSet && (node(of.selectionSet, names) as typeof of.selectionSet),
        loc: place(of.loc),
      }
    default: {
      const members = Object.entries(of).map(([key, value]) => [
        key,
        key === 'loc' ? place(value) : member(value, names),
      ])
      return Object.fromEntries(members) as unknown as ASTNode
    }
  }
}

function member(value: unknown, names: Map<string, NameNode>): unknown {
  if (Array.isArray(value)) return list(value as readonly ASTNode[], names)
  return typeof value === 'object' && value !== null ? node(value as ASTNode, names) : value
}

const list = <Node extends ASTNode>(nodes: readonly Node[], names: Map<string, NameNode>): readonly Node[] =>
  nodes.length === 0 ? NONE : nodes.map((one) => node(one, names) as Node)

function place(of: Location | undefined): Location | undefined {
  return of && ({ start: of.start, end: of.end, source: of.source } satisfies Place as unknown as Location)
}
