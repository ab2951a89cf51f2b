import { toE164 } from '../../../model/values/phone-number.js'
import type { Reference } from '../../../model/reference.js'
import type { AccountFacts } from '../../provider.js'

/** The destination of a call: a public number is an outside one, any other is an extension. */
export function destinationOf(number: string, account: AccountFacts): Reference {
  const e164 = toE164(number, account.country)
  return e164 === null ? { kind: 'Extension', number } : { kind: 'ExternalNumber', number: e164, rawNumber: number }
}

/** One of our numbers, to be looked up among the DIDs. */
export const didOf = (number: string, account: AccountFacts): Reference => ({
  kind: 'Did',
  number: toE164(number, account.country),
  rawNumber: number,
})
