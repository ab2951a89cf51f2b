import { AccountStatus, type AccountProfile } from '../../../model/account.js'
import { received, text } from '../../../model/wire-value.js'
import type { WireMe } from '../wire.js'
import { asEmail, fullName } from './numbers.js'

/** What of a person is known, from whatever told it. */
export interface Person {
  readonly name: string | null
  readonly email: string | null
}

/** `/v1/users/me`; null when it holds nothing that can be read. */
export function toPerson(body: unknown): Person | null {
  const wire = received<WireMe>(body)
  const person = { name: fullName(wire?.firstName, wire?.lastName), email: text(wire?.email) }
  return person.name === null && person.email === null ? null : person
}

/** The claims of the login's token, and where it has none, the login that was configured. */
export function personOf(identity: Readonly<Record<string, string>>, configuredLogin: string): Person {
  return { name: identity['name'] ?? null, email: identity['email'] ?? asEmail(configuredLogin) }
}

/** Nothing in the API tells of a balance, a plan or a status. */
export function toProfile({ name, email }: Person): AccountProfile {
  return {
    name,
    host: null,
    contactName: name,
    email,
    phone: null,
    role: null,
    status: AccountStatus.UNKNOWN,
    nativeStatus: null,
    plan: null,
    customerType: null,
    balance: null,
    messageCredits: null,
    createdAt: null,
    updatedAt: null,
  }
}
