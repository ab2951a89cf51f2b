import type { Flow } from '../flow.js'
import { requestToken, type Parameters, type TokenEndpoint } from './token-endpoint.js'

/** Refreshes an access token, RFC 6749 §6. `more`: further parameters the server requires. */
export const refreshTokenGrant =
  (endpoint: TokenEndpoint, more: () => Parameters = () => ({})): NonNullable<Flow['refresh']> =>
  (send, refreshToken) =>
    requestToken(send, endpoint, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more() })
