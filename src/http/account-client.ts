import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  wrap,
} from 'cockatiel'

import type { Clock } from '../clock.js'
import { AppError, ProviderError, ServiceUnavailable, type ErrorSource } from '../errors.js'
import type { AuthorizedRequest, Authorizer } from './authorizer.js'
import type {
  FileReply,
  HttpRequest,
  HttpResponse,
  ObservedExchange,
  OpenStream,
  Reply,
  Send,
  SendOptions,
} from './http.js'
import { OperationReads } from './operation-reads.js'
import type { HttpLimits } from './limits.js'
import { isNotFound, readFile, readReply } from './reply.js'
import { describeRequest } from './send.js'

export interface AccountClientOptions {
  readonly source: ErrorSource
  /** The only origins requests may go to. */
  readonly origins: readonly string[]
  readonly authorizer: Authorizer
  readonly send: Send
  readonly openStream: OpenStream
  readonly limits: HttpLimits
  readonly clock: Clock
  /** Hears of every request that was really sent, once it is over. */
  readonly onExchange?: (exchange: ObservedExchange) => void
}

/** How the requests of one account have been going; times in wall-clock ms. */
export interface ClientHealth {
  readonly circuit: 'CLOSED' | 'HALF_OPEN' | 'OPEN'
  readonly rateLimitResetAt: number | null
  readonly lastSuccessAt: number | null
  readonly lastFailureAt: number | null
}

/**
 * Everything between one account's data sources and the wire, for as long as the process lives: login, a bounded pool, a circuit
 * breaker and the provider's own rate limit. Its errors name the account.
 */
export class AccountClient {
  readonly #options: AccountClientOptions
  readonly #origins: ReadonlySet<string>
  readonly #breaker
  readonly #policy
  #rateLimitedUntil = 0
  #rateLimitResetAt: number | null = null
  #lastSuccessAt: number | null = null
  #lastFailureAt: number | null = null

  constructor(options: AccountClientOptions) {
    this.#options = options
    this.#origins = new Set(options.origins.map((origin) => new URL(origin).origin))
    this.#breaker = circuitBreaker(handleWhen(speaksOfAnOutage), {
      halfOpenAfter: options.limits.breakerOpenMs,
      breaker: new ConsecutiveBreaker(options.limits.breakerFailures),
    })
    this.#policy = wrap(bulkhead(options.limits.providerConcurrency, options.limits.providerQueue), this.#breaker)
  }

  /** The client of one operation: equal reads are one request, shared by all its sources. */
  open(signal: AbortSignal): OperationReads {
    return new OperationReads(this, signal)
  }

  health(): ClientHealth {
    const circuit = { [CircuitState.HalfOpen]: 'HALF_OPEN', [CircuitState.Open]: 'OPEN' } as const
    return {
      circuit: circuit[this.#breaker.state as keyof typeof circuit] ?? 'CLOSED',
      rateLimitResetAt: this.#waitMs() > 0 ? this.#rateLimitResetAt : null,
      lastSuccessAt: this.#lastSuccessAt,
      lastFailureAt: this.#lastFailureAt,
    }
  }

  /** One logical request; `onRequest` hears of each time it is really sent. */
  fetch(request: HttpRequest, anonymous: boolean, signal: AbortSignal, onRequest: () => void): Promise<Reply> {
    const { send, limits } = this.#options
    return this.#answer({ request, anonymous, signal, onRequest }, send, (response) =>
      readReply(response, request, limits),
    )
  }

  /** The same for a file. It has its place among the account's requests until its first bytes are here, not until its last. */
  file(request: HttpRequest, signal: AbortSignal, onRequest: () => void): Promise<FileReply> {
    const { openStream, limits } = this.#options
    const asked = { request, anonymous: false, signal, onRequest }
    return this.#answer(asked, openStream, (response) => readFile(response, request, limits))
  }

  identity(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    return this.#options.authorizer.identity(signal).catch((thrown: unknown) => {
      const error = endedWith(signal, thrown, 'The login')
      throw error instanceof AppError ? error.of(this.#options.source) : error
    })
  }

  async #answer<Response extends HttpResponse, Answer>(
    { request, anonymous, signal, onRequest }: Asked,
    send: (request: HttpRequest, options: SendOptions) => Promise<Response>,
    read: (response: Response) => Answer,
  ): Promise<Answer> {
    const { authorizer, clock, source } = this.#options
    const exchange = (ready: AuthorizedRequest) => this.#exchange(ready, send, signal, onRequest)
    try {
      if (!this.#origins.has(new URL(request.url).origin)) {
        throw new ProviderError(
          'PROVIDER_MISCONFIGURED',
          `${describeRequest(request)} is not an address of this account`,
          { reason: 'ORIGIN' },
        )
      }
      const first = anonymous ? { request, login: null } : await authorizer.authorize(request, signal)
      let response = await exchange(first)
      const second = anonymous ? null : await authorizer.reauthorize(response, first, signal)
      if (second) {
        response = await exchange(second)
        authorizer.refusedAgain(response, second)
      }
      const answer = read(response)
      this.#lastSuccessAt = clock.now()
      return answer
    } catch (thrown) {
      const error = endedWith(signal, thrown, describeRequest(request))
      if (isNotFound(error)) this.#lastSuccessAt = clock.now()
      else this.#noteFailure(error)
      throw error instanceof AppError ? error.of(source) : error
    }
  }

  async #exchange<Response extends HttpResponse>(
    { request }: AuthorizedRequest,
    send: (request: HttpRequest, options: SendOptions) => Promise<Response>,
    signal: AbortSignal,
    onRequest: () => void,
  ): Promise<Response> {
    const wait = this.#waitMs()
    if (wait > 0) {
      throw new ProviderError(
        'PROVIDER_RATE_LIMITED',
        `${describeRequest(request)} was not sent: the provider asked us to wait`,
        { retryAfterMs: wait },
      )
    }
    try {
      const queuedAt = this.#options.clock.monotonic()
      return await this.#policy.execute(async () => {
        onRequest()
        const response = await this.#observed(request, queuedAt, () => send(request, { signal }))
        // The breaker must see an outage as a failure, while its answer is still read like any other.
        if (response.status >= 500) throw new Outage(response)
        return response
      }, signal)
    } catch (error) {
      if (error instanceof Outage) return error.response as Response
      if (error instanceof BrokenCircuitError) {
        throw new ProviderError(
          'PROVIDER_UNAVAILABLE',
          `${describeRequest(request)} was not sent: too many requests before it failed`,
          {
            reason: 'CIRCUIT_OPEN',
            retryAfterMs: this.#options.limits.breakerOpenMs,
          },
        )
      }
      if (error instanceof BulkheadRejectedError)
        throw new ServiceUnavailable('Too many requests to this account are waiting. Try again later.')
      throw error
    }
  }

  async #observed<Response extends HttpResponse>(
    { method }: HttpRequest,
    queuedAt: number,
    exchange: () => Promise<Response>,
  ): Promise<Response> {
    const { clock, source, onExchange = () => {} } = this.#options
    const sentAt = clock.monotonic()
    const over = (status: number | null, error: unknown) =>
      onExchange({
        ...{ source, method, status, failure: error instanceof AppError ? error.code : null },
        ...{ waitedMs: sentAt - queuedAt, durationMs: clock.monotonic() - sentAt },
      })
    try {
      const response = await exchange()
      over(response.status, null)
      return response
    } catch (error) {
      over(null, error)
      throw error
    }
  }

  #waitMs(): number {
    return Math.max(0, this.#rateLimitedUntil - this.#options.clock.monotonic())
  }

  #noteFailure(error: unknown): void {
    const { clock } = this.#options
    this.#lastFailureAt = clock.now()
    if (error instanceof ProviderError && error.code === 'PROVIDER_RATE_LIMITED' && this.#waitMs() === 0) {
      const wait = error.retryAfterMs ?? this.#options.limits.retryAfterDefaultMs
      this.#rateLimitedUntil = clock.monotonic() + wait
      this.#rateLimitResetAt = clock.now() + wait
    }
  }
}

/** One logical request and who waits for it. */
interface Asked {
  readonly request: HttpRequest
  readonly anonymous: boolean
  readonly signal: AbortSignal
  readonly onRequest: () => void
}

/** What an operation that ended leaves behind, wherever it was waiting: for a login, for its turn, or for the answer. */
function endedWith(signal: AbortSignal, error: unknown, waitedFor: string): unknown {
  if (error instanceof AppError || !signal.aborted) return error
  return new ProviderError('PROVIDER_TIMEOUT', `${waitedFor} was given up because the operation ended`, {
    reason: 'OPERATION_ENDED',
    cause: error,
  })
}

const speaksOfAnOutage = (error: Error): boolean =>
  error instanceof Outage ||
  (error instanceof ProviderError &&
    (error.code === 'PROVIDER_UNAVAILABLE' ||
      (error.code === 'PROVIDER_TIMEOUT' && error.reason !== 'OPERATION_ENDED')))

class Outage extends Error {
  constructor(readonly response: HttpResponse) {
    super('the provider answered with a server error')
  }
}
