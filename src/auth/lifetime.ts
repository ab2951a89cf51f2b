/** What to believe of a token's lifetime, and when to replace it. */

/** The lifetime of credentials that do not run out. No answer of a server can say so: only a flow that needs none does. */
export const NEVER = Symbol('does not run out')

const SHORTEST_SECONDS = 30
const LONGEST_SECONDS = 24 * 60 * 60
/** Assumed when neither the answer nor the provider's documentation says anything. */
const ASSUMED_SECONDS = 5 * 60
const MARGIN_SECONDS = 60
const MARGIN_SHARE = 0.2

/**
 * A lifetime in seconds between 30 s and 24 h, whatever the answer said; null for credentials that do not run out.
 * Missing and unreadable values become the documented lifetime, never "for ever".
 */
export function believedLifetime(expiresIn: unknown, documented = ASSUMED_SECONDS): number | null {
  if (expiresIn === NEVER) return null
  return clamp(numberIn(expiresIn) ?? documented)
}

/** A token's lifetime by the answer it came in and by what it says of itself, whichever ends sooner; the other where one is missing. */
export function soonerOf(expiresIn: unknown, byItself: number | undefined): unknown {
  const seconds = numberIn(expiresIn)
  if (byItself === undefined) return expiresIn
  return seconds === null ? byItself : Math.min(seconds, byItself)
}

/** Longer than any server means, and short enough to be reckoned with. */
const LONGEST_REFRESH_SECONDS = 10 * 365 * 24 * 60 * 60

/** Seconds until a refresh token is dead; null when the answer does not say, or says what cannot be believed of a token just given. */
export function believedRefreshLifetime(expiresIn: unknown): number | null {
  const seconds = numberIn(expiresIn)
  return seconds === null || seconds < 1 ? null : Math.min(seconds, LONGEST_REFRESH_SECONDS)
}

/** `draw` in [0, 1): spreads the replacements of tokens issued together over ±20 % of the margin. */
export function marginSeconds(lifetimeSeconds: number, draw: number): number {
  return Math.min(MARGIN_SECONDS, MARGIN_SHARE * lifetimeSeconds) * (0.8 + 0.4 * draw)
}

export type Freshness = 'fresh' | 'due' | 'expired'

/** `due`: still good, and time to fetch the next one meanwhile. */
export function freshness(ageSeconds: number, lifetimeSeconds: number | null, margin: number): Freshness {
  if (lifetimeSeconds === null) return 'fresh'
  if (ageSeconds >= lifetimeSeconds) return 'expired'
  return ageSeconds >= lifetimeSeconds - margin ? 'due' : 'fresh'
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

const clamp = (seconds: number) => Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds))
