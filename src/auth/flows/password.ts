import type { Secret } from '../../secret.js'
import type { Flow, Revocation } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { refreshTokenGrant } from './refresh-token.js'
import { requestToken, type TokenEndpoint } from './token-endpoint.js'

export interface PasswordSettings {
  readonly endpoint: TokenEndpoint
  readonly username: string
  readonly password: Secret
  readonly scope?: string
  readonly revocation?: Revocation
  readonly isExpired: Flow['isExpired']
  readonly apply?: Flow['apply']
}

/** Resource owner password credentials, RFC 6749 §4.3: logs in with a user name and a password. */
export function password({
  endpoint,
  username,
  password,
  scope,
  revocation,
  isExpired,
  apply = bearer,
}: PasswordSettings): Flow {
  return {
    kind: 'OAUTH2_PASSWORD',
    fingerprint: fingerprint('password', endpoint.url, username, password, scope, ...Object.values(endpoint.client)),
    acquire: (send) => requestToken(send, endpoint, { grant_type: 'password', username, password, scope }),
    refresh: refreshTokenGrant(endpoint),
    revocation,
    apply,
    isExpired,
  }
}
