import { AccountStatus, type AccountProfile } from '../../../model/account.js'
import { toInstant } from '../../../model/values/date-time.js'
import { received, text } from '../../../model/values/wire-value.js'
import type { WireUser } from '../wire.js'

export interface MappedUser {
  readonly userId: string
  readonly profile: AccountProfile
}

/** Maps one user; null when it has no id. */
export function toUser(body: unknown): MappedUser | null {
  const wire = received<WireUser>(body)
  const userId = text(wire?.id)
  if (!wire || userId === null) return null
  const name = text(wire.name) ?? text(wire.nickname)
  return {
    userId,
    profile: {
      name,
      host: null,
      contactName: name,
      email: text(wire.email),
      phone: null,
      role: text(wire.role),
      status: AccountStatus.UNKNOWN,
      nativeStatus: null,
      plan: null,
      customerType: null,
      balance: null,
      messageCredits: null,
      createdAt: toInstant(text(wire.created_at), 'UTC'),
      updatedAt: toInstant(text(wire.updated_at), 'UTC'),
    },
  }
}
