const LONG = 16
/** A number of so many digits outside a text; those in quotes are no numbers. */
const LONG_INTEGER = /[[:,\s]-?\d{16}/
const QUOTE_ESCAPE_OR_NUMBER = /"|\\.|-?\d[\d.eE+-]*/g
const INTEGER_OF_16_DIGITS = /^-?\d{16,}$/

/**
 * `JSON.parse`, but integers beyond 2^53 are texts of their digits: an id of a provider must not
 * become its neighbour's. Only a body that may hold one is read twice.
 *
 * @throws SyntaxError, which quotes the text, for what is no JSON.
 */
export function parseExactly(text: string): unknown {
  const parsed = JSON.parse(text) as unknown
  if (typeof parsed === 'number' ? Number.isSafeInteger(parsed) : !hasLongInteger(text)) return parsed
  // It is well-formed, so every quote without an escape begins or ends a text.
  let isText = false
  const exact = text.replace(QUOTE_ESCAPE_OR_NUMBER, (token) => {
    if (token === '"') isText = !isText
    return !isText && INTEGER_OF_16_DIGITS.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token
  })
  return JSON.parse(exact) as unknown
}

/** Whether it may: of so many digits in a row one is at a place that is looked at, and most places are not. */
function hasLongInteger(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue
    let first = at
    let last = at
    while (isDigit(text, first - 1)) first -= 1
    while (isDigit(text, last + 1)) last += 1
    if (last - first >= LONG - 1) return LONG_INTEGER.test(text)
    at = Math.max(at, last)
  }
  return false
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}
