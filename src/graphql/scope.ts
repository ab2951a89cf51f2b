import { AppError } from '../errors.js'
import type { Viewer } from './context.js'

/**
 * Scopes of callers: `telephony:read` covers all that can be read but recordings and providers' own
 * payloads; `telephony:read:own` the same of the extension that the caller is bound to, and the
 * names of the directory.
 */
export const SCOPES = [
  'telephony:read',
  'telephony:read:own',
  'recordings:read',
  'telephony:raw',
  'telephony:write',
  'accounts:manage',
] as const
export type Scope = (typeof SCOPES)[number]

export const isScope = (word: unknown): word is Scope => (SCOPES as readonly unknown[]).includes(word)

/** Whether a caller sees its own extension only: whoever may read everything does not. */
export const seesOwnOnly = (scopes: ReadonlySet<string>): boolean =>
  scopes.has('telephony:read:own') && !scopes.has('telephony:read')

/**
 * Fails the field being resolved and leaves the rest of the response alone. What needs
 * `telephony:read:own` is allowed with `telephony:read` as well.
 *
 * @throws AppError FORBIDDEN when the caller lacks the scope.
 */
export function requireScope({ viewer }: { readonly viewer: Viewer }, scope: Scope): void {
  if (viewer.scopes.has(scope)) return
  if (scope !== 'telephony:read:own') throw new AppError('FORBIDDEN', `This field needs the scope ${scope}.`)
  if (!viewer.scopes.has('telephony:read'))
    throw new AppError(
      'FORBIDDEN',
      'This field needs the scope telephony:read, or telephony:read:own for what is your own.',
    )
}

/**
 * Fails a field that says more of an account than one of its extensions should know.
 *
 * @throws AppError FORBIDDEN when the caller sees its own extension only.
 */
export function requireWholeAccount({ viewer }: { readonly viewer: Viewer }): void {
  if (seesOwnOnly(viewer.scopes)) requireScope({ viewer }, 'telephony:read')
}
