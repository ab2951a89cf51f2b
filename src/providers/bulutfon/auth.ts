import type { Flow } from '../../auth/flow.js'
import { authorizationCode } from '../../auth/flows/authorization-code.js'
import { queryParameter } from '../../auth/flows/carry.js'
import { passwordPerCall } from '../../auth/flows/password-per-call.js'
import { staticToken } from '../../auth/flows/static-token.js'
import type { HttpResponse } from '../../http/http.js'
import { Secret } from '../../secret.js'
import { errorField } from '../error-body.js'
import type { AccountFacts, LinkRequest } from '../provider.js'
import { hashedForRecordings } from './recordings.js'
import type { BulutfonSettings } from './settings.js'

/** Seconds; every documented token answer says so itself. */
const DOCUMENTED_LIFETIME = 7_200

/** There is no catalogue of scopes; this is what the vendor's own client asks for. */
const USUAL_SCOPE = 'cdr'

/** An answer as short as this may be an error; lists of calls are not parsed twice for it. */
const LONGEST_ERROR = 1_000

/** Every token rides as a parameter: the API does not know the `Authorization` header. */
const apply = queryParameter('access_token')

export function bulutfonFlow({ urls, auth }: BulutfonSettings, account: AccountFacts): Flow {
  switch (auth.flow) {
    case 'authorization_code':
      return authorizationCode({
        endpoint: {
          url: urls.token,
          client: { client_id: auth.clientId, client_secret: new Secret(auth.clientSecret) },
          documentedLifetime: DOCUMENTED_LIFETIME,
        },
        authorizeUrl: urls.authorize,
        clientId: auth.clientId,
        scope: auth.scope ?? USUAL_SCOPE,
        refreshToken: auth.refreshToken === undefined ? undefined : new Secret(auth.refreshToken),
        refreshParameters: () => ({ redirect_uri: account.redirectUri }),
        apply,
        isExpired,
      })
    case 'static_token':
      return staticToken({ token: new Secret(auth.token), apply: hashedForRecordings(apply), isExpired })
    case 'password':
      return passwordPerCall({
        username: auth.email,
        password: new Secret(auth.password),
        parameters: { username: 'email', password: 'password' },
        isExpired,
      })
  }
}

/** What a person gives, as the configuration file says it. */
export function bulutfonLinkAuth({ flow, credentials }: LinkRequest): Record<string, unknown> | null {
  const { username, email = username, password, token, clientId, clientSecret } = credentials
  switch (flow) {
    case 'OAUTH2_AUTHORIZATION_CODE':
      return { flow: 'authorization_code', clientId, clientSecret }
    case 'STATIC_TOKEN':
      return { flow: 'static_token', token }
    case 'PASSWORD_PER_CALL':
      return { flow: 'password', email, password }
    default:
      return null
  }
}

/**
 * `{"error": "Token expired"}` is documented without a status, and clients have seen several: the word decides. What a revoked token
 * gets is documented nowhere; a 401 says at least that the token was the trouble.
 */
export function isExpired({ status, body }: Pick<HttpResponse, 'status' | 'body'>): boolean {
  return status === 401 || /expired/i.test(errorField(body, 'error', LONGEST_ERROR) ?? '')
}
