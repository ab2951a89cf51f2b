import type { Secret } from '../../secret.js'
import type { Flow, Revocation } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { refreshTokenGrant } from './refresh-token.js'
import { requestToken, type Parameters, type TokenEndpoint } from './token-endpoint.js'

export interface AuthorizationCodeSettings {
  readonly endpoint: TokenEndpoint
  /** Where the person's browser is sent. */
  readonly authorizeUrl: string
  readonly clientId: string
  readonly scope?: string
  /** Logs in without a browser: used for the first token only. */
  readonly refreshToken?: Secret
  /** Further parameters the server requires of a refresh; read at each refresh. */
  readonly refreshParameters?: () => Parameters
  readonly revocation?: Revocation
  readonly isExpired: Flow['isExpired']
  readonly apply?: Flow['apply']
}

/**
 * Authorization code, RFC 6749 §4.1: a person consents in the browser once, refresh tokens do the
 * rest. It has no `acquire`: only that person can begin it.
 */
export function authorizationCode(settings: AuthorizationCodeSettings): Flow {
  const {
    endpoint,
    authorizeUrl,
    clientId,
    scope,
    refreshToken,
    refreshParameters,
    revocation,
    isExpired,
    apply = bearer,
  } = settings
  return {
    kind: 'OAUTH2_AUTHORIZATION_CODE',
    // Neither the client secret, which may change, nor the first refresh token, which has its own.
    fingerprint: fingerprint('authorization_code', endpoint.url, clientId),
    refresh: refreshTokenGrant(endpoint, refreshParameters),
    initialRefreshToken: refreshToken,
    revocation,
    authorization: {
      issuer: new URL(authorizeUrl).origin,
      url({ redirectUri, state, codeChallenge }) {
        const url = new URL(authorizeUrl)
        const parameters = {
          client_id: clientId,
          redirect_uri: redirectUri,
          response_type: 'code',
          state,
          code_challenge: codeChallenge,
          code_challenge_method: 'S256',
          ...(scope !== undefined && { scope }),
        }
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
        return url.href
      },
      redeem: (send, { code, redirectUri, codeVerifier }) =>
        requestToken(send, endpoint, {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: codeVerifier,
        }),
    },
    apply,
    isExpired,
  }
}
