import { isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'

/** Fewer digits are extensions and short codes (112, 155, 11880); counted with the country code. */
const SHORTEST_PUBLIC_NUMBER = 7
/**
 * National digits from which a number outside every known range is accepted; shorter ones must be
 * known.
 */
const SHORTEST_UNKNOWN_NUMBER = 8
/** More digits than this begin with a country code. */
const LONGEST_UNPREFIXED_NUMBER = 10
/** E.164 allows fifteen digits; three more leave room for `00` and a trunk zero. */
const LONGEST_WRITTEN_NUMBER = 18
/**
 * Digits and the usual separators; letters, extensions (`;ext=`) and SIP addresses are refused, and
 * so is a second ending (`222 333 444/5`), which would run into the number.
 */
const WRITTEN_NUMBER = /^\+?(?!.*\/\s*\d{1,2}\s*$)[\d\s().\-/]+$/
/** `+44 (0) 20 …`: a zero that is dialled at home only. */
const HOME_ZERO = /^(\+[\d\s.-]{1,6})\(0\)/

/**
 * Entries of the cache over all countries: the same subscribers call often, and parsing takes some
 * 20 µs.
 */
const REMEMBERED = 10_000
const remembered = new Map<string, Map<string, string | null>>()
let rememberedNumbers = 0

/**
 * The number in E.164, or null when the text is not a public number. `country` (ISO 3166) is where
 * it was written: digits without a plus are read as that country's, or as international when only
 * that makes them valid, or makes them more than somebody's mailbox. Eleven digits and more that
 * are good both ways, and no mobile number at home, are ambiguous, and null. Short codes and
 * internal numbers are null: `112` is an emergency number in one country and a desk in an office.
 */
export function toE164(text: string | null | undefined, country: string): string | null {
  if (text == null || text.length > 40) return null
  const known = remembered.get(country)?.get(text)
  if (known !== undefined) return known
  const number = place(plain(text), country)
  remember(text, country, number)
  return number
}

/** Whether a text is written with the country code, and so means the same in every country. */
export const isInternational = (text: string): boolean => plain(text).startsWith('+')

/**
 * As a keyboard writes it: what is copied from a page, a contact or a link has wide digits, dashes
 * of every length, marks of direction that nobody sees, or begins with `tel:` (RFC 3966).
 */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .trim()
    .replace(/^tel:\s*/i, '')

function remember(text: string, country: string, number: string | null): void {
  if (rememberedNumbers >= REMEMBERED) {
    remembered.clear()
    rememberedNumbers = 0
  }
  const numbers = remembered.get(country)
  if (numbers) numbers.set(text, number)
  else remembered.set(country, new Map([[text, number]]))
  rememberedNumbers += 1
}

/**
 * The digits after the country code, without a trunk zero; null for a number of another country.
 */
export function nationalDigits(e164: string, country: string): string | null {
  const own = isSupportedCountry(country) ? parsePhoneNumberFromString('+' + e164.replace(/\D/g, '')) : undefined
  return own && own.countryCallingCode === callingCode(country) ? own.nationalNumber : null
}

function place(text: string, country: string): string | null {
  if (!WRITTEN_NUMBER.test(text) || !isSupportedCountry(country)) return null
  const digits = text.replace(/\D/g, '')
  if (digits.length > LONGEST_WRITTEN_NUMBER || hasSecondEnding(text, country)) return null
  if (text.startsWith('+')) return withoutHomeZero(text) ?? possible(parsePhoneNumberFromString('+' + digits), 0)
  if (digits.length < SHORTEST_PUBLIC_NUMBER) return null

  const national = parsePhoneNumberFromString(digits, country)
  const foreign = digits.startsWith('0') ? undefined : parsePhoneNumberFromString('+' + digits)
  if (national?.isValid()) {
    if (!foreign?.isValid() || foreign.number === national.number) return national.number
    if (isForHomeOnly(national)) return foreign.number
    const isOrdinary = digits.length <= LONGEST_UNPREFIXED_NUMBER || national.getType() === 'MOBILE'
    return isOrdinary ? national.number : null
  }
  if (digits.startsWith('00')) return possible(national)
  if (digits.startsWith('0'))
    return digits.length > LONGEST_UNPREFIXED_NUMBER + 1 ? withoutTrunkZero(digits, country) : possible(national)
  if (foreign?.isValid()) return foreign.number
  const own = foreign?.countryCallingCode === callingCode(country)
  return possible(own || digits.length > LONGEST_UNPREFIXED_NUMBER ? foreign : national)
}

/** A whole number and a short end of its own behind it: `222 333 444-5`, `222 333 444/555`. */
const ENDING = /^(.*\d)[\s.\-/]+\d{1,4}\s*$/

/**
 * Whether a number is whole without its last few digits and not with them: they are an extension,
 * or the end of a second number, and would run into the number.
 */
function hasSecondEnding(text: string, country: string): boolean {
  const [, whole] = ENDING.exec(text) ?? []
  return whole !== undefined && isWhole(whole, country) && !isWhole(text, country)
}

const isWhole = (text: string, country: string): boolean => {
  const digits = (text.startsWith('+') ? '+' : '') + text.replace(/\D/g, '')
  return parsePhoneNumberFromString(digits, country as 'TR')?.isValid() ?? false
}

/** `0905321234567`: a trunk zero before the home country's own code; null for anything else. */
function withoutTrunkZero(digits: string, country: string): string | null {
  const number = parsePhoneNumberFromString('+' + digits.slice(1))
  return number?.isValid() && number.countryCallingCode === callingCode(country) ? number.number : null
}

/** Null where the zero belongs to the number, as in Italy. */
function withoutHomeZero(text: string): string | null {
  if (!HOME_ZERO.test(text)) return null
  const number = parsePhoneNumberFromString('+' + text.replace(HOME_ZERO, '$1').replace(/\D/g, ''))
  return number?.isValid() ? number.number : null
}

/** A range that is not dialled from abroad, and hardly as somebody's number at home. */
const isForHomeOnly = (number: PhoneNumber): boolean => HOME_ONLY.has(number.getType())
const HOME_ONLY: ReadonlySet<ReturnType<PhoneNumber['getType']>> = new Set(['VOICEMAIL', 'PAGER', 'UAN'])

/**
 * Numbering plans grow faster than tables of them: the right length is enough in an unknown range.
 */
function possible(number: PhoneNumber | undefined, shortest = SHORTEST_UNKNOWN_NUMBER): string | null {
  // `number.number` includes the plus.
  if (!number || number.number.length <= SHORTEST_PUBLIC_NUMBER) return null
  if (number.isValid()) return number.number
  return number.isPossible() && number.nationalNumber.length >= shortest && !number.nationalNumber.startsWith('0')
    ? number.number
    : null
}

const callingCode = (country: string) => parsePhoneNumberFromString('0000000', country as 'TR')?.countryCallingCode
