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
export const queryParameter =
  (name: string) =>
  (request: HttpRequest, token: Secret): HttpRequest =>
    withParameters(request, { [name]: token.reveal() })

export function withParameters(request: HttpRequest, parameters: Readonly<Record<string, string>>): HttpRequest {
  const mark = request.url.includes('?') ? '&' : '?'
  return { ...request, url: `${request.url}${mark}${new URLSearchParams(parameters)}` }
}
