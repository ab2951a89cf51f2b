import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel'

import { Bulkhead, BulkheadFull } from '../../bulkhead.js'
import type { Clock } from '../../clock.js'
import { OutcomeUnknown, ProviderError, ServiceUnavailable } from '../../errors.js'
import type { AccountRequest, Requester, SendStage, Stage } from '../account/stage.js'
import { describeRequest } from '../describe-request.js'
import type { HttpResponse } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { abortable } from '../wire/abortable.js'
import { RateLimitWindow, type HoldCode } from './rate-limit-window.js'
import { holdsBackMs, isPassing } from './retry-after.js'
import { RetryBudget, withRetries } from './retries.js'

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

/**
 * Regulates what one account sends to its provider, so that neither harms the other: a bounded
 * number of requests at once, a bounded queue, nothing while the provider has asked us to wait,
 * another attempt after a passing failure, and after failures in a row nothing but a probe now and
 * then. A request that is not repeatable is sent again only where it was provably never sent: not
 * after a 429 either, which invites a new request (RFC 6585 §4) and does not promise that this one
 * was not applied (RFC 9110 §9.2.2).
 */
export class Traffic {
  readonly #limits: HttpLimits
  readonly #clock: Clock
  readonly #refuses: (response: HttpResponse) => boolean
  readonly #places: Bulkhead
  readonly #breaker
  /** Wall-clock ms of the moment at which the circuit opened last. */
  #openedAt = 0
  readonly #window: RateLimitWindow
  readonly #budget: RetryBudget

  /** `refuses`: whether a response refuses the login, so that another attempt would not help. */
  constructor(limits: HttpLimits, clock: Clock, refuses: (response: HttpResponse) => boolean) {
    this.#limits = limits
    this.#clock = clock
    this.#refuses = refuses
    this.#places = new Bulkhead(limits.providerConcurrency, limits.providerQueue)
    this.#breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: limits.breakerOpenMs,
      breaker: new ConsecutiveBreaker(limits.breakerFailures),
    })
    this.#breaker.onBreak(() => (this.#openedAt = clock.now()))
    this.#window = new RateLimitWindow(clock)
    this.#budget = new RetryBudget(limits, clock)
  }

  health(): TrafficHealth {
    return {
      circuit: this.#circuit(),
      rateLimitResetAt: this.#window.resetAt,
      underWay: this.#places.running,
      waiting: this.#places.waiting,
    }
  }

  /**
   * The stage that sends as soon as the provider allows, and resolves with any response,
   * whatever its status. It throws what the last attempt threw; `PROVIDER_UNAVAILABLE` with reason
   * `CIRCUIT_OPEN`, `PROVIDER_RATE_LIMITED` and ServiceUnavailable where nothing was sent; the
   * signal's reason.
   */
  stage<Response extends HttpResponse>(next: SendStage<Response>): Stage<Response> {
    return async (outgoing, requester) => {
      const { attempts, providerTimeoutMs } = this.#limits
      for (let refused = 0; ;) {
        if (this.#window.leftMs > 0 && !(await this.#window.passes(providerTimeoutMs, requester)))
          throw this.#mustWait(outgoing)
        const response = await this.#whileClosed(next, outgoing, requester)
        if (response === null) continue
        if (!outgoing.repeatable || holdsBackMs(response, this.#limits) === null) return response
        if (++refused >= attempts || !this.#window.fits(providerTimeoutMs, requester)) return response
        if (!this.#budget.spend()) return response
      }
    }
  }

  /** Null where a 429 to another request came before this could be sent. */
  async #whileClosed<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
  ): Promise<Response | null> {
    const isClosed = this.#breaker.state === CircuitState.Closed
    try {
      const response = this.#breaker.execute(() => this.#attempts(next, outgoing, requester))
      // While another request is the probe, an abort need not wait for it. A sent write is not left.
      return await (isClosed || !outgoing.repeatable ? response : abortable(response, requester.signal))
    } catch (error) {
      if (error instanceof Outage) return error.response as Response
      if (error instanceof HeldBack) return null
      if (error instanceof BrokenCircuitError) throw this.#circuitOpen(outgoing)
      if (error instanceof BulkheadFull)
        throw new ServiceUnavailable('Too many requests to this account are waiting. Try again later.')
      throw error
    }
  }

  /** One success or failure for the breaker, however often it is sent. A probe is sent once. */
  #attempts<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
  ): Promise<Response> {
    const { signal } = requester
    const isClosed = () => this.#breaker.state === CircuitState.Closed
    const isProbe = !isClosed()
    return withRetries(
      {
        signal,
        mayPass: (error) => isClosed() && this.#mayPass(error, outgoing),
        budget: this.#budget,
        limits: this.#limits,
        clock: this.#clock,
      },
      (timeoutMs) => {
        const queuedAt = this.#clock.monotonic()
        return this.#places.run(async () => {
          // Both may have changed while this was queued.
          if (!isProbe && !isClosed()) throw new BrokenCircuitError()
          if (this.#window.leftMs > 0) throw new HeldBack()
          this.#budget.earn()
          const response = await next(readied(outgoing), requester, timeoutMs, queuedAt)
          // Before the place is free: the next request must see it.
          const waitMs = holdsBackMs(response, this.#limits)
          if (waitMs !== null) this.#window.begin(waitMs, holdCode(response))
          // For the breaker a failure, unless it says when to come again; still read like any other.
          if (isPassing(response.status)) throw new Outage(response, waitMs === null || isProbe)
          return response
        }, signal)
      },
    )
  }

  /**
   * Whether another attempt may succeed: a server is being restarted, a connection broke, or an idle
   * one was closed as we reused it. Not after a time-out, and not where the provider names a wait.
   */
  #mayPass(error: unknown, { repeatable }: AccountRequest): boolean {
    if (error instanceof Outage) {
      const { response } = error
      const isHeldBack = holdsBackMs(response, this.#limits) !== null
      return repeatable && response.status !== NOT_IMPLEMENTED && !isHeldBack && !this.#refuses(response)
    }
    return error instanceof ProviderError && PASSING.has(error.reason ?? '') && (repeatable || error.unsent)
  }

  #mustWait({ request }: AccountRequest): ProviderError {
    const { code, leftMs } = this.#window
    return new ProviderError(code, `${describeRequest(request)} was not sent: the provider asked us to wait`, {
      reason: code === 'PROVIDER_UNAVAILABLE' ? 'ASKED_TO_WAIT' : null,
      retryAfterMs: leftMs,
      unsent: true,
    })
  }

  /**
   * Half-open as soon as the next request would be a probe, which for the breaker begins with that
   * request: whoever spares an account whose circuit is open would never send it.
   */
  #circuit(): TrafficHealth['circuit'] {
    const { state } = this.#breaker
    if (state === CircuitState.HalfOpen) return 'HALF_OPEN'
    if (state !== CircuitState.Open) return 'CLOSED'
    return this.#clock.now() - this.#openedAt >= this.#limits.breakerOpenMs ? 'HALF_OPEN' : 'OPEN'
  }

  #circuitOpen({ request }: AccountRequest): ProviderError {
    return new ProviderError(
      'PROVIDER_UNAVAILABLE',
      `${describeRequest(request)} was not sent: too many requests before it failed`,
      { reason: 'CIRCUIT_OPEN', retryAfterMs: this.#limits.breakerOpenMs, unsent: true },
    )
  }
}

const readied = (outgoing: AccountRequest): AccountRequest =>
  outgoing.ready ? { ...outgoing, request: outgoing.ready() } : outgoing

function isOutage(thrown: unknown): boolean {
  if (thrown instanceof Outage) return thrown.isFailure
  const error = thrown instanceof OutcomeUnknown ? thrown.cause : thrown
  return (
    error instanceof ProviderError &&
    (error.code === 'PROVIDER_UNAVAILABLE' || (error.code === 'PROVIDER_TIMEOUT' && error.reason !== 'OPERATION_ENDED'))
  )
}

const NOT_IMPLEMENTED = 501
const PASSING: ReadonlySet<string> = new Set([
  'CONNECTION_REFUSED',
  'CONNECTION_RESET',
  'CONNECTION_FAILED',
  'TRUNCATED',
])

const holdCode = ({ status }: HttpResponse): HoldCode =>
  isPassing(status) ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_RATE_LIMITED'

class Outage extends Error {
  constructor(
    readonly response: HttpResponse,
    readonly isFailure: boolean,
  ) {
    super('the provider answered with a server error')
  }
}

class HeldBack extends Error {}
