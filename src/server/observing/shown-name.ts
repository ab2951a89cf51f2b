const MAXIMUM_LENGTH = 64
/** More digits may be a phone number, or a part of a key. */
const MAXIMUM_DIGITS = 6

/**
 * An operation's name as logs and traces may show it. Clients may put anything into it: null for
 * what is no GraphQL name, is too long, or contains too many digits.
 */
export function shownName(name: string | null | undefined): string | null {
  if (!name || name.length > MAXIMUM_LENGTH || !/^[_A-Za-z][_0-9A-Za-z]*$/.test(name)) return null
  return name.replace(/\D/g, '').length > MAXIMUM_DIGITS ? null : name
}
