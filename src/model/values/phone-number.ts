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
/** Digits and the usual separators; letters, extensions (`;ext=`) and SIP addresses are refused. */
const WRITTEN_NUMBER = /^\+?[\d\s().\-/]+$/

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
 * that makes them valid. Short codes and internal numbers are null: `112` is an emergency number in
 * one country and a desk in an office.
 */
export function toE164(text: string | null | undefined, country: string): string | null {
  if (text == null || text.length > 40) return null
  const known = remembered.get(country)?.get(text)
  if (known !== undefined) return known
  const number = place(text.trim(), country)
  remember(text, country, number)
  return number
}

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
  if (digits.length > LONGEST_WRITTEN_NUMBER) return null
  if (text.startsWith('+')) return possible(parsePhoneNumberFromString('+' + digits), 0)
  if (digits.length < SHORTEST_PUBLIC_NUMBER) return null

  const national = parsePhoneNumberFromString(digits, country)
  if (national?.isValid()) return national.number
  if (digits.startsWith('0')) return possible(national)
  const foreign = parsePhoneNumberFromString('+' + digits)
  if (foreign?.isValid()) return foreign.number
  const own = foreign?.countryCallingCode === callingCode(country)
  return possible(own || digits.length > LONGEST_UNPREFIXED_NUMBER ? foreign : national)
}

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
