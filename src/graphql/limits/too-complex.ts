import { GraphQLError } from 'graphql'

import { AppError } from '../../errors.js'
import type { ShapeLimit } from './operation-shape.js'

/** A limit and what it is set to. */
export interface Limit {
  /** Its key under `limits:`. */
  readonly name: string
  readonly value: number
}

/**
 * Refuses an operation before any of it is executed: OPERATION_TOO_COMPLEX, status 400. Everyone
 * learns what is wrong; the limit itself is shown only where the schema may be explored (`limit` is
 * null elsewhere), so that nobody can aim for the largest operation that still passes.
 */
export function tooComplex(what: string, limit: Limit | null): GraphQLError {
  const allowed = limit ? ` At most ${limit.value} are allowed here (limits.${limit.name}).` : ''
  const error = new AppError('OPERATION_TOO_COMPLEX', `This operation is too complex: ${what}.${allowed}`)
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: 400 } },
  })
}

/**
 * The same for a document with more tokens than `parse` takes, which graphql reports only by the
 * words of a syntax error; null for any other error.
 */
export function tooManyTokens(error: unknown, limit: Limit | null): GraphQLError | null {
  const isLimit =
    error instanceof GraphQLError && /^Syntax Error: Document contains more tha\w \d+ tokens/.test(error.message)
  return isLimit ? tooComplex('its document is too long', limit) : null
}

/** What is wrong with an operation that exceeds a limit. */
export const EXCEEDED: Readonly<Record<ShapeLimit, string>> = {
  operationDepth: 'its fields stand too many levels deep in one another',
  operationAliases: 'it gives too many aliases',
  operationRootFields: 'it asks for too many fields at its root',
  operationDirectives: 'it has too many directives',
  operationSelections: 'it selects too many fields, with its fragments written out',
  operationComparisons: 'it selects the same fields, or puts fragments beside one another, too many times',
}
