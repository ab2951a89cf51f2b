import type { EndSignal } from '../../ending.js'
import type { Awaitable } from '../../awaitable.js'
import type { HttpRequest, HttpResponse } from '../http.js'

/** A request made ready with a login; `login` means something to the authoriser alone. */
export interface AuthorizedRequest {
  readonly request: HttpRequest
  readonly login: unknown
}

/** How a client puts a login on its requests, without knowing what a login is. */
export interface Authorizer {
  /** How often one request may be sent again; once by default. */
  readonly replays?: number
  /** Another number when another person may be logged in than before, or nobody is any more. */
  readonly session: number
  /**
   * Makes a request ready, at once where a token is held. `onTokenRequest`, here and below, is called with each request to a token
   * endpoint that this takes.
   *
   * @throws AppError for what keeps the account from logging in.
   */
  authorize(request: HttpRequest, signal?: EndSignal, onTokenRequest?: () => void): Awaitable<AuthorizedRequest>
  /**
   * The same request with a newer token, where one came while it waited for its turn: otherwise
   * tokens that live for seconds could run out in the queue, one after another.
   */
  renew?(used: AuthorizedRequest): AuthorizedRequest
  /** Whether a response refuses the login, so that the same request would get it again. */
  refuses(response: HttpResponse): boolean
  /** Whether a refusal other than a 401 promises that nothing was done; absent: none does. */
  refusedUndone?(response: HttpResponse): boolean
  /**
   * Called with every response. Where it refuses the login that was used and another can be had, the
   * same request made ready with that; null where the response stands.
   */
  reauthorize(
    response: HttpResponse,
    used: AuthorizedRequest,
    signal?: EndSignal,
    onTokenRequest?: () => void,
  ): Awaitable<AuthorizedRequest | null>
  /** Called with the last response of a request that was sent again: it stands. */
  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void
  /** What the provider said of the login's user; logs in where that never happened. */
  identity(signal?: EndSignal, onTokenRequest?: () => void): Promise<Readonly<Record<string, string>>>
}
