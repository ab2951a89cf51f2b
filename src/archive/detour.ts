import { ProviderError, type ErrorCode } from '../errors.js'

const SHORTEST_MS = 60_000

/** How much further a detour goes than one that was too short. */
const FURTHER = 2

/** Detours of one sweep, so that it asks for little where nothing can be read. */
const AT_MOST = 4

/**
 * The way around calls that their provider cannot give: a page that is rubbish as a whole, or one at
 * which it breaks. A place is tried once more before it is left out, and what is left out grows
 * until something can be read again.
 */
export class Detour {
  /** Why the last place was left out; null: none was since `settle`. */
  reason: ErrorCode | null = null
  #ms = 0
  #taken = 0

  /** Another sweep begins. */
  begin(): void {
    this.#taken = 0
  }

  /**
   * Milliseconds to leave out before the place where reading has failed.
   * `answersElsewhere`: the provider is known to answer, but for here.
   * @throws `error` when that says nothing about the place, or enough was tried
   */
  around(error: unknown, answersElsewhere: boolean): number {
    if (!isOfPlace(error, answersElsewhere)) throw error
    const isNew = this.#ms === 0
    // The first one of a sweep goes as far as what has helped before.
    if (isNew || this.#taken > 0) this.#ms = Math.max(SHORTEST_MS, FURTHER * this.#ms)
    if (isNew || this.#taken === AT_MOST) throw error
    this.#taken += 1
    this.reason = error.code
    return this.#ms
  }

  /** Nothing could be read anywhere, which says nothing about a place. */
  forget(): void {
    this.reason = null
    this.#ms = 0
  }

  /** Everything was read that can be; where no detour was needed, the next one is short again. */
  settle(): void {
    if (this.reason === null) this.forget()
    this.reason = null
  }
}

function isOfPlace(error: unknown, answersElsewhere: boolean): error is ProviderError {
  if (!(error instanceof ProviderError)) return false
  return error.code === 'PROVIDER_BAD_RESPONSE' || (answersElsewhere && /^HTTP_5\d\d$/.test(error.reason ?? ''))
}
