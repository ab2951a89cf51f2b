/** What to believe of a token's lifetime, and when to replace it. */

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
  if (expiresIn === 'never') return null
  const seconds = typeof expiresIn === 'string' && /^-?\d+(\.\d+)?$/.test(expiresIn.trim()) ? Number(expiresIn) : expiresIn
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return clamp(documented)
  return clamp(seconds)
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

const clamp = (seconds: number) => Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds))
