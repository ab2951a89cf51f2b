import { Secret } from '../../secret.js'
import type { SendTokenRequest, Flow, Grant } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin, textAt, type LoginAnswer } from './json-login.js'
import { claimsOf, lifetimeOf } from './jwt.js'
import { unreadable } from './token-endpoint.js'

export interface JwtLoginSettings {
  /** Absolute URLs of the login and of the refresh. */
  readonly urls: { readonly login: string; readonly refresh: string }
  /** Name of the body's field for the user name. */
  readonly loginField: string
  readonly username: string
  readonly password: Secret
  /** Seconds; used when the access token itself states no lifetime. */
  readonly documentedLifetime: number
  readonly isExpired: Flow['isExpired']
}

/**
 * A pair of JWTs for a user name and a password, as djangorestframework-simplejwt issues them
 * (`TokenObtainPairView`, `TokenRefreshView`): `{access, refresh}` and nothing else, so lifetimes
 * are read from the tokens. A refresh returns `{access}` alone unless the server rotates;
 * refreshing never extends the refresh token, and after its end comes a new login.
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
      // A number in older versions of the server, a string in newer ones.
      identity: typeof userId === 'number' || typeof userId === 'string' ? { userId: String(userId) } : {},
    }
  }
  const post = (send: SendTokenRequest, url: string, body: unknown) =>
    postLogin(send, { url, body, refusals: { 401: 'invalid_grant' } })
  return {
    kind: 'JWT_LOGIN',
    fingerprint: fingerprint('jwt_login', urls.login, loginField, username, password),
    acquire: async (send) =>
      grantOf(await post(send, urls.login, { [loginField]: username, password: password.reveal() })),
    refresh: async (send, refreshToken) => grantOf(await post(send, urls.refresh, { refresh: refreshToken.reveal() })),
    apply: bearer,
    isExpired,
  }
}
