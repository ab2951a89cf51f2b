import { AppError } from '../errors.js'
import type { Context } from './context.js'

/** What a caller may be allowed: `telephony:read` is everything readable but recordings and providers' own payloads. */
export type Scope = 'telephony:read' | 'recordings:read' | 'telephony:raw' | 'telephony:write' | 'accounts:manage'

/** Throws FORBIDDEN, which fails the field that asks and leaves the rest of the answer alone. */
export function requireScope({ viewer }: Context, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw new AppError('FORBIDDEN', `This field needs the scope ${scope}.`)
}
