import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel'

import { Bulkhead, BulkheadFull } from '../../bulkhead.js'
import type { Clock } from '../../clock.js'
import { ProviderError, ServiceUnavailable } from '../../errors.js'
import { abortable } from '../wire/abortable.js'
import type { HttpRequest, HttpResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { RateLimitWindow } from './rate-limit-window.js'
import { retryAfterMs } from './retry-after.js'
import { RetryBudget, withRetries } from './retries.js'
import { describeRequest } from '../describe-request.js'

/** How one account's requests are regulated now. */
export interface TrafficHealth {
  readonly circuit: 'CLOSED' | 'HALF_OPEN' | 'OPEN'
  /** Wall-clock ms. */
  readonly rateLimitResetAt: number | null
  /** Requests that have been sent and not answered. */
  readonly underWay: number
  /** Requests that wait for their turn. */
  readonly waiting: number
}

/** One read that is to be answered. */
export interface Journey<Response extends HttpResponse> {
  readonly request: HttpRequest
  readonly signal: AbortSignal
  /** Sends it now, for so long; `queuedAt`: since when it has waited for its turn, monotonic ms. */
  readonly attempt: (timeoutMs: number, queuedAt: number) => Promise<Response>
  /** Whether an answer is about the login: sending the same again would not help. */
  readonly refuses: (response: HttpResponse) => boolean
}

/**
 * Regulates what one account sends to its provider, so that neither harms the other: so many requests at once, so many in the queue,
 * nothing while the provider wants to be left alone, a passing failure tried again, and after failures in a row nothing but one probe
 * now and then. All that is sent are reads, so that each may be sent again.
 */
export class Traffic {
  readonly #limits: HttpLimits
  readonly #clock: Clock
  readonly #places: Bulkhead
  readonly #breaker
  readonly #window: RateLimitWindow
  readonly #budget: RetryBudget

  constructor(limits: HttpLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#places = new Bulkhead(limits.providerConcurrency, limits.providerQueue)
    this.#breaker = circuitBreaker(handleWhen(speaksOfAnOutage), {
      halfOpenAfter: limits.breakerOpenMs,
      breaker: new ConsecutiveBreaker(limits.breakerFailures),
    })
    this.#window = new RateLimitWindow(clock)
    this.#budget = new RetryBudget(limits, clock)
  }

  health(): TrafficHealth {
    const circuit = { [CircuitState.HalfOpen]: 'HALF_OPEN', [CircuitState.Open]: 'OPEN' } as const
    return {
      circuit: circuit[this.#breaker.state as keyof typeof circuit] ?? 'CLOSED',
      rateLimitResetAt: this.#window.resetAt,
      underWay: this.#places.running,
      waiting: this.#places.waiting,
    }
  }

  /**
   * Any answer, whatever its status, as soon as the provider may be asked. Throws what the last attempt threw; `PROVIDER_UNAVAILABLE` with
   * reason `CIRCUIT_OPEN`, `PROVIDER_RATE_LIMITED` and ServiceUnavailable where nothing was sent; the signal's reason.
   */
  async answer<Response extends HttpResponse>(journey: Journey<Response>): Promise<Response> {
    const { attempts, providerTimeoutMs } = this.#limits
    for (let refused = 0; ;) {
      if (!(await this.#window.passes(providerTimeoutMs, journey.signal))) throw this.#notYet(journey.request)
      const response = await this.#untilAnswered(journey)
      if (response === null) continue
      if (response.status !== 429) return response
      if (++refused >= attempts || !this.#window.fits(providerTimeoutMs, journey.signal)) return response
      if (!this.#budget.spend()) return response
    }
  }

  /** Null when the provider asked somebody else to wait before this could be sent. */
  async #untilAnswered<Response extends HttpResponse>(journey: Journey<Response>): Promise<Response | null> {
    try {
      const { signal } = journey
      return (await abortable(
        this.#breaker.execute(() => this.#tries(journey), signal),
        signal,
      )) as Response
    } catch (error) {
      if (error instanceof Outage) return error.response as Response
      if (error instanceof HeldBack) return null
      if (error instanceof BrokenCircuitError) throw this.#leftAlone(journey.request)
      if (error instanceof BulkheadFull)
        throw new ServiceUnavailable('Too many requests to this account are waiting. Try again later.')
      throw error
    }
  }

  /** As the breaker sees it: one success or one failure, however often it was tried. A probe is tried once. */
  #tries<Response extends HttpResponse>({ signal, attempt, refuses }: Journey<Response>): Promise<Response> {
    const isClosed = () => this.#breaker.state === CircuitState.Closed
    const isProbe = !isClosed()
    const mayPass = (error: unknown) =>
      isClosed() && isPassing(error) && !(error instanceof Outage && refuses(error.response))
    return withRetries(
      { signal, mayPass, budget: this.#budget, limits: this.#limits, clock: this.#clock },
      async (timeoutMs) => {
        const queuedAt = this.#clock.monotonic()
        return this.#places.run(async () => {
          // Both may have changed while this stood in the queue.
          if (!isProbe && !isClosed()) throw new BrokenCircuitError()
          if (this.#window.leftMs > 0) throw new HeldBack()
          this.#budget.earn()
          const response = await attempt(timeoutMs, queuedAt)
          // Before the place is free: who has it next must know.
          if (response.status === 429) this.#window.begin(retryAfterMs(response, this.#limits))
          // The breaker must see an outage as a failure, while its answer is still read like any other.
          if (response.status >= 500) throw new Outage(response)
          return response
        }, signal)
      },
    )
  }

  #notYet(request: HttpRequest): ProviderError {
    return new ProviderError(
      'PROVIDER_RATE_LIMITED',
      `${describeRequest(request)} was not sent: the provider asked us to wait`,
      { retryAfterMs: this.#window.leftMs },
    )
  }

  #leftAlone(request: HttpRequest): ProviderError {
    return new ProviderError(
      'PROVIDER_UNAVAILABLE',
      `${describeRequest(request)} was not sent: too many requests before it failed`,
      { reason: 'CIRCUIT_OPEN', retryAfterMs: this.#limits.breakerOpenMs },
    )
  }
}

const speaksOfAnOutage = (error: unknown): boolean =>
  error instanceof Outage ||
  (error instanceof ProviderError &&
    (error.code === 'PROVIDER_UNAVAILABLE' ||
      (error.code === 'PROVIDER_TIMEOUT' && error.reason !== 'OPERATION_ENDED')))

/**
 * What another attempt may get past: a server that is being restarted, a connection that broke, one that was closed as we took it up
 * again. Not what took all of its time already, and not who names a time to come back.
 */
const isPassing = (error: unknown): boolean =>
  error instanceof Outage
    ? error.response.status !== NOT_IMPLEMENTED && !('retry-after' in error.response.headers)
    : error instanceof ProviderError && PASSING.has(error.reason ?? '')

const NOT_IMPLEMENTED = 501
const PASSING: ReadonlySet<string> = new Set([
  'CONNECTION_REFUSED',
  'CONNECTION_RESET',
  'CONNECTION_FAILED',
  'TRUNCATED',
])

class Outage extends Error {
  constructor(readonly response: HttpResponse) {
    super('the provider answered with a server error')
  }
}

class HeldBack extends Error {}
