import type { EndSignal } from '../../ending.js'
import type { Clock } from '../../clock.js'
import { AppError, ProviderError, type ErrorSource } from '../../errors.js'
import { isOfOrigin } from '../address.js'
import { describeRequest } from '../describe-request.js'
import type { HttpResponse } from '../http.js'
import { isNotFound } from './reply.js'
import type { AccountRequest, Requester, Stage } from './stage.js'

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
  readonly #origins: readonly string[]
  readonly #clock: Clock
  /** Wall-clock ms. */
  lastSuccessAt: number | null = null
  /** Wall-clock ms. */
  lastFailureAt: number | null = null

  constructor({ source, origins, clock }: OutcomesOptions) {
    this.#source = source
    this.#origins = origins.map((origin) => new URL(origin).origin)
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
    return (outgoing, requester) => {
      const failed = (thrown: unknown): never => {
        const error = accountError(thrown, requester.signal, this.#source, () => describeRequest(outgoing.request))
        if (isNotFound(error)) this.lastSuccessAt = this.#clock.now()
        else this.lastFailureAt = this.#clock.now()
        throw error
      }
      return this.#toOwnOrigin(next, outgoing, requester).then((response) => {
        try {
          const reply = read(response, outgoing)
          this.lastSuccessAt = this.#clock.now()
          return reply
        } catch (error) {
          return failed(error)
        }
      }, failed)
    }
  }

  /** Rejects where the request goes anywhere else. */
  #toOwnOrigin<Response>(next: Stage<Response>, outgoing: AccountRequest, requester: Requester): Promise<Response> {
    const { request } = outgoing
    try {
      if (isOfOrigin(request.url, this.#origins)) return next(outgoing, requester)
      throw new ProviderError(
        'PROVIDER_MISCONFIGURED',
        `${describeRequest(request)} is not an address of this account`,
        { reason: 'ORIGIN' },
      )
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }
}

/**
 * The error with its account's name. The abort of an operation, wherever that waited (for a login,
 * in a queue, for the response), becomes `PROVIDER_TIMEOUT` with reason `OPERATION_ENDED`.
 */
export function accountError(
  thrown: unknown,
  signal: EndSignal,
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
