import { AppError } from '../errors.js'
import type { Context } from './context.js'

/** What a caller may be allowed: `telephony:read` is everything readable but recordings and providers' own payloads. */
export const SCOPES = [
  'telephony:read',
  'recordings:read',
  'telephony:raw',
  'telephony:write',
  'accounts:manage',
] as const
export type Scope = (typeof SCOPES)[number]

export const isScope = (word: unknown): word is Scope => (SCOPES as readonly unknown[]).includes(word)

/** Throws FORBIDDEN, which fails the field that asks and leaves the rest of the answer alone. */
export function requireScope({ viewer }: Context, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw new AppError('FORBIDDEN', `This field needs the scope ${scope}.`)
}
