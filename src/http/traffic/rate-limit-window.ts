import type { Clock } from '../../clock.js'
import type { Requester } from '../account/stage.js'
import { pause } from './pause.js'

/** Why nothing may be sent: a limit, or a provider that is away and says until when. */
export type HoldCode = 'PROVIDER_RATE_LIMITED' | 'PROVIDER_UNAVAILABLE'

/** The time during which a provider has asked an account not to send anything. */
export class RateLimitWindow {
  readonly #clock: Clock
  #until = -Infinity
  #resetAt: number | null = null
  #code: HoldCode = 'PROVIDER_RATE_LIMITED'

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds until it is over; 0 where there is none. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#clock.monotonic())
  }

  /** When it is over, wall-clock ms. */
  get resetAt(): number | null {
    return this.leftMs > 0 ? this.#resetAt : null
  }

  /** Why nothing may be sent while it lasts. */
  get code(): HoldCode {
    return this.#code
  }

  /** Begins or extends the window; of several waits the one that ends last counts. */
  begin(waitMs: number, code: HoldCode): void {
    if (waitMs <= this.leftMs) return
    this.#code = code
    this.#until = this.#clock.monotonic() + waitMs
    this.#resetAt = this.#clock.now() + waitMs
  }

  /** Whether the wait is no longer than a call, and leaves the operation the time for one. */
  fits(callMs: number, { endsAt }: Pick<Requester, 'endsAt'>): boolean {
    return this.leftMs <= callMs && this.leftMs + callMs <= endsAt - performance.now()
  }

  /** Waits until it is over, if that fits. Resolves with whether it is over. */
  async passes(callMs: number, requester: Pick<Requester, 'signal' | 'endsAt'>): Promise<boolean> {
    const { signal } = requester
    while (this.leftMs > 0) {
      if (signal.aborted || !this.fits(callMs, requester)) return false
      await pause(this.leftMs, signal)
    }
    return true
  }
}
