import { ExponentialBackoff, type IBackoff } from 'cockatiel'

import type { EndSignal } from '../../ending.js'
import type { Clock } from '../../clock.js'
import type { HttpLimits } from '../limits.js'
import { pause } from './pause.js'

/** The pause before the third attempt is at most this many times the one before the second. */
const LONGEST_PAUSE_FACTOR = 10
/** How long an empty floor takes to fill, ms. */
const FLOOR_REFILL_MS = 10_000
/** The most retries that may be saved up, in floors. */
const SAVED_FLOORS = 5

/**
 * How many retries one account has: a percentage of the requests it sends, retries included, and a
 * few at any time. In trouble that lasts, the provider never gets more than a quarter above what
 * callers need.
 */
export class RetryBudget {
  readonly #limits: Pick<HttpLimits, 'retryBudgetPercent' | 'retryBudgetFloor'>
  readonly #clock: Clock
  #earned = 0
  #floor: number
  #refilledAt: number

  constructor(limits: Pick<HttpLimits, 'retryBudgetPercent' | 'retryBudgetFloor'>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#floor = limits.retryBudgetFloor
    this.#refilledAt = clock.monotonic()
  }

  /** Adds the share of a retry that a sent request earns. */
  earn(): void {
    const { retryBudgetPercent, retryBudgetFloor } = this.#limits
    const most = SAVED_FLOORS * Math.max(1, retryBudgetFloor)
    this.#earned = Math.min(most, this.#earned + retryBudgetPercent / 100)
  }

  /** Takes one retry; false where none is left. */
  spend(): boolean {
    this.#refill()
    if (this.#earned >= 1) this.#earned -= 1
    else if (this.#floor >= 1) this.#floor -= 1
    else return false
    return true
  }

  #refill(): void {
    const { retryBudgetFloor } = this.#limits
    const now = this.#clock.monotonic()
    this.#floor = Math.min(
      retryBudgetFloor,
      this.#floor + (retryBudgetFloor * (now - this.#refilledAt)) / FLOOR_REFILL_MS,
    )
    this.#refilledAt = now
  }
}

export interface Retrying {
  readonly limits: Pick<HttpLimits, 'attempts' | 'retryPauseMs' | 'providerTimeoutMs'>
  readonly clock: Clock
  readonly budget: RetryBudget
  readonly signal: EndSignal
  /** Whether a failure may pass by the next attempt, and the request may be sent again. */
  readonly mayPass: (error: unknown) => boolean
  /** When the first attempt began, monotonic ms. */
  readonly began: number
}

/**
 * Attempts again while failures are of the passing kind and the budget lasts, after pauses with
 * decorrelated jitter. All attempts together have the time of one call; `attempt` takes how much of
 * it is left, ms. Throws what the last attempt threw.
 */
export async function withRetries<T>(
  { limits, clock, budget, signal, mayPass, began }: Retrying,
  attempt: (timeLeftMs: number) => Promise<T>,
): Promise<T> {
  const { attempts, retryPauseMs, providerTimeoutMs } = limits
  const left = () => Math.ceil(providerTimeoutMs - (clock.monotonic() - began))
  let backoff: IBackoff<unknown> | null = null
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(tried === 1 ? providerTimeoutMs : left())
    } catch (error) {
      backoff = backoff ? backoff.next(undefined) : firstPause(retryPauseMs)
      const { duration } = backoff
      const fits = left() > duration
      if (tried >= attempts || signal.aborted || !fits || !mayPass(error) || !budget.spend()) throw error
      await pause(duration, signal)
      if (signal.aborted || left() <= 0) throw error
    }
  }
}

const firstPause = (initialDelay: number): IBackoff<unknown> =>
  new ExponentialBackoff({ initialDelay, maxDelay: LONGEST_PAUSE_FACTOR * initialDelay }).next()
