import type { Awaitable } from '../../awaitable.js'
import type { Clock } from '../../clock.js'
import { AppError, ProviderError, type ErrorSource } from '../../errors.js'
import { AccountAnswers, type Answer, type Question, type Reader } from './answers.js'
import type { AuthorizedRequest, Authorizer } from './authorizer.js'
import type { FileReply } from '../rest.js'
import type { HttpRequest, HttpResponse, ObservedExchange, OpenStream, Send, SendOptions } from '../http.js'
import type { SharedAsker } from './shared-request.js'
import { OperationReads } from './operation-reads.js'
import type { HttpLimits } from '../limits.js'
import type { Asker, ReadingOperation } from './reading.js'
import { isNotFound, readFile, readReply, type SizedReply } from './reply.js'
import type { ReplyCache } from './reply-cache.js'
import { describeRequest } from '../describe-request.js'
import { Traffic, type TrafficHealth } from '../traffic/traffic.js'

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
  /** Absent: nothing that was read is kept for, or shared with, another operation. */
  readonly cache?: ReplyCache
}

/** How the requests of one account have been going; times in wall-clock ms. */
export interface ClientHealth extends TrafficHealth {
  readonly lastSuccessAt: number | null
  readonly lastFailureAt: number | null
}

/**
 * Everything between one account's data sources and the wire, for as long as the process lives: what is known already, the login, and
 * how much may be sent. Its errors name the account.
 */
export class AccountClient {
  readonly #options: AccountClientOptions
  readonly #origins: ReadonlySet<string>
  readonly #traffic: Traffic
  readonly #answers: AccountAnswers
  #lastSuccessAt: number | null = null
  #lastFailureAt: number | null = null

  constructor(options: AccountClientOptions) {
    this.#options = options
    this.#origins = new Set(options.origins.map((origin) => new URL(origin).origin))
    this.#traffic = new Traffic(options.limits, options.clock)
    const { authorizer, cache, limits } = options
    this.#answers = new AccountAnswers({
      part: cache?.part() ?? null,
      fetch: (request, anonymous, asker) => this.#fetch(request, anonymous, asker),
      session: () => authorizer.session,
      deadlineMs: limits.providerTimeoutMs + limits.tokenTimeoutMs,
    })
  }

  get source(): ErrorSource {
    return this.#options.source
  }

  /** The client of one operation: equal reads are one request, shared by all its sources. */
  open(signal: AbortSignal, { demand, journal, stale }: Omit<ReadingOperation, 'signal'> = {}): OperationReads {
    return new OperationReads(this, { signal, demand, journal, stale })
  }

  /** Something was written, or the account is gone: what was read before is given to nobody any more. */
  forget(): void {
    this.#answers.forget()
  }

  health(): ClientHealth {
    const { circuit, rateLimitResetAt, underWay, waiting } = this.#traffic.health()
    // Asked in most operations: an object that begins with a spread gets a hidden class of its own each time.
    return {
      circuit,
      rateLimitResetAt,
      underWay,
      waiting,
      lastSuccessAt: this.#lastSuccessAt,
      lastFailureAt: this.#lastFailureAt,
    }
  }

  /** One logical read: from what is known, and then at once; from a request under way, or by a request of its own. */
  read(question: Question, reader: Reader): Awaitable<Answer> {
    const answer = this.#answers.read(question, reader)
    return answer instanceof Promise ? this.#told(answer, question, reader) : answer
  }

  async #told(answer: Promise<Answer>, question: Question, reader: Reader): Promise<Answer> {
    try {
      return await answer
    } catch (thrown) {
      const error = endedWith(reader.signal, thrown, describeRequest(question.request))
      throw error instanceof AppError ? error.of(this.#options.source) : error
    }
  }

  /** The same for a file. It has its place among the account's requests until its first bytes are here, not until its last. */
  file(request: HttpRequest, asker: Asker): Promise<FileReply> {
    const { openStream, limits } = this.#options
    const asked = { request, anonymous: false, asker: { ...asker, payer: () => asker } }
    return this.#answer(asked, openStream, (response) => readFile(response, request, limits))
  }

  identity({
    signal,
    onTokenRequest,
  }: Pick<Asker, 'signal' | 'onTokenRequest'>): Promise<Readonly<Record<string, string>>> {
    return this.#options.authorizer.identity(signal, onTokenRequest).catch((thrown: unknown) => {
      const error = endedWith(signal, thrown, 'The login')
      throw error instanceof AppError ? error.of(this.#options.source) : error
    })
  }

  /** One logical request, sent as often as it takes. */
  #fetch(request: HttpRequest, anonymous: boolean, asker: SharedAsker): Promise<SizedReply> {
    const { send, limits } = this.#options
    return this.#answer({ request, anonymous, asker }, send, (response) => readReply(response, request, limits))
  }

  async #answer<Response extends HttpResponse, Answer>(
    { request, anonymous, asker }: Asked,
    send: (request: HttpRequest, options: SendOptions) => Promise<Response>,
    read: (response: Response) => Answer,
  ): Promise<Answer> {
    const { authorizer, clock, source } = this.#options
    const { signal } = asker
    const onTokenRequest = () => asker.payer().onTokenRequest?.()
    const exchange = (ready: AuthorizedRequest) => this.#exchange(ready, send, asker)
    try {
      if (!this.#origins.has(new URL(request.url).origin)) {
        throw new ProviderError(
          'PROVIDER_MISCONFIGURED',
          `${describeRequest(request)} is not an address of this account`,
          { reason: 'ORIGIN' },
        )
      }
      const first = anonymous ? { request, login: null } : await authorizer.authorize(request, signal, onTokenRequest)
      let response = await exchange(first)
      const second = anonymous ? null : await authorizer.reauthorize(response, first, signal, onTokenRequest)
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
      else this.#lastFailureAt = clock.now()
      throw error instanceof AppError ? error.of(source) : error
    }
  }

  #exchange<Response extends HttpResponse>(
    { request }: AuthorizedRequest,
    send: (request: HttpRequest, options: SendOptions) => Promise<Response>,
    asker: SharedAsker,
  ): Promise<Response> {
    const { signal } = asker
    return this.#traffic.answer({
      request,
      signal,
      refuses: (response) => this.#options.authorizer.refuses(response),
      attempt: async (timeoutMs, queuedAt) => {
        asker.pay()
        return this.#observed(request, asker.payer(), queuedAt, () => send(request, { signal, timeoutMs }))
      },
    })
  }

  async #observed<Response extends HttpResponse>(
    { method, url }: HttpRequest,
    payer: Asker,
    queuedAt: number,
    exchange: () => Promise<Response>,
  ): Promise<Response> {
    const { clock, source, onExchange = () => {} } = this.#options
    const sentAt = clock.monotonic()
    const over = (status: number | null, error: unknown) => {
      const failure = error instanceof AppError ? error.code : null
      const exchange: ObservedExchange = {
        source,
        signal: payer.signal,
        method,
        host: new URL(url).host,
        status,
        failure,
        waitedMs: sentAt - queuedAt,
        durationMs: clock.monotonic() - sentAt,
      }
      onExchange(exchange)
      payer.onExchange?.(exchange)
    }
    try {
      const response = await exchange()
      over(response.status, null)
      return response
    } catch (error) {
      over(null, error)
      throw error
    }
  }
}

/** One logical request and who waits for it. */
interface Asked {
  readonly request: HttpRequest
  readonly anonymous: boolean
  readonly asker: SharedAsker
}

/** What an operation that ended leaves behind, wherever it was waiting: for a login, for its turn, or for the answer. */
function endedWith(signal: AbortSignal, error: unknown, waitedFor: string): unknown {
  if (error instanceof AppError || !signal.aborted) return error
  return new ProviderError('PROVIDER_TIMEOUT', `${waitedFor} was given up because the operation ended`, {
    reason: 'OPERATION_ENDED',
    cause: error,
  })
}
