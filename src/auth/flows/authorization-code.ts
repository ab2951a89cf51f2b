import type { Secret } from '../../secret.js'
import type { Flow } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { refreshTokenGrant } from './refresh-token.js'
import type { Parameters, TokenEndpoint } from './token-endpoint.js'

export interface AuthorizationCodeSettings {
  readonly endpoint: TokenEndpoint
  /** A way in without a browser: used for the first token only. */
  readonly refreshToken?: Secret
  /** What the server wants with a refresh besides the token. */
  readonly refreshParameters?: Parameters
  readonly isExpired: Flow['isExpired']
  readonly apply?: Flow['apply']
}

/**
 * Authorization code, RFC 6749 §4.1: a person agrees in the browser once, refresh tokens do the rest.
 * It has no `acquire`: only that person can begin it.
 */
export function authorizationCode({ endpoint, refreshToken, refreshParameters, isExpired, apply = bearer }: AuthorizationCodeSettings): Flow {
  return {
    kind: 'OAUTH2_AUTHORIZATION_CODE',
    fingerprint: fingerprint('authorization_code', endpoint.url, refreshToken, ...Object.values(endpoint.client)),
    refresh: refreshTokenGrant(endpoint, refreshParameters),
    initialRefreshToken: refreshToken,
    apply,
    isExpired,
  }
}
