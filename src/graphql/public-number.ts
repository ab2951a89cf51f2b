import { isSupportedCountry } from 'libphonenumber-js/max'

import { InvalidInput } from '../errors.js'
import { isInternational, toE164 } from '../model/values/phone-number.js'

/** A phone number as a caller gives it: complete, or as a person writes it. */
export interface NumberArguments {
  /** E.164. */
  readonly number?: string | null
  readonly spelling?: string | null
  /** ISO 3166 alpha-2, in capitals or not. Where `spelling` begins with a plus it is not needed. */
  readonly country?: string | null
}

/**
 * The number in E.164.
 *
 * @throws InvalidInput for none or both of `number` and `spelling`, a country that does not exist,
 * a spelling without a country, and one that is no public number there.
 */
export function publicNumber({ number, spelling, country }: NumberArguments): string {
  if ((number == null) === (spelling == null))
    throw new InvalidInput(
      `phoneNumber needs exactly one of \`number\` and \`spelling\`; ${number == null ? 'neither was' : 'both were'} given.`,
    )
  const code = country?.trim().toUpperCase()
  if (code !== undefined && !isSupportedCountry(code))
    throw new InvalidInput('`country` is not the ISO 3166 code of a country with phone numbers, such as TR or CZ.')
  if (number != null) return number
  const text = spelling!
  const isComplete = isInternational(text)
  if (!isComplete && code === undefined)
    throw new InvalidInput('`spelling` does not begin with a plus sign: `country` must say where it is dialled.')
  const found = toE164(text, code ?? ANY_COUNTRY)
  if (found === null) throw new InvalidInput(unreadable(text, isComplete ? null : code!))
  return found
}

/** With a plus sign the country a number is written in does not matter. */
const ANY_COUNTRY = 'TR'

function unreadable(text: string, country: string | null): string {
  const digits = text.replace(/\D/g, '').length
  const understood = `${digits} ${digits === 1 ? 'digit was' : 'digits were'} read`
  return country === null
    ? `\`spelling\` is no public number: ${understood}; the country code, area code and number are needed.`
    : `\`spelling\` is no public number in ${country}: ${understood}; the area code and number are needed, and an internal number or short code is not enough.`
}
