import { AppError } from '../errors.js'
import type { Context } from './context.js'

/**
 * Scopes of callers: `telephony:read` covers all that can be read but recordings and providers' own
 * payloads.
 */
export const SCOPES = [
  'telephony:read',
  'recordings:read',
  'telephony:raw',
  'telephony:write',
  'accounts:manage',
] as const
export type Scope = (typeof SCOPES)[number]

export const isScope = (word: unknown): word is Scope => (SCOPES as readonly unknown[]).includes(word)

/**
 * Fails the field being resolved and leaves the rest of the response alone.
 *
 * @throws AppError FORBIDDEN when the caller lacks the scope.
 */
export function requireScope({ viewer }: Context, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw new AppError('FORBIDDEN', `This field needs the scope ${scope}.`)
}
