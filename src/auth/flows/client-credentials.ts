import type { Flow } from '../flow.js'
import { GrantRefused } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { requestToken, type TokenEndpoint } from './token-endpoint.js'

export interface ClientCredentialsSettings {
  /** Its `client` is the login: `client_id` and `client_secret`. */
  readonly endpoint: TokenEndpoint
  /** Scopes separated by spaces, RFC 6749 §3.3; absent: what the server gives by default. */
  readonly scope?: string
  readonly isExpired: Flow['isExpired']
  readonly apply?: Flow['apply']
}

/**
 * Client credentials, RFC 6749 §4.4: the id and the secret of an application buy a token, and each
 * renewal is a new login. A refresh token, which §4.4.3 says should not come, is not kept.
 */
export function clientCredentials({ endpoint, scope, isExpired, apply = bearer }: ClientCredentialsSettings): Flow {
  return {
    kind: 'OAUTH2_CLIENT_CREDENTIALS',
    fingerprint: fingerprint('client_credentials', endpoint.url, scope, ...Object.values(endpoint.client)),
    acquire: async (send) => {
      const grant = await requestToken(send, endpoint, { grant_type: 'client_credentials', scope }).catch(ofTheLogin)
      return { ...grant, refreshToken: null }
    },
    apply,
    isExpired,
  }
}

/** The client is the login here: where it is refused the credential is bad, as a password would be. */
function ofTheLogin(error: unknown): never {
  if (error instanceof GrantRefused && error.kind === 'invalid_client')
    throw new GrantRefused('invalid_grant', error.message)
  throw error
}
