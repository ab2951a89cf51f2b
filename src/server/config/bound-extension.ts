import type { Scope } from '../../graphql/scope.js'
import type { BoundExtension } from '../../loaders/loaders.js'

/** `<account key>/<internal number>`. */
export const BOUND_EXTENSION = /^([a-z0-9-]{1,64})\/([^\s/]{1,64})$/

/** The extension a caller is bound to; null for a text of another form. */
export function boundExtension(text: unknown): BoundExtension | null {
  const [, accountKey, number] = typeof text === 'string' ? (BOUND_EXTENSION.exec(text) ?? []) : []
  return accountKey && number ? { accountKey, number } : null
}

/**
 * What is wrong with these scopes of a caller, for a person who can mend it; null when nothing is.
 * One that sees its own extension only must have one, and cannot manage accounts, which are
 * everybody's.
 */
export function scopesProblem(scopes: readonly Scope[], extension: string | null | undefined): string | null {
  if (!scopes.includes('telephony:read:own') || scopes.includes('telephony:read')) return null
  if (extension == null) return 'telephony:read:own needs the extension that the caller is bound to'
  return scopes.includes('accounts:manage')
    ? 'accounts:manage reaches all accounts, so it needs telephony:read and not telephony:read:own'
    : null
}
