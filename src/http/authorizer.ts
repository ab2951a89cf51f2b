import type { HttpRequest, HttpResponse } from './http.js'

/** A request made ready with a login; `login` means something to the authoriser alone. */
export interface AuthorizedRequest {
  readonly request: HttpRequest
  readonly login: unknown
}

/** How a client puts a login on its requests, without knowing what a login is. */
export interface Authorizer {
  /** Throws what keeps this account from logging in. */
  authorize(request: HttpRequest, signal?: AbortSignal): Promise<AuthorizedRequest>
  /**
   * Asked about every answer: when it refuses the login that was used and another can be had, the same request made ready with that;
   * null when the answer stands. A request is sent again at most once.
   */
  reauthorize(response: HttpResponse, used: AuthorizedRequest, signal?: AbortSignal): Promise<AuthorizedRequest | null>
  /** Told when even the second answer refuses: the route is left alone for a while. */
  refusedAgain(response: HttpResponse, used: AuthorizedRequest): void
  /** What the login told of itself; logs in if that never happened. */
  identity(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>
}
