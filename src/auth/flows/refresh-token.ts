import type { Flow } from '../flow.js'
import { requestToken, type Parameters, type TokenEndpoint } from './token-endpoint.js'

/** A refresh token buys the next access token, RFC 6749 §6. `more` is what a server wants besides. */
export const refreshTokenGrant =
  (endpoint: TokenEndpoint, more: () => Parameters = () => ({})): NonNullable<Flow['refresh']> =>
  (exchange, refreshToken) =>
    requestToken(exchange, endpoint, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more() })
