import type { SourceStatus } from '../../model/source-status.js'
import type { Cached } from '../../providers/account.js'
import { failureStatus } from '../failure-status.js'

/** What a list was given of answers that had been read before the operation: of several the oldest counts, and any that is too old. */
export class CacheUse {
  #ageSeconds: number | null = null
  #failure: { readonly error: unknown } | null = null

  note({ ageSeconds, failure }: Cached): void {
    this.#ageSeconds = Math.max(this.#ageSeconds ?? 0, ageSeconds)
    if (failure !== null) this.#failure ??= { error: failure }
  }

  /** Null when all of it was read in this operation. */
  get ageSeconds(): number | null {
    return this.#ageSeconds
  }

  /** Everything is there, only older than it should be, because the provider could not be asked; null when nothing is. */
  get staleness(): Pick<SourceStatus, 'state' | 'errorCode' | 'message' | 'retryAfterSeconds'> | null {
    if (!this.#failure) return null
    const { message, ...why } = failureStatus(this.#failure.error)
    return { state: 'STALE', ...why, message: `As it was ${this.#ageSeconds} seconds ago. ${message}` }
  }
}
