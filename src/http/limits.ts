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
  /** Connections to one origin, of all accounts together. */
  readonly originConnections: number
  /** Requests to one origin that may wait for a connection. */
  readonly originQueue: number
  /** Times one read is sent at most, counting the first. */
  readonly attempts: number
  /** Pause before the second of them, ms, about; the third waits longer. */
  readonly retryPauseMs: number
  /** Retries of one account for every hundred requests it sends. */
  readonly retryBudgetPercent: number
  /** Retries of one account that are allowed within ten seconds all the same. */
  readonly retryBudgetFloor: number
  /** Bytes of all answers that are kept to be given again, estimated; 0: none is kept, and none is shared between operations. */
  readonly cacheBytes: number
  /** How long after its time an answer may be given while its provider cannot answer, ms. */
  readonly staleMs: number
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
  originConnections: 64,
  originQueue: 1_000,
  attempts: 3,
  retryPauseMs: 50,
  retryBudgetPercent: 20,
  retryBudgetFloor: 10,
  cacheBytes: 64 * 1024 * 1024,
  staleMs: 60 * 60_000,
  breakerFailures: 10,
  breakerOpenMs: 30_000,
  retryAfterDefaultMs: 60_000,
  retryAfterMaximumMs: 15 * 60_000,
}
