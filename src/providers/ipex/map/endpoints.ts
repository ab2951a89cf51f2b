import { toE164 } from '../../../model/values/phone-number.js'
import type { Reference } from '../../../model/reference.js'
import { text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'

/** All that the numbers of a call depend on. */
type Home = Pick<AccountFacts, 'country'>

/** The destination of a call: a public number is an outside one, any other is an extension. */
export function destinationOf(number: string, account: Home): Reference {
  return toE164(number, account.country) === null ? { kind: 'Extension', number } : externalOf(number, account)
}

/** Between two lines even what could be a public number may be an extension: the list knows. */
export function insideOf(number: string, account: Home): Reference {
  const otherwise = destinationOf(number, account)
  return otherwise.kind === 'Extension' ? otherwise : { kind: 'Extension', number, otherwise }
}

/** A number that was dialled to the outside, where a short one (`112`) is nobody's extension. */
export const externalOf = (number: string, account: Home): Reference => ({
  kind: 'ExternalNumber',
  number: toE164(number, account.country),
  rawNumber: number,
})

/**
 * Emergency calls in the Czech numbering plan: whatever extension
 * has such a number, a forward to it goes outside.
 */
const EMERGENCY: ReadonlySet<string> = new Set(['112', '150', '155', '156', '158'])

/** Where a forward leads: a number outside, or an extension. */
export const forwardTo = (number: string, account: Home): Reference =>
  EMERGENCY.has(number) ? externalOf(number, account) : destinationOf(number, account)

/** One of our numbers, to be looked up among the DIDs. */
export const didOf = (number: string, account: Home): Reference => ({
  kind: 'Did',
  number: toE164(number, account.country),
  rawNumber: number,
})

/** A number somebody can dial; null for a word, such as a caller's who hides or one of the dialplan. */
export function dialled(value: unknown): string | null {
  const number = text(value)
  return number !== null && /\d/.test(number) && /^[\d+*#().\s/-]+$/.test(number) ? number : null
}

/** Names of places in Asterisk's dialplan: `s` start, `i` invalid, `t` time-out, `h` hung up, `s-BUSY`. */
const DIALPLAN_WORD = /^(?:[a-z]|[a-z]-[a-z]+|~~s~~)$/i

/** One side of a call as it is written; null for a place in the dialplan, where no side is told. */
export function side(value: unknown): string | null {
  const written = text(value)
  return written !== null && DIALPLAN_WORD.test(written.trim()) ? null : written
}
