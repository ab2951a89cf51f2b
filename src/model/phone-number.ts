import { isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'

/** Below this many digits live extensions and short codes (112, 155, 11880); the shortest public numbers have as many with their country. */
const SHORTEST_PUBLIC_NUMBER = 7
/** A range nobody knows is believed from here on: short numbers within a country are known ranges or no numbers at all. */
const SHORTEST_UNKNOWN_NUMBER = 8
/** More digits than this begin with the code of a country. */
const LONGEST_UNPREFIXED_NUMBER = 10
/** E.164 allows fifteen digits; three more leave room for `00` and a trunk zero. */
const LONGEST_WRITTEN_NUMBER = 18
/** Digits with what people put between them; letters, extensions (`;ext=`) and SIP addresses are not numbers. */
const WRITTEN_NUMBER = /^\+?[\d\s().\-/]+$/

/** The same subscribers call again and again, and parsing costs some 20 µs. All countries together. */
const REMEMBERED = 10_000
const remembered = new Map<string, Map<string, string | null>>()
let rememberedNumbers = 0

/**
 * The number in E.164, or null when the text cannot be read as a public number. `country` (ISO 3166) is where it was written:
 * numbers without a country are read as that country's, unless only another country's code before them makes them real.
 * Short codes and internal numbers are never placed: `112` is an emergency call in one country and somebody's desk in an office.
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

/** The digits after the country's code, as they are written inside the country and without a trunk zero; null when it is not a number of `country`. */
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

/** Numbering plans grow faster than anybody's tables, so a number of the right length stands although its range is not known. */
function possible(number: PhoneNumber | undefined, shortest = SHORTEST_UNKNOWN_NUMBER): string | null {
  // `number` has its plus, too.
  if (!number || number.number.length <= SHORTEST_PUBLIC_NUMBER) return null
  if (number.isValid()) return number.number
  return number.isPossible() && number.nationalNumber.length >= shortest && !number.nationalNumber.startsWith('0')
    ? number.number
    : null
}

const callingCode = (country: string) => parsePhoneNumberFromString('0000000', country as 'TR')?.countryCallingCode
