import { andThen } from '../../awaitable.js'
import type { ErrorSource } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../http.js'
import { isLimit } from '../traffic/retry-after.js'
import type { AuthorizedRequest, Authorizer } from './authorizer.js'
import { noteTokenRequest } from './reading.js'
import type { Stage } from './stage.js'

/**
 * RFC 9110 §15.5.2: "the request has not been applied because it lacks valid authentication
 * credentials".
 */
const UNAUTHORIZED = 401

/** Callers are shown what a provider says of a refused write: it may quote what it was sent. */
function withoutLogin<Response extends HttpResponse>(
  response: Response,
  bare: HttpRequest,
  authorized: HttpRequest,
): Response {
  const known = new Set(valuesOf(bare))
  const credentials = valuesOf(authorized).filter((value) => !known.has(value))
  const body = credentials.reduce((text, value) => text.replaceAll(value, HIDDEN), response.body)
  return body === response.body ? response : { ...response, body }
}

const HIDDEN = '***'

/** Longest first, so that no part of one stays when a shorter one within it is hidden. */
const valuesOf = ({ url, headers, body = '' }: HttpRequest): string[] =>
  [...new URL(url).searchParams.values(), ...Object.values(headers).flatMap((value) => value.split(' ')), body]
    .filter((value) => value !== '')
    .sort((one, other) => other.length - one.length)

/**
 * The second stage: puts the account's login on requests. Where the provider refuses the token and
 * another can be had, it sends the request again. A write is sent again after a 401, and where the
 * provider is known to refuse before any work: no other status promises that nothing was done
 * (RFC 9110 §9.2.2).
 */
export function withLogin<Response extends HttpResponse>(
  authorizer: Authorizer,
  source: ErrorSource,
  next: Stage<Response>,
): Stage<Response> {
  const mostReplays = authorizer.replays ?? 1
  return (outgoing, requester) => {
    if (outgoing.anonymous) return next(outgoing, requester)
    const { request, repeatable } = outgoing
    const { signal } = requester
    const isUndone = (response: Response) =>
      response.status === UNAUTHORIZED || (authorizer.refusedUndone?.(response) ?? false)
    const onTokenRequest = () => noteTokenRequest(requester.charged.operation.journal, source)
    let replays = 0
    const stands = (response: Response, used: AuthorizedRequest): Response => {
      if (replays > 0) authorizer.refusedAgain(response, used)
      return repeatable ? response : withoutLogin(response, request, used.request)
    }
    // Every token and every answer that is there at once is used at once: most are.
    const send = (authorized: AuthorizedRequest): Promise<Response> => {
      let used = authorized
      const ready = authorizer.renew && (() => (used = authorizer.renew!(used)).request)
      const sent = next({ request: used.request, anonymous: false, repeatable, ...(ready && { ready }) }, requester)
      return sent.then((response) => {
        const mayReplay = (repeatable || isUndone(response)) && replays < mostReplays && !isLimit(response)
        const another = mayReplay ? authorizer.reauthorize(response, used, signal, onTokenRequest) : null
        return andThen(another, (anew) => {
          if (!anew) return stands(response, used)
          replays += 1
          return send(anew)
        })
      })
    }
    const first = authorizer.authorize(request, signal, onTokenRequest)
    return first instanceof Promise ? first.then(send) : send(first)
  }
}
