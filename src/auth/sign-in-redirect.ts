import type { HttpResponse } from '../http/http.js'

const SIGN_IN = /(?:^|[/_-])(?:sign[_-]?in|log[_-]?in)(?:[/.?]|$)/i

/**
 * Whether a read is sent to a page for people to log in: so Devise and Django answer a token that is
 * no longer good, where nobody told them that a program asks.
 */
export function isSentToSignIn({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>): boolean {
  const { location } = headers
  return status >= 300 && status < 400 && location !== undefined && SIGN_IN.test(location)
}
