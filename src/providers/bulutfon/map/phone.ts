import { nationalDigits, toE164 } from '../../../model/values/phone-number.js'
import { text } from '../../../model/values/wire-value.js'
import type { Reference } from '../../../model/reference.js'
import type { AccountFacts } from '../../provider.js'

/**
 * The most digits of an internal number. The length gives the kind: 2 a menu, 3 a group, 4 an
 * extension (documented for `/call_and_bridge`).
 */
const LONGEST_INTERNAL = 4

export const isInternal = (digits: string | null): digits is string =>
  digits !== null && digits.length <= LONGEST_INTERNAL && /^\d+$/.test(digits)

/**
 * E.164, or null. Numbers come as digits with the country code and no plus (`902120000041`), but
 * also as `0212…` and `212…`; foreign numbers have no prefix. Ten digits that could be a Turkish
 * number are read as one.
 */
export function publicNumber(raw: string | null, country: string): string | null {
  if (raw === null || isInternal(raw)) return null
  const home = country === 'TR' && /^[2-58]\d{9}$/.test(raw)
  return toE164(home ? '0' + raw : raw, country)
}

/** A public number as the API writes it: no plus. */
export const toDigits = (number: string): string => number.replace(/^\+/, '')

/** Every spelling the API may use for a number: its filters compare text. */
export function spellings(e164: string, country: string): string[] {
  const digits = e164.slice(1)
  const national = nationalDigits(e164, country)
  return [digits, '00' + digits, ...(national === null ? [] : [national, '0' + national])]
}

/**
 * The target behind a number inside: by its length, where the lists do not say otherwise. A company
 * may have extensions of any length.
 */
export function internalTarget(number: string): Reference | null {
  if (number.length === 2) return menu(number)
  if (number.length === 3) return { kind: 'Group', number, otherwise: { kind: 'Extension', number } }
  return number.length >= LONGEST_INTERNAL && /^\d+$/.test(number) ? { kind: 'Extension', number } : null
}

/** The same for the side of an internal call, which the lists may have whatever its length. */
export function lineTarget(number: string): Reference | null {
  const isUndecided = /^\d+$/.test(number) && number.length <= LONGEST_INTERNAL && number.length !== 3
  if (!isUndecided) return internalTarget(number)
  return { kind: 'Extension', number, otherwise: number.length === 2 ? menu(number) : { kind: 'Group', number } }
}

/** What rings is a phone, whatever the length of its number says. */
export function ringingTarget(number: string): Reference | null {
  const target = internalTarget(number)
  return target?.kind === 'Extension' ? target : { kind: 'Extension', number, ...(target && { otherwise: target }) }
}

/** The API has no list of menus: the number is all that is known of one, so it is the identity. */
export const menu = (number: string): Reference => ({ kind: 'AutoAttendant', id: number, number, name: null })

export const didOf = (raw: string, account: Pick<AccountFacts, 'country'>): Reference => ({
  kind: 'Did',
  number: publicNumber(raw, account.country),
  rawNumber: raw,
})

export const external = (raw: string, account: Pick<AccountFacts, 'country'>) => ({
  kind: 'ExternalNumber' as const,
  number: publicNumber(raw, account.country),
  rawNumber: raw,
})

/**
 * The target of a DID or of a redirection. The two spell the types differently (`Auto attendant`,
 * `AUTOATTENDANT`), and the documentation mixes them, so case and spaces are ignored. Null when
 * there is no target.
 */
export function targetOf(
  target: { type: unknown; id?: unknown; number: unknown; external?: unknown },
  account: AccountFacts,
): Reference | null {
  const nativeType = text(target.type)
  const id = text(target.id)
  const number = text(target.number)
  const outside = text(target.external)
  if (nativeType === null && number === null && id === null && outside === null) return null
  switch (nativeType?.toLowerCase().replace(/[^a-z]/g, '')) {
    case 'extension':
      return id === null && number === null ? unresolved(nativeType) : { kind: 'Extension', id, number, nativeType }
    case 'group':
      return id === null && number === null ? unresolved(nativeType) : { kind: 'Group', id, number, nativeType }
    case 'autoattendant':
      return number !== null
        ? menu(number)
        : id !== null
          ? { kind: 'AutoAttendant', id, number: null, name: null }
          : unresolved(nativeType)
    case 'external':
      return outside !== null || number !== null ? external((outside ?? number)!, account) : unresolved(nativeType)
    default:
      return { kind: 'Unresolved', nativeType, nativeId: id, rawNumber: number ?? outside, reason: 'UNKNOWN_TYPE' }
  }
}

const unresolved = (nativeType: string | null): Reference => ({
  kind: 'Unresolved',
  nativeType,
  nativeId: null,
  rawNumber: null,
  reason: 'NOT_FOUND',
})
