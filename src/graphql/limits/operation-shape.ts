import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

import { fragmentsOf } from '../selection.js'

/** How large an operation may be written, its fragments written out; each a key under `limits:`. */
export interface ShapeLimits {
  /** Fields in one another. Relay paging costs two levels a list. */
  readonly operationDepth: number
  readonly operationAliases: number
  readonly operationRootFields: number
  readonly operationDirectives: number
  /** Fields and fragments. */
  readonly operationSelections: number
  /** Pairs of equal fields, or of fragments, in one place: whoever validates compares them all. Over all definitions of a document. */
  readonly operationComparisons: number
}

export type ShapeLimit = keyof ShapeLimits

/**
 * The first limit that some operation or fragment of a document breaks; null when all keep all of them.
 *
 * Walks what an executor would walk: fields of one name in one place are one field, a fragment counts once in each place. It stops at the
 * first limit met, so it takes no more steps than the limits allow, whatever the document: fragments that spread themselves end at the
 * depth, and those that double at every step end at the selections. Nothing of the schema is needed.
 */
export function exceededLimit(document: DocumentNode, limits: ShapeLimits): ShapeLimit | null {
  const fragments = fragmentsOf(document)
  const comparisons = { left: limits.operationComparisons }
  try {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION) {
        new Walk(fragments, limits, comparisons).definition(definition)
      }
    }
    return null
  } catch (thrown) {
    if (thrown instanceof Exceeded) return thrown.limit
    throw thrown
  }
}

/** Ends a walk from however deep it is. */
class Exceeded extends Error {
  constructor(readonly limit: ShapeLimit) {
    super(limit)
  }
}

/** Counts one definition; what it compares is added to what the others do. */
class Walk {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #limits: ShapeLimits
  readonly #comparisons: { left: number }
  #aliases = 0
  #directives = 0
  #selections = 0

  constructor(
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    limits: ShapeLimits,
    comparisons: { left: number },
  ) {
    this.#fragments = fragments
    this.#limits = limits
    this.#comparisons = comparisons
  }

  definition(definition: OperationDefinitionNode | FragmentDefinitionNode): void {
    this.#countDirectives(definition)
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      for (const variable of definition.variableDefinitions ?? []) this.#countDirectives(variable)
    }
    this.#place([definition.selectionSet], 1, definition.kind === Kind.OPERATION_DEFINITION)
  }

  /** All that is selected in one place of the answer, and everything below. */
  #place(sets: readonly SelectionSetNode[], depth: number, isRoot = false): void {
    if (depth > this.#limits.operationDepth) throw new Exceeded('operationDepth')
    const fields = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) this.#collect(set, fields, spread)
    this.#compare(pairs(spread.size))
    for (const nodes of fields.values()) this.#compare(pairs(nodes.length))
    if (isRoot && fields.size > this.#limits.operationRootFields) throw new Exceeded('operationRootFields')
    for (const nodes of fields.values()) {
      const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      if (below.length > 0) this.#place(below, depth + 1)
    }
  }

  /** `nesting`: of inline fragments, each of which is gone through again by all around it. */
  #collect({ selections }: SelectionSetNode, fields: Map<string, FieldNode[]>, spread: Set<string>, nesting = 0): void {
    this.#compare(nesting)
    for (const selection of selections) {
      this.#selections += 1
      if (this.#selections > this.#limits.operationSelections) throw new Exceeded('operationSelections')
      this.#countDirectives(selection)
      switch (selection.kind) {
        case Kind.FIELD: {
          if (selection.alias) this.#aliases += 1
          if (this.#aliases > this.#limits.operationAliases) throw new Exceeded('operationAliases')
          const name = (selection.alias ?? selection.name).value
          const same = fields.get(name)
          if (same) same.push(selection)
          else fields.set(name, [selection])
          break
        }
        case Kind.INLINE_FRAGMENT:
          this.#collect(selection.selectionSet, fields, spread, nesting + 1)
          break
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value
          const fragment = this.#fragments.get(name)
          if (!fragment || spread.has(name)) break
          spread.add(name)
          this.#countDirectives(fragment)
          this.#collect(fragment.selectionSet, fields, spread, nesting)
        }
      }
    }
  }

  #compare(times: number): void {
    this.#comparisons.left -= times
    if (this.#comparisons.left < 0) throw new Exceeded('operationComparisons')
  }

  #countDirectives({ directives }: { readonly directives?: readonly unknown[] | undefined }): void {
    this.#directives += directives?.length ?? 0
    if (this.#directives > this.#limits.operationDirectives) throw new Exceeded('operationDirectives')
  }
}

const pairs = (count: number): number => (count * (count - 1)) / 2
