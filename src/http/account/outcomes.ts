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

/**
 * Reads the responses to an account's requests, puts the account's name on their errors, and notes
 * when they last succeeded and failed.
 */
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

  /**
   * A stage that resolves with what `read` makes of the response.
   *
   * @throws AppError with the account's name, also for what `read` throws.
   */
  of<Response extends HttpResponse, Reply>(
    next: Stage<Response>,
    read: (response: Response, outgoing: AccountRequest) => Reply,
  ): Stage<Reply> {
    return async (outgoing, requester) => {
      try {
        this.#assertOwnOrigin(outgoing)
        const reply = read(await next(outgoing, requester), outgoing)
        this.lastSuccessAt = this.#clock.now()
        return reply
      } catch (thrown) {
        const error = accountError(thrown, requester.signal, this.#source, () => describeRequest(outgoing.request))
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
 * The error with its account's name. The abort of an operation, wherever that waited (for a login,
 * in a queue, for the response), becomes `PROVIDER_TIMEOUT` with reason `OPERATION_ENDED`.
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
