/** How far to believe a token's stated lifetime, and when to replace it. */

/** Lifetime of credentials that do not expire. Only a flow says so, never a server's response. */
export const NEVER = Symbol('does not run out')

const SHORTEST_SECONDS = 30
/** Of a token that states its end: the granularity of `exp` and `Date`. */
const SHORTEST_END_SECONDS = 1
const LONGEST_SECONDS = 24 * 60 * 60
/** Assumed when neither the response nor the provider's documentation states a lifetime. */
const ASSUMED_SECONDS = 5 * 60
const MARGIN_SECONDS = 60
const MARGIN_SHARE = 0.2

/**
 * A lifetime in seconds between 30 s and 24 h, whatever the response said; null for credentials
 * that do not expire. What is missing, unreadable, 0 or negative says nothing and becomes the
 * documented lifetime, never "for ever".
 */
export function believedLifetime(expiresIn: unknown, documented = ASSUMED_SECONDS): number | null {
  if (expiresIn === NEVER) return null
  return clamp(positiveIn(expiresIn) ?? documented)
}

/**
 * The same for a token that states its own end: `endsInSeconds` by the provider's clock is a fact,
 * and may be shorter than any lifetime that would be believed of a mere number.
 */
export function lifetimeUntilEnd(believed: number | null, endsInSeconds: number | undefined): number | null {
  const end = positiveIn(endsInSeconds)
  return believed === null || end === null ? believed : Math.min(believed, Math.max(SHORTEST_END_SECONDS, end))
}

/**
 * Whether a token of this age may simply have run out when it was refused. A lifetime that may have
 * been lengthened to the shortest one believed is not known: only a second is.
 */
export function mayHaveRunOut(ageSeconds: number, lifetimeSeconds: number | null): boolean {
  if (lifetimeSeconds === null) return false
  return ageSeconds >= (lifetimeSeconds === SHORTEST_SECONDS ? 1 : lifetimeSeconds / 2)
}

/**
 * The shortest of these lifetimes that says anything: the response's `expires_in`, and what the
 * token says of itself. The first as it was sent where none does.
 */
export function shorterLifetime(expiresIn: unknown, ofToken: number | undefined): unknown {
  const stated = [positiveIn(expiresIn), positiveIn(ofToken)].filter((seconds) => seconds !== null)
  return stated.length > 0 ? Math.min(...stated) : expiresIn
}

/** Longer than any server means, and short enough to be added to a time. */
const LONGEST_REFRESH_SECONDS = 10 * 365 * 24 * 60 * 60

/**
 * Seconds until a refresh token expires; null when the response does not say, or says what cannot
 * be true of a token just issued.
 */
export function believedRefreshLifetime(expiresIn: unknown): number | null {
  const seconds = numberIn(expiresIn)
  return seconds === null || seconds < 1 ? null : Math.min(seconds, LONGEST_REFRESH_SECONDS)
}

/**
 * Seconds before its expiry at which a token is replaced. `random` in [0, 1) spreads the
 * replacements of tokens issued together over ±20 % of the margin.
 */
export function marginSeconds(lifetimeSeconds: number, random: number): number {
  return Math.min(MARGIN_SECONDS, MARGIN_SHARE * lifetimeSeconds) * (0.8 + 0.4 * random)
}

/** `due`: still valid, and close enough to its expiry to fetch the next one in the background. */
export type TokenPhase = 'fresh' | 'due' | 'expired'

/** All in seconds; a lifetime of null never ends. */
export function tokenPhase(ageSeconds: number, lifetimeSeconds: number | null, margin: number): TokenPhase {
  if (lifetimeSeconds === null) return 'fresh'
  if (ageSeconds >= lifetimeSeconds) return 'expired'
  return ageSeconds >= lifetimeSeconds - margin ? 'due' : 'fresh'
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function positiveIn(value: unknown): number | null {
  const number = numberIn(value)
  return number !== null && number > 0 ? number : null
}

const clamp = (seconds: number) => Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds))
