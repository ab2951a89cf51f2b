import { AccountStatus, type AccountProfile } from '../../../model/account.js'
import { integer, received } from '../../../model/values/wire-value.js'
import type { WireBalance } from '../wire.js'

/** No path describes the customer: only the configured login is known. */
export function toProfile(login: string, messageCredits: null | undefined): AccountProfile {
  return {
    name: login,
    host: null,
    contactName: null,
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(login) ? login : null,
    phone: null,
    role: null,
    status: AccountStatus.UNKNOWN,
    nativeStatus: null,
    plan: null,
    customerType: null,
    balance: null,
    messageCredits,
    createdAt: null,
    updatedAt: null,
  }
}

/** The gateway's status code and the credits; null where unreadable. */
export function toBalance(body: unknown): { readonly code: number | null; readonly credits: number | null } {
  const response = received<WireBalance['Response']>(received<WireBalance>(body)?.Response)
  const status = received<WireBalance['Response']['Status']>(response?.Status)
  const balance = received<{ Main: number }>(response?.Balance)
  return { code: integer(status?.Code), credits: integer(balance?.Main) }
}
