import { Secret } from '../../secret.js'
import type { Flow } from '../flow.js'
import { boomRefusal } from './boom.js'
import { rawAuthorization } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin, tokenAt } from './json-login.js'
import { endsInSeconds, lifetimeOf } from './jwt.js'
import { secondsUntil, utcInstant, type ReadInstant } from './seconds-until.js'
import { unreadable } from './token-endpoint.js'

export interface B2bLoginSettings {
  readonly url: string
  readonly username: string
  readonly password: Secret
  /** Seconds; used when neither the response nor the token states a lifetime. */
  readonly documentedLifetime: number
  /** Reads a time of the response as ISO 8601 UTC, in the provider's zone where it has none. */
  readonly instant?: ReadInstant
  readonly isExpired: Flow['isExpired']
}

/**
 * The login of IPEX' wholesale API (`restapi.ipex.cz/v1/token`): `{accessToken, expire}` for a user
 * name and a password. There is no refresh; the `Authorization` header has no scheme.
 */
export function b2bLogin({
  url,
  username,
  password,
  documentedLifetime,
  instant = utcInstant,
  isExpired,
}: B2bLoginSettings): Flow {
  return {
    kind: 'JWT_LOGIN',
    fingerprint: fingerprint('b2b_login', url, username, password),
    async acquire(send) {
      const answer = await postLogin(send, {
        url,
        body: { username, password: password.reveal() },
        refusal: boomRefusal({ 401: 'invalid_grant' }),
      })
      const token = tokenAt(answer.body, 'accessToken', 'access_token')
      if (token === null) throw unreadable(answer.request, 'it has no accessToken')
      return {
        accessToken: new Secret(token),
        expiresIn: secondsUntil(answer.body['expire'], answer, instant) ?? lifetimeOf(token, answer.response),
        endsInSeconds: endsInSeconds(token, answer.response),
        defaultExpiresIn: documentedLifetime,
      }
    },
    apply: rawAuthorization,
    isExpired,
  }
}
