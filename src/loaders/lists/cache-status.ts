import type { SourceStatus } from '../../model/source-status.js'
import type { Cached } from '../../providers/account.js'
import { failureStatus } from '../failure-status.js'

/**
 * How far a list was read from the cache: of several replies the oldest counts, and any that is
 * stale.
 */
export class CacheUse {
  #ageSeconds: number | null = null
  #failure: { readonly error: unknown } | null = null

  note({ ageSeconds, failure }: Cached): void {
    this.#ageSeconds = Math.max(this.#ageSeconds ?? 0, ageSeconds)
    if (failure !== null) this.#failure ??= { error: failure }
  }

  /** Null when everything was read in this operation. */
  get ageSeconds(): number | null {
    return this.#ageSeconds
  }

  /**
   * Set when a reply was stale because the provider could not be reached: complete, but too old.
   * Null otherwise.
   */
  get staleness(): Pick<SourceStatus, 'state' | 'errorCode' | 'message' | 'retryAfterSeconds'> | null {
    if (!this.#failure) return null
    const { message, ...why } = failureStatus(this.#failure.error)
    return { state: 'STALE', ...why, message: `As it was ${this.#ageSeconds} seconds ago. ${message}` }
  }
}
