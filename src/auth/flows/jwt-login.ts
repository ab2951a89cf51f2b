import { Secret } from '../../secret.js'
import type { Exchange, Flow, Grant } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin, textAt, type LoginAnswer } from './json-login.js'
import { claimsOf, lifetimeOf } from './jwt.js'
import { unreadable } from './token-endpoint.js'

export interface JwtLoginSettings {
  /** Whole addresses of the login and of the refresh. */
  readonly urls: { readonly login: string; readonly refresh: string }
  /** Name of the field the user name is sent in. */
  readonly loginField: string
  readonly username: string
  readonly password: Secret
  /** Documented lifetime of an access token, seconds; used when the token itself does not say. */
  readonly documentedLifetime: number
  readonly isExpired: Flow['isExpired']
}

/**
 * A user name and a password buy a pair of JWTs, as djangorestframework-simplejwt serves them (`TokenObtainPairView`,
 * `TokenRefreshView`): `{access, refresh}` and nothing else, so that lifetimes are read from the tokens. A refresh
 * answers `{access}` alone unless the server rotates; the refresh token's end never moves, and after it comes a new
 * login.
 */
export function jwtLogin({
  urls,
  loginField,
  username,
  password,
  documentedLifetime,
  isExpired,
}: JwtLoginSettings): Flow {
  const grantOf = ({ body, request, response }: LoginAnswer): Grant => {
    const access = textAt(body, 'access')
    const refresh = textAt(body, 'refresh')
    if (access === null) throw unreadable(request, 'it has no access')
    const userId = claimsOf(access)['user_id']
    return {
      accessToken: new Secret(access),
      refreshToken: refresh === null ? null : new Secret(refresh),
      expiresIn: lifetimeOf(access, response),
      defaultExpiresIn: documentedLifetime,
      refreshExpiresIn: refresh === null ? undefined : lifetimeOf(refresh, response),
      // A number in older versions of the server, text in newer ones.
      identity: typeof userId === 'number' || typeof userId === 'string' ? { userId: String(userId) } : {},
    }
  }
  const post = (exchange: Exchange, url: string, body: unknown) =>
    postLogin(exchange, { url, body, refusals: { 401: 'invalid_grant' } })
  return {
    kind: 'JWT_LOGIN',
    fingerprint: fingerprint('jwt_login', urls.login, loginField, username, password),
    acquire: async (exchange) =>
      grantOf(await post(exchange, urls.login, { [loginField]: username, password: password.reveal() })),
    refresh: async (exchange, refreshToken) =>
      grantOf(await post(exchange, urls.refresh, { refresh: refreshToken.reveal() })),
    apply: bearer,
    isExpired,
  }
}
