import type { HttpRequest, HttpResponse } from '../http.js'

/** A request made ready with a login; `login` means something to the authoriser alone. */
export interface AuthorizedRequest {
  readonly request: HttpRequest
  readonly login: unknown
}

/** How a client puts a login on its requests, without knowing what a login is. */
export interface Authorizer {
  /** Another number when another person may be logged in than before, or nobody is any more. */
  readonly session: number
  /** Throws what keeps this account from logging in. `onTokenRequest`, here and below, hears of each request that takes. */
  authorize(request: HttpRequest, signal?: AbortSignal, onTokenRequest?: () => void): Promise<AuthorizedRequest>
  /** Whether an answer is about the login, whatever its status: the same request with the same login would get it again. */
  refuses(response: HttpResponse): boolean
  /**
   * Asked about every answer: when it refuses the login that was used and another can be had, the same request made ready with that;
   * null when the answer stands. A request is sent again at most once.
   */
  reauthorize(
    response: HttpResponse,
    used: AuthorizedRequest,
    signal?: AbortSignal,
    onTokenRequest?: () => void,
  ): Promise<AuthorizedRequest | null>
  /** Told when even the second answer refuses: the route is left alone for a while. */
  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void
  /** What the login told of itself; logs in if that never happened. */
  identity(signal?: AbortSignal, onTokenRequest?: () => void): Promise<Readonly<Record<string, string>>>
}
