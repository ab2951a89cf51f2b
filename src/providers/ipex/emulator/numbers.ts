import { choiceFor } from './choice.js'

/**
 * A public number in the spelling of `/numbers`. The documentation leaves the format open, so one
 * list has several: `420222333444`, `222333444`, `+420222333444`, `00420222333444`; mostly without
 * a plus sign.
 */
export function asListed(e164: string): string {
  const digits = e164.slice(1)
  const national = nationalOf(e164)
  return choiceFor(`listed ${e164}`, [
    digits,
    digits,
    digits,
    digits,
    national ?? digits,
    national ?? digits,
    e164,
    `00${digits}`,
  ])
}

/**
 * A public number in the spelling of the call log: domestic ones mostly national, foreign ones with
 * an exit code.
 */
export function asLogged(e164: string): string {
  const digits = e164.slice(1)
  const national = nationalOf(e164)
  if (national === null) return choiceFor(`logged ${e164}`, [`00${digits}`, `00${digits}`, e164])
  return choiceFor(`logged ${e164}`, [national, national, national, digits, e164])
}

/** E.164 of a public number in any of these spellings; null for anything else. */
export function asE164(text: string): string | null {
  const digits = text.replace(/^(\+|00)/, '')
  if (/^\d{9}$/.test(text)) return `+420${text}`
  return /^[1-9]\d{9,14}$/.test(digits) ? `+${digits}` : null
}

/** The nine national digits; null for a foreign number. */
function nationalOf(e164: string): string | null {
  return /^\+420\d{9}$/.test(e164) ? e164.slice(4) : null
}
