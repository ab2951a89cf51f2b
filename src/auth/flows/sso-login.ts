import { Secret } from '../../secret.js'
import type { Flow, Grant } from '../flow.js'
import { boomRefusal } from './boom.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin, textAt, tokenAt, type LoginAnswer } from './json-login.js'
import { endsInSeconds, lifetimeOf } from './jwt.js'
import { secondsUntil, utcInstant, type ReadInstant } from './seconds-until.js'
import { unreadable } from './token-endpoint.js'

export interface SsoLoginSettings {
  readonly urls: { readonly login: string; readonly refresh: string }
  readonly email: string
  readonly password: Secret
  /** Seconds; used when neither the response nor the token states a lifetime. */
  readonly documentedLifetime: number
  /** Reads a time of the response as ISO 8601 UTC, in the provider's zone where it has none. */
  readonly instant?: ReadInstant
  readonly isExpired: Flow['isExpired']
}

/**
 * IPEX' single sign-on login, older than its OAuth server (`restapi.ipex.cz/v1/sso/login` and
 * `/v1/sso/refresh`): JSON requests, and responses that spell `access_token` or `accessToken`
 * depending on their age. A refresh has no body and sends the refresh token in the `Authorization`
 * header, without a scheme.
 */
export function ssoLogin({
  urls,
  email,
  password,
  documentedLifetime,
  instant = utcInstant,
  isExpired,
}: SsoLoginSettings): Flow {
  const grantOf = (answer: LoginAnswer): Grant => {
    const { body, request, response } = answer
    const access = tokenAt(body, 'access_token', 'accessToken')
    const refresh = tokenAt(body, 'refresh_token', 'refreshToken')
    if (access === null) throw unreadable(request, 'it has no access_token')
    return {
      accessToken: new Secret(access),
      refreshToken: refresh === null ? null : new Secret(refresh),
      expiresIn: body['expires_in'] ?? secondsUntil(body['expiresAt'], answer, instant) ?? lifetimeOf(access, response),
      endsInSeconds: endsInSeconds(access, response),
      defaultExpiresIn: documentedLifetime,
      identity: identityIn(body),
    }
  }
  return {
    kind: 'JWT_LOGIN',
    fingerprint: fingerprint('sso_login', urls.login, email, password),
    acquire: async (send) =>
      grantOf(
        await postLogin(send, {
          url: urls.login,
          body: { email, password: password.reveal() },
          refusal: boomRefusal({ 401: 'invalid_grant' }),
        }),
      ),
    refresh: async (send, refreshToken) =>
      grantOf(
        await postLogin(send, {
          url: urls.refresh,
          headers: { authorization: refreshToken.reveal() },
          refusal: boomRefusal({ 400: 'invalid_grant', 401: 'invalid_grant', 403: 'invalid_grant' }),
        }),
      ),
    apply: bearer,
    isExpired,
  }
}

function identityIn(body: Readonly<Record<string, unknown>>): Record<string, string> {
  const name = [textAt(body, 'firstName'), textAt(body, 'lastName')].filter((part) => part !== null).join(' ')
  const identity = { userId: textAt(body, 'userId'), email: textAt(body, 'email'), name: name || null }
  return Object.fromEntries(Object.entries(identity).filter((entry): entry is [string, string] => entry[1] !== null))
}
