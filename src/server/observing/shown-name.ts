const LONGEST = 64
/** More digits than a name needs: they may be somebody's number, or a part of a key. */
const DIGITS = 6

/**
 * A name that a client gave its operation, as logs and traces may show it. A client may write anything into it; what does not look like
 * a name, because it is too long or holds too many digits, is told as null, as is none at all.
 */
export function shownName(name: string | null | undefined): string | null {
  if (!name || name.length > LONGEST || !/^[_A-Za-z][_0-9A-Za-z]*$/.test(name)) return null
  return name.replace(/\D/g, '').length > DIGITS ? null : name
}
