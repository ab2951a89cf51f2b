import type { ASTVisitor, DocumentNode, ValidationContext, ValidationRule } from 'graphql'

import { exceededLimit, type ShapeLimits } from './operation-shape.js'
import { BROKEN, tooComplex } from './too-complex.js'

export interface ShapeRuleOptions {
  readonly limits: ShapeLimits
  /** Whether callers may know the limits. */
  readonly explore: boolean
}

/**
 * Refuses documents that are too large, as a rule of validation, so that whoever keeps validated documents need not ask again.
 *
 * It decides when the document is entered, before any other rule has looked below it, and hands them an empty document instead: some of
 * graphql's own rules compare every field with every other, which for a hostile document takes longer than executing it.
 */
export const shapeRule =
  ({ limits, explore }: ShapeRuleOptions): ValidationRule =>
  (context: ValidationContext): ASTVisitor => ({
    Document: {
      enter(document: DocumentNode): DocumentNode | undefined {
        const broken = exceededLimit(document, limits)
        if (broken === null) return undefined
        const limit = explore ? { name: broken, value: limits[broken] } : null
        context.reportError(tooComplex(BROKEN[broken], limit))
        return { ...document, definitions: [] }
      },
    },
  })
