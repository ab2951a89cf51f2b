import type { ASTVisitor, DocumentNode, ValidationContext, ValidationRule } from 'graphql'

import { exceededLimit, type ShapeLimits } from './operation-shape.js'
import { EXCEEDED, tooComplex } from './too-complex.js'

export interface ShapeRuleOptions {
  readonly limits: ShapeLimits
  /** Whether callers may learn the limits. */
  readonly explore: boolean
}

/**
 * A validation rule that refuses documents that are too large, so that a cached valid document is
 * never checked again.
 *
 * It decides on entering the document, before any other rule has looked below it, and gives the
 * others an empty document instead: some of graphql's own rules compare every field with every
 * other, which for a hostile document takes longer than executing it.
 */
export const shapeRule =
  ({ limits, explore }: ShapeRuleOptions): ValidationRule =>
  (context: ValidationContext): ASTVisitor => ({
    Document: {
      enter(document: DocumentNode): DocumentNode | undefined {
        const exceeded = exceededLimit(document, limits)
        if (exceeded === null) return undefined
        const limit = explore ? { name: exceeded, value: limits[exceeded] } : null
        context.reportError(tooComplex(EXCEEDED[exceeded], limit))
        return { ...document, definitions: [] }
      },
    },
  })
