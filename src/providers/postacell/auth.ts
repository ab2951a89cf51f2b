import type { Flow } from '../../auth/flow.js'
import { jwtLogin } from '../../auth/flows/jwt-login.js'
import type { HttpResponse } from '../../http/http.js'
import { Secret } from '../../secret.js'
import { errorField } from '../error-body.js'
import type { LinkRequest } from '../provider.js'
import type { PostacellSettings } from './settings.js'

/** Seconds; only the token itself has its expiry. */
const DOCUMENTED_LIFETIME = 300

/** A longer body is no error. */
const LONGEST_REFUSAL = 2_000

export function postacellFlow({ auth, options }: PostacellSettings, api: string): Flow {
  return jwtLogin({
    urls: { login: `${api}/${options.tokenPath}`, refresh: `${api}/${options.refreshPath}` },
    loginField: auth.loginField,
    username: auth.username,
    password: new Secret(auth.password),
    documentedLifetime: DOCUMENTED_LIFETIME,
    isExpired,
    lockedOut,
  })
}

/**
 * The `auth` settings for the credentials of `accountLink`; null for a flow Postacell does not
 * have.
 */
export function postacellLinkAuth({ flow, credentials }: LinkRequest): Record<string, unknown> | null {
  const { username, email, password } = credentials
  if (flow !== 'JWT_LOGIN') return null
  return username === undefined
    ? { flow: 'jwt_login', username: email, loginField: 'email', password }
    : { flow: 'jwt_login', username, password }
}

/** The user is gone or locked: the token is valid, and a new one would be refused, too. */
const BEYOND_REFRESHING = new Set(['user_not_found', 'user_inactive'])

/**
 * Whether the token was refused: 401, or 403 with `token_not_valid`, Django REST framework's
 * response when its first authentication class has no challenge. Any other 403 is about
 * permissions. The texts are translated, so only `code` counts.
 */
export function isExpired({ status, body }: Pick<HttpResponse, 'status' | 'body'>): boolean {
  if (status !== 401 && status !== 403) return false
  const code = errorField(body, 'code', LONGEST_REFUSAL)
  return status === 401 ? !BEYOND_REFRESHING.has(code ?? '') : code === 'token_not_valid'
}

/**
 * `USER_NOT_FOUND` or `USER_INACTIVE`: the token endpoint does not look at the user, so refreshing
 * goes on for as long as it can.
 */
export function lockedOut({ status, body }: Pick<HttpResponse, 'status' | 'body'>): string | null {
  if (status !== 401 && status !== 403) return null
  const code = errorField(body, 'code', LONGEST_REFUSAL) ?? ''
  return BEYOND_REFRESHING.has(code) ? code.toUpperCase() : null
}
