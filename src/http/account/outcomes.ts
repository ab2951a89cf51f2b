import type { Clock } from '../../clock.js'
import { AppError, ProviderError, type ErrorSource } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { HttpResponse } from '../http.js'
import { isNotFound } from './reply.js'
import type { AccountRequest, Stage } from './stage.js'

export interface OutcomesOptions {
  readonly source: ErrorSource
  /** The only origins requests may go to. */
  readonly origins: readonly string[]
  readonly clock: Clock
}

/** What becomes of an account's requests: reads their responses, names their errors, and notes when they last went well or badly. */
export class Outcomes {
  readonly #source: ErrorSource
  readonly #origins: ReadonlySet<string>
  readonly #clock: Clock
  /** Wall-clock ms. */
  lastSuccessAt: number | null = null
  /** Wall-clock ms. */
  lastFailureAt: number | null = null

  constructor({ source, origins, clock }: OutcomesOptions) {
    this.#source = source
    this.#origins = new Set(origins.map((origin) => new URL(origin).origin))
    this.#clock = clock
  }

  /** Answers with what `read` makes of the response; `read` throws what a bad one means. */
  of<Response extends HttpResponse, Reply>(
    next: Stage<Response>,
    read: (response: Response, asked: AccountRequest) => Reply,
  ): Stage<Reply> {
    return async (asked, requester) => {
      try {
        this.#assertOwnOrigin(asked)
        const reply = read(await next(asked, requester), asked)
        this.lastSuccessAt = this.#clock.now()
        return reply
      } catch (thrown) {
        const error = accountError(thrown, requester.signal, this.#source, () => describeRequest(asked.request))
        if (isNotFound(error)) this.lastSuccessAt = this.#clock.now()
        else this.lastFailureAt = this.#clock.now()
        throw error
      }
    }
  }

  #assertOwnOrigin({ request }: AccountRequest): void {
    if (this.#origins.has(new URL(request.url).origin)) return
    throw new ProviderError('PROVIDER_MISCONFIGURED', `${describeRequest(request)} is not an address of this account`, {
      reason: 'ORIGIN',
    })
  }
}

/**
 * The error with its account's name. What an operation that ended leaves behind, wherever it was
 * waiting (for a login, for its turn, for the answer), becomes `PROVIDER_TIMEOUT`, `OPERATION_ENDED`.
 */
export function accountError(
  thrown: unknown,
  signal: AbortSignal,
  source: ErrorSource,
  waitedFor: () => string,
): unknown {
  if (thrown instanceof AppError) return thrown.of(source)
  if (!signal.aborted) return thrown
  return new ProviderError('PROVIDER_TIMEOUT', `${waitedFor()} was given up because the operation ended`, {
    reason: 'OPERATION_ENDED',
    cause: thrown,
  }).of(source)
}
