import { Secret } from '../../secret.js'
import type { SendTokenRequest, Flow, Grant } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin, tokenAt, type LoginAnswer, type ReadRefusal } from './json-login.js'
import { claimsOf, endsInSeconds, lifetimeOf } from './jwt.js'
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
  readonly lockedOut?: Flow['lockedOut']
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
  lockedOut,
}: JwtLoginSettings): Flow {
  const grantOf = ({ body, request, response }: LoginAnswer): Grant => {
    const access = tokenAt(body, 'access')
    const refresh = tokenAt(body, 'refresh')
    if (access === null) throw unreadable(request, 'it has no access')
    const userId = claimsOf(access)['user_id']
    return {
      accessToken: new Secret(access),
      refreshToken: refresh === null ? null : new Secret(refresh),
      expiresIn: lifetimeOf(access, response),
      endsInSeconds: endsInSeconds(access, response),
      defaultExpiresIn: documentedLifetime,
      refreshExpiresIn: refresh === null ? undefined : lifetimeOf(refresh, response),
      // A number in older versions of the server, a string in newer ones.
      identity: typeof userId === 'number' || typeof userId === 'string' ? { userId: String(userId) } : {},
    }
  }
  const post = (send: SendTokenRequest, url: string, body: unknown) => postLogin(send, { url, body, refusal })
  return {
    kind: 'JWT_LOGIN',
    fingerprint: fingerprint('jwt_login', urls.login, loginField, username, password),
    acquire: async (send) =>
      grantOf(await post(send, urls.login, { [loginField]: username, password: password.reveal() })),
    refresh: async (send, refreshToken) => grantOf(await post(send, urls.refresh, { refresh: refreshToken.reveal() })),
    apply: bearer,
    isExpired,
    lockedOut,
  }
}

/**
 * Django REST framework's own words: a `detail` with 401 refuses the credential, a list of messages
 * for each field with 400 the request. Texts are translated, so they do not count.
 */
const refusal: ReadRefusal = (status, body) => {
  if (status === 401) return typeof body['detail'] === 'string' ? 'invalid_grant' : null
  if (status !== 400) return null
  return Object.values(body).some((messages) => Array.isArray(messages)) || 'detail' in body ? 'unclear' : null
}
