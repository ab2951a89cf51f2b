/*
 * Readers for what providers send. Each takes any value and returns the one that was meant, or
 * null: one odd field costs that field, never its record. Numbers are read from text, and text from
 * numbers.
 */

/**
 * A provider's object before it is checked: each documented key may be missing or of another type.
 */
export type Received<Wire> = { readonly [Key in keyof Wire]?: unknown }

const SPACE = 0x20
const NO_BREAK_SPACE = 0xa0
const LONGEST_TEXT = 10_000
/** GraphQL's Int has 32 bits. */
const LARGEST_INT = 2 ** 31 - 1

export function received<Wire>(value: unknown): Received<Wire> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Received<Wire>) : null
}

export function list(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null
}

/**
 * Text as the provider spells it, without the white space that columns of a fixed width add; blank
 * text is null, a whole number becomes its digits.
 */
export function text(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) return null
  return isTrimmed(value, 0) && isTrimmed(value, value.length - 1) ? value : value.trim() || null
}

/**
 * Fast path: no white space lies between the space and the no-break space, so trimming is not
 * needed.
 */
function isTrimmed(value: string, at: number): boolean {
  const code = value.charCodeAt(at)
  return code > SPACE && code < NO_BREAK_SPACE
}

/** One of a provider's words, to be looked up: in upper case, because its case varies. */
export function word(value: unknown): string | null {
  const written = text(value)
  return written === null || isUpperCase(written) ? written : written.toUpperCase()
}

/** Only of ASCII; a copy that is the same would be garbage, and a call has five of them. */
function isUpperCase(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code > LAST_ASCII || (code >= LOWER_A && code <= LOWER_Z)) return false
  }
  return true
}

const LAST_ASCII = 0x7f
const LOWER_A = 'a'.charCodeAt(0)
const LOWER_Z = 'z'.charCodeAt(0)

/** A whole number within GraphQL's Int (32 bits). */
export function integer(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= LARGEST_INT ? number : null
}

/** A whole number from zero up: a count, or seconds. */
export function count(value: unknown): number | null {
  const number = integer(value)
  return number !== null && number >= 0 ? number : null
}

/** An exact decimal as text; a JSON number is written without an exponent. */
export function decimal(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return plain(value)
  const digits = typeof value === 'string' ? value.trim() : ''
  return /^-?\d{1,30}(\.\d{1,30})?$/.test(digits) ? digits : null
}

/** A boolean, or `true`, `false`, `1`, `0` as text or number. */
export function flag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const said = String(value).trim().toLowerCase()
  return said === 'true' || said === '1' ? true : said === 'false' || said === '0' ? false : null
}

function plain(value: number): string | null {
  const digits = String(value)
  if (!digits.includes('e')) return digits
  return Math.abs(value) < 1 ? value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '') : null
}
