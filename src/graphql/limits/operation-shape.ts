import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

import { fragmentsOf } from '../selection.js'

/** How large an operation may be, with its fragments inlined; each a key under `limits:`. */
export interface ShapeLimits {
  /** Nested fields. Relay paging takes two levels for each list. */
  readonly operationDepth: number
  readonly operationAliases: number
  readonly operationRootFields: number
  readonly operationDirectives: number
  /** Fields and fragments. */
  readonly operationSelections: number
  /**
   * Pairs of equal fields, or of fragments, in one selection, over the document: validation
   * compares them all.
   */
  readonly operationComparisons: number
}

export type ShapeLimit = keyof ShapeLimits

/**
 * The first limit that an operation or fragment of the document exceeds; null when none does.
 *
 * Walks what an executor would: fields of one name in one selection are one field, and a fragment
 * counts once in each selection. It stops at the first limit exceeded, so it never takes more steps
 * than the limits allow: fragments that spread themselves end at the depth, those that double at
 * every step end at the selections. Needs no schema.
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

/** Ends a walk from any depth. */
class Exceeded extends Error {
  constructor(readonly limit: ShapeLimit) {
    super(limit)
  }
}

/** Counts one definition; comparisons are counted over all definitions together. */
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
    this.#selectionSet([definition.selectionSet], 1, definition.kind === Kind.OPERATION_DEFINITION)
  }

  /** Everything selected of one object of the response, and below it. */
  #selectionSet(sets: readonly SelectionSetNode[], depth: number, isRoot = false): void {
    if (depth > this.#limits.operationDepth) throw new Exceeded('operationDepth')
    const fields = new Map<string, FieldNode[]>()
    const spreads = new Set<string>()
    for (const set of sets) this.#collect(set, fields, spreads)
    this.#compare(pairs(spreads.size))
    for (const nodes of fields.values()) this.#compare(pairs(nodes.length))
    if (isRoot && fields.size > this.#limits.operationRootFields) throw new Exceeded('operationRootFields')
    for (const nodes of fields.values()) {
      const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      if (below.length > 0) this.#selectionSet(below, depth + 1)
    }
  }

  /** `nesting`: of inline fragments; validation visits each again for every fragment around it. */
  #collect(
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spreads: Set<string>,
    nesting = 0,
  ): void {
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
          this.#collect(selection.selectionSet, fields, spreads, nesting + 1)
          break
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value
          const fragment = this.#fragments.get(name)
          if (!fragment || spreads.has(name)) break
          spreads.add(name)
          this.#countDirectives(fragment)
          this.#collect(fragment.selectionSet, fields, spreads, nesting)
        }
      }
    }
  }

  #compare(count: number): void {
    this.#comparisons.left -= count
    if (this.#comparisons.left < 0) throw new Exceeded('operationComparisons')
  }

  #countDirectives({ directives }: { readonly directives?: readonly unknown[] | undefined }): void {
    this.#directives += directives?.length ?? 0
    if (this.#directives > this.#limits.operationDirectives) throw new Exceeded('operationDirectives')
  }
}

const pairs = (count: number): number => (count * (count - 1)) / 2
