const MINUTE = 60

/** What a provider adds after a call has ended (its recording, the last rows) is there by then. */
const SETTLED_AFTER_MS = 10 * MINUTE * 1000
const SETTLED_CALL_SECONDS = 120 * MINUTE

/**
 * How long, in seconds, what is read of a call may be cached: not at all until the call has been
 * over for ten minutes.
 *
 * @param endedAt ms; null while the end is unknown
 * @param receivedAt when the response came, ISO UTC
 */
export const callCacheSeconds = (endedAt: number | null, receivedAt: string): number =>
  endedAt !== null && Date.parse(receivedAt) - endedAt >= SETTLED_AFTER_MS ? SETTLED_CALL_SECONDS : 0
