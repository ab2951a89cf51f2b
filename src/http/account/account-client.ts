import type { Clock } from '../../clock.js'
import type { ErrorSource } from '../../errors.js'
import type { HttpRequest, HttpResponse, OpenStream, Send, SendOptions } from '../http.js'
import type { HttpLimits } from '../limits.js'
import type { ObservedExchange } from '../observed-exchange.js'
import type { FileReply, Freshness, Reply } from '../rest.js'
import { Traffic, type TrafficHealth } from '../traffic/traffic.js'
import type { Authorizer } from './authorizer.js'
import { CachedResponses, type Answer, type ReadRequest } from './cached-responses.js'
import { observedSend } from './observed-send.js'
import { accountError, Outcomes } from './outcomes.js'
import { noteTokenRequest, type Reader } from './reading.js'
import { readFile, readJudgedReply, readReply, readWriteReply } from './reply.js'
import type { ReplyCache } from './reply-cache.js'
import type { AccountRequest, Stage } from './stage.js'
import { withLogin } from './with-login.js'

export interface AccountClientOptions {
  readonly source: ErrorSource
  /** The only origins requests may go to. */
  readonly origins: readonly string[]
  readonly authorizer: Authorizer
  readonly send: Send
  readonly openStream: OpenStream
  readonly limits: HttpLimits
  readonly clock: Clock
  /** Called with every request that was sent, once it is over. */
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
 * Everything between one account's data sources and the wire, for as long as the process lives. Its
 * errors name the account.
 */
export class AccountClient {
  readonly source: ErrorSource
  readonly #authorizer: Authorizer
  readonly #traffic: Traffic
  readonly #outcomes: Outcomes
  readonly #cached: CachedResponses
  readonly #write: Stage<Reply>
  readonly #file: Stage<FileReply>

  constructor(options: AccountClientOptions) {
    const { source, authorizer, send, openStream, limits, clock, cache } = options
    const traffic = new Traffic(limits, clock, (response) => authorizer.refuses(response))
    const outcomes = new Outcomes(options)
    // The order of the stages, outermost first. What is cached is answered before them.
    const stages = <Response extends HttpResponse>(
      transport: (request: HttpRequest, options: SendOptions) => Promise<Response>,
    ): Stage<Response> => withLogin(authorizer, source, traffic.stage(observedSend(transport, options)))
    const sent = stages(send)
    const read = outcomes.of(sent, (response, { request, judge }) =>
      judge ? readJudgedReply(response, request, limits, judge) : readReply(response, request, limits),
    )
    this.source = source
    this.#authorizer = authorizer
    this.#traffic = traffic
    this.#outcomes = outcomes
    this.#cached = new CachedResponses(
      {
        source,
        partition: cache?.partition() ?? null,
        login: authorizer,
        deadlineMs: limits.providerTimeoutMs + limits.tokenTimeoutMs,
      },
      read,
    )
    this.#write = outcomes.of(sent, (response, { request }) => readWriteReply(response, request, limits))
    this.#file = outcomes.of(stages(openStream), (response, { request }) => readFile(response, request, limits))
  }

  /** The cached answer while it is fresh, at once; null where a request is needed. */
  kept(key: string, freshness: Freshness | undefined, reader: Reader): Answer | null {
    return this.#cached.kept(key, freshness, reader)
  }

  /** @throws AppError with the account's name, here and below. */
  read(outgoing: ReadRequest, reader: Reader): Promise<Answer> {
    return this.#cached.read(outgoing, reader)
  }

  /**
   * Sends a write, then drops what was read before of these nouns, or all: it may have happened even
   * where it failed.
   */
  write(outgoing: AccountRequest, reader: Reader, affects?: readonly string[]): Promise<Reply> {
    return this.#write(outgoing, reader).finally(() => this.forget(affects))
  }

  /** Reads a file. It occupies one of the account's places only until its first bytes are here. */
  file(outgoing: AccountRequest, reader: Reader): Promise<FileReply> {
    return this.#file(outgoing, reader)
  }

  identity({ signal, operation }: Reader): Promise<Readonly<Record<string, string>>> {
    const onTokenRequest = () => noteTokenRequest(operation.journal, this.source)
    return this.#authorizer.identity(signal, onTokenRequest).catch((thrown: unknown) => {
      throw accountError(thrown, signal, this.source, () => 'The login')
    })
  }

  /** Drops what was read before, of these nouns or all: something was written, or the account is gone. */
  forget(nouns?: readonly string[]): void {
    this.#cached.forget(nouns)
  }

  health(): ClientHealth {
    const { circuit, rateLimitResetAt, underWay, waiting } = this.#traffic.health()
    const { lastSuccessAt, lastFailureAt } = this.#outcomes
    // Not a spread: V8 gives each such object a hidden class of its own, and most operations ask.
    return { circuit, rateLimitResetAt, underWay, waiting, lastSuccessAt, lastFailureAt }
  }
}
