import { oncePer } from '../../attached.js'
import type { HttpRequest } from '../../http/http.js'
import type { Secret } from '../../secret.js'

/** Sends the token in the `Authorization` header, RFC 6750 §2.1. */
export const bearer = (request: HttpRequest, token: Secret): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token.reveal()}` },
})

/** Sends the token in the `Authorization` header without a scheme. */
export const rawAuthorization = (request: HttpRequest, token: Secret): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: token.reveal() },
})

/** Sends the token as a query parameter, RFC 6750 §2.3; the URL is a secret then. */
export function queryParameter(name: string): (request: HttpRequest, token: Secret) => HttpRequest {
  // The same token is sent with thousands of requests.
  const parameter = oncePer((token: Secret) => `${new URLSearchParams({ [name]: token.reveal() })}`)
  return (request, token) => withQuery(request, parameter(token))
}

export function withParameters(request: HttpRequest, parameters: Readonly<Record<string, string>>): HttpRequest {
  return withQuery(request, `${new URLSearchParams(parameters)}`)
}

function withQuery({ method, url, headers, body }: HttpRequest, query: string): HttpRequest {
  const mark = url.includes('?') ? '&' : '?'
  return { method, url: `${url}${mark}${query}`, headers, body }
}
