/** Limits of exchanges and accounts; each is a key under `limits:` of the configuration. */
export interface HttpLimits {
  /** Whole exchange with a provider, ms. */
  readonly providerTimeoutMs: number
  /** Whole token request, ms; must stay below the lease on a login. */
  readonly tokenTimeoutMs: number
  /** Decoded bytes of one response. */
  readonly responseBytes: number
  /** Most decoded bytes for each compressed byte. */
  readonly compressionRatio: number
  /** Requests of one account under way at once. */
  readonly providerConcurrency: number
  /** Requests of one account that may be queued. */
  readonly providerQueue: number
  /** Connections to one origin, of all accounts together. */
  readonly originConnections: number
  /** Requests to one origin that may be queued for a connection. */
  readonly originQueue: number
  /** Attempts at one read, counting the first. */
  readonly attempts: number
  /** Median pause before the second attempt, ms; later ones are longer. */
  readonly retryPauseMs: number
  /** Retries of one account for every hundred requests it sends. */
  readonly retryBudgetPercent: number
  /** Retries of one account that are allowed within ten seconds in any case. */
  readonly retryBudgetFloor: number
  /** Estimated bytes of the reply cache; 0: nothing is kept, or shared between operations. */
  readonly cacheBytes: number
  /** How long past its lifetime a reply may be given while its provider is down, ms. */
  readonly staleMs: number
  /** Failures in a row that open the circuit. */
  readonly breakerFailures: number
  /** How long the circuit stays open before a probe, ms. */
  readonly breakerOpenMs: number
  /** Wait after a 429 without Retry-After, ms. */
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
