import { AccountStatus, type AccountProfile } from '../../../model/account.js'
import { received, text } from '../../../model/values/wire-value.js'
import type { WireMe } from '../wire.js'
import { asEmail, fullName } from './numbers.js'

/** Name and e-mail of a person, from whichever source has them. */
export interface Person {
  readonly name: string | null
  readonly email: string | null
}

/** Maps `/v1/users/me`; null when it has nothing readable. */
export function toPerson(body: unknown): Person | null {
  const wire = received<WireMe>(body)
  const person = { name: fullName(wire?.firstName, wire?.lastName), email: text(wire?.email) }
  return person.name === null && person.email === null ? null : person
}

/** From the claims of the token, else from the configured login. */
export function personOf(identity: Readonly<Record<string, string>>, configuredLogin: string): Person {
  return { name: identity['name'] ?? null, email: identity['email'] ?? asEmail(configuredLogin) }
}

/** The API has no balance, plan or status. */
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
