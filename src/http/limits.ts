/** What one exchange and one account may cost; each is a key under `limits:` of the configuration. */
export interface HttpLimits {
  /** Whole provider call, ms. */
  readonly providerTimeoutMs: number
  /** Whole token call, ms; must stay under the lease on a login. */
  readonly tokenTimeoutMs: number
  /** Decoded bytes of one answer. */
  readonly responseBytes: number
  /** Decoded to compressed bytes; a decoder that is asked for more is stopped. */
  readonly compressionRatio: number
  /** Requests of one account under way at once. */
  readonly providerConcurrency: number
  /** Requests of one account that may wait for a place. */
  readonly providerQueue: number
  /** Failures in a row that open the circuit. */
  readonly breakerFailures: number
  /** How long the circuit stays open before one probe, ms. */
  readonly breakerOpenMs: number
  /** Waiting time after a 429 that names none, ms. */
  readonly retryAfterDefaultMs: number
  /** The longest wait a provider may ask for, ms. */
  readonly retryAfterMaximumMs: number
}

export const defaultHttpLimits: HttpLimits = {
  providerTimeoutMs: 4_000,
  tokenTimeoutMs: 8_000,
  responseBytes: 10 * 1024 * 1024,
  compressionRatio: 100,
  providerConcurrency: 8,
  providerQueue: 5_000,
  breakerFailures: 10,
  breakerOpenMs: 30_000,
  retryAfterDefaultMs: 60_000,
  retryAfterMaximumMs: 15 * 60_000,
}
