import { Secret } from '../../secret.js'
import type { Flow } from '../flow.js'
import { rawAuthorization } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin, textAt } from './json-login.js'
import { lifetimeOf } from './jwt.js'
import { secondsUntil } from './sso-login.js'
import { unreadable } from './token-endpoint.js'

export interface B2bLoginSettings {
  readonly url: string
  readonly username: string
  readonly password: Secret
  /** Seconds; used when neither the response nor the token states a lifetime. */
  readonly documentedLifetime: number
  readonly isExpired: Flow['isExpired']
}

/**
 * The login of IPEX' wholesale API (`restapi.ipex.cz/v1/token`): `{accessToken, expire}` for a user
 * name and a password. There is no refresh; the `Authorization` header has no scheme.
 */
export function b2bLogin({ url, username, password, documentedLifetime, isExpired }: B2bLoginSettings): Flow {
  return {
    kind: 'JWT_LOGIN',
    fingerprint: fingerprint('b2b_login', url, username, password),
    async acquire(send) {
      const answer = await postLogin(send, {
        url,
        body: { username, password: password.reveal() },
        refusals: { 401: 'invalid_grant' },
      })
      const token = textAt(answer.body, 'accessToken', 'access_token')
      if (token === null) throw unreadable(answer.request, 'it has no accessToken')
      return {
        accessToken: new Secret(token),
        expiresIn: secondsUntil(answer.body['expire'], answer) ?? lifetimeOf(token, answer.response),
        defaultExpiresIn: documentedLifetime,
      }
    },
    apply: rawAuthorization,
    isExpired,
  }
}
