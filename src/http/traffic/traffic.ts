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
  /** The failures in a row that the breaker counts; one that is closed need not be passed by a success. */
  readonly #failures: ConsecutiveBreaker
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
    this.#failures = new ConsecutiveBreaker(limits.breakerFailures)
    this.#breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: limits.breakerOpenMs,
      breaker: this.#failures,
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
    return (outgoing, requester) =>
      this.#isClosed() && this.#window.leftMs === 0
        ? this.#atOnce(next, outgoing, requester)
        : this.#regulated(next, outgoing, requester, null)
  }

  /** Nothing is in the way but the queue: until something goes wrong, one attempt is all there is. */
  #atOnce<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
  ): Promise<Response> {
    const began = this.#clock.monotonic()
    const outcome = this.#attempt(next, outgoing, requester, this.#limits.providerTimeoutMs, false)
    return outcome.then(
      (response) => {
        if (holdsBackMs(response, this.#limits) !== null)
          return this.#regulated(next, outgoing, requester, { began, outcome })
        this.#failures.success()
        return response
      },
      (error: unknown) => {
        if (this.#isClosed()) return this.#regulated(next, outgoing, requester, { began, outcome })
        // Others failed meanwhile, as the breaker knows: it is not told again, and nothing is sent again.
        return this.#settled(error, outgoing) ?? this.#regulated(next, outgoing, requester, null)
      },
    )
  }

  async #regulated<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
    made: MadeAttempt<Response> | null,
  ): Promise<Response> {
    const { attempts, providerTimeoutMs } = this.#limits
    let first = made
    for (let refused = 0; ;) {
      if (!first && this.#window.leftMs > 0 && !(await this.#window.passes(providerTimeoutMs, requester)))
        throw this.#mustWait(outgoing)
      const response = await this.#whileClosed(next, outgoing, requester, first)
      first = null
      if (response === null) continue
      if (!outgoing.repeatable || holdsBackMs(response, this.#limits) === null) return response
      if (++refused >= attempts || !this.#window.fits(providerTimeoutMs, requester)) return response
      if (!this.#budget.spend()) return response
    }
  }

  /** Null where a 429 to another request came before this could be sent. */
  async #whileClosed<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
    first: MadeAttempt<Response> | null,
  ): Promise<Response | null> {
    const isClosed = this.#isClosed()
    try {
      const response = this.#breaker.execute(() => this.#attempts(next, outgoing, requester, first))
      // While another request is the probe, an abort need not wait for it. A sent write is not left.
      return await (isClosed || !outgoing.repeatable ? response : abortable(response, requester.signal))
    } catch (error) {
      return this.#settled(error, outgoing)
    }
  }

  /** Null where a 429 to another request came before this could be sent. */
  #settled<Response extends HttpResponse>(error: unknown, outgoing: AccountRequest): Response | null {
    if (error instanceof Outage) return error.response as Response
    if (error instanceof HeldBack) return null
    if (error instanceof BrokenCircuitError) throw this.#circuitOpen(outgoing)
    if (error instanceof BulkheadFull)
      throw new ServiceUnavailable('Too many requests to this account are waiting. Try again later.')
    throw error
  }

  /** One success or failure for the breaker, however often it is sent. A probe is sent once. */
  #attempts<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
    made: MadeAttempt<Response> | null,
  ): Promise<Response> {
    const { signal } = requester
    const isProbe = !this.#isClosed()
    let first = made
    return withRetries(
      {
        signal,
        mayPass: (error) => this.#isClosed() && this.#mayPass(error, outgoing),
        budget: this.#budget,
        limits: this.#limits,
        clock: this.#clock,
        began: made?.began ?? this.#clock.monotonic(),
      },
      (timeoutMs) => {
        if (first) {
          const { outcome } = first
          first = null
          return outcome
        }
        return this.#attempt(next, outgoing, requester, timeoutMs, isProbe)
      },
    )
  }

  /** Sends once, when it is its turn. What the response says of the account counts before the next is sent. */
  #attempt<Response extends HttpResponse>(
    next: SendStage<Response>,
    outgoing: AccountRequest,
    requester: Requester,
    timeoutMs: number,
    isProbe: boolean,
  ): Promise<Response> {
    const queuedAt = this.#clock.monotonic()
    const send = () => {
      // Both may have changed while this was queued.
      if (!isProbe && !this.#isClosed()) throw new BrokenCircuitError()
      if (this.#window.leftMs > 0) throw new HeldBack()
      this.#budget.earn()
      return next(readied(outgoing), requester, timeoutMs, queuedAt).then((response) => {
        const waitMs = holdsBackMs(response, this.#limits)
        if (waitMs !== null) this.#window.begin(waitMs, holdCode(response))
        // For the breaker a failure, unless it says when to come again; still read like any other.
        // A refused login is an answer, whatever its status: who can refuse is not down.
        const hasFailed = isPassing(response.status) && (waitMs !== null || !this.#refuses(response))
        if (hasFailed) throw new Outage(response, waitMs === null || isProbe)
        return response
      })
    }
    return this.#places.run(send, requester.signal)
  }

  #isClosed(): boolean {
    return this.#breaker.state === CircuitState.Closed
  }

  /**
   * Whether another attempt may succeed: a server is being restarted, a connection broke, or an idle
   * one was closed as we reused it. Not after a time-out, and not where the provider names a wait.
   */
  #mayPass(error: unknown, { repeatable }: AccountRequest): boolean {
    if (error instanceof Outage) {
      const { response } = error
      const isHeldBack = holdsBackMs(response, this.#limits) !== null
      return repeatable && response.status !== NOT_IMPLEMENTED && !isHeldBack
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

/** A first attempt that was made while nothing was in the way. */
interface MadeAttempt<Response> {
  /** Monotonic ms. */
  readonly began: number
  readonly outcome: Promise<Response>
}

function readied(outgoing: AccountRequest): AccountRequest {
  const request = outgoing.ready?.() ?? outgoing.request
  return request === outgoing.request ? outgoing : { ...outgoing, request }
}

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
