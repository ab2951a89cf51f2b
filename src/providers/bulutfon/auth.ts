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

/** Seconds; every documented token response says so too. */
const DOCUMENTED_LIFETIME = 7_200

/** The scopes are not documented; the vendor's own client requests this one. */
const USUAL_SCOPE = 'cdr'

/** A longer body is a list of calls, not an error: it is not parsed twice. */
const LONGEST_ERROR = 1_000

/** Every token is a query parameter: the API does not read the `Authorization` header. */
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
      return staticToken({ token: new Secret(auth.token), apply: hashedForRecordings(apply), isExpired, rides })
    case 'password':
      return passwordPerCall({
        username: auth.email,
        password: new Secret(auth.password),
        parameters: { username: 'email', password: 'password' },
        isExpired,
        rides,
      })
  }
}

/** The API's own errors are `{"error": "…"}`; a page is not about the credential. */
const rides: NonNullable<Flow['rides']> = {
  isOwnWord: ({ body }) => errorField(body, 'error', LONGEST_ERROR) !== null,
}

/**
 * The `auth` settings for the credentials of `accountLink`; null for a flow Bulutfon does not have.
 */
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
 * `{"error": "Token expired"}` is documented without a status, and several have been seen: the text
 * decides. The response to a revoked token is not documented; a 401 at least is about the token.
 */
export function isExpired({ status, body }: Pick<HttpResponse, 'status' | 'body'>): boolean {
  return status === 401 || /expired/i.test(errorField(body, 'error', LONGEST_ERROR) ?? '')
}
