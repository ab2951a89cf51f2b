import type { Flow } from '../../auth/flow.js'
import { authorizationCode } from '../../auth/flows/authorization-code.js'
import { password } from '../../auth/flows/password.js'
import { tokenRevocation } from '../../auth/flows/revocation.js'
import type { TokenEndpoint } from '../../auth/flows/token-endpoint.js'
import type { HttpResponse } from '../../http/http.js'
import { received, text, type Received } from '../../model/values/wire-value.js'
import { Secret } from '../../secret.js'
import type { LinkRequest } from '../provider.js'
import type { RailsApiV1Settings } from './settings.js'
import type { WireTokenExtras } from './wire.js'

/** Seconds. The template's initialiser says one minute; every response has its own. */
const DOCUMENTED_LIFETIME = 60

export function railsApiV1Flow({ auth }: RailsApiV1Settings, url: string): Flow {
  const endpoint: TokenEndpoint = {
    url: `${url}/oauth/token`,
    encoding: 'json',
    grantTypeInQuery: true,
    // In the body, never as Basic: the password grant reads them only there, and newer servers
    // refuse a refresh without them.
    client: { client_id: auth.clientId, client_secret: new Secret(auth.clientSecret) },
    documentedLifetime: DOCUMENTED_LIFETIME,
    identity,
  }
  // Doorkeeper does not revoke an expired token, nor its refresh token. And the token that was
  // refreshed stays valid until the new one is used, which `/oauth/token/info` counts as.
  const revocation = tokenRevocation({
    url: `${url}/oauth/revoke`,
    client: endpoint.client,
    needsLiveToken: true,
    firstUse: `${url}/oauth/token/info`,
  })
  switch (auth.flow) {
    case 'password':
      return password({ endpoint, username: auth.username, password: new Secret(auth.password), revocation, isExpired })
    case 'authorization_code':
      return authorizationCode({
        endpoint,
        authorizeUrl: `${url}/oauth/authorize`,
        clientId: auth.clientId,
        refreshToken: auth.refreshToken === undefined ? undefined : new Secret(auth.refreshToken),
        revocation,
        isExpired,
      })
  }
}

/**
 * The `auth` settings for the credentials of `accountLink`; null for a flow this provider does not
 * have.
 */
export function railsApiV1LinkAuth({ flow, credentials }: LinkRequest): Record<string, unknown> | null {
  const { email, username = email, password: secret, clientId, clientSecret } = credentials
  switch (flow) {
    case 'OAUTH2_PASSWORD':
      return { flow: 'password', username, password: secret, clientId, clientSecret }
    case 'OAUTH2_AUTHORIZATION_CODE':
      return { flow: 'authorization_code', clientId, clientSecret }
    default:
      return null
  }
}

/** The body of this 401 is empty; the reason is in a header whose text may be translated. */
export const isExpired = ({ status }: Pick<HttpResponse, 'status'>): boolean => status === 401

/** From `user_id` in the token response where a deployment adds it, else from the token itself. */
export function identity(body: Readonly<Record<string, unknown>>): Record<string, string> {
  const extras = received<WireTokenExtras>(body)
  const user = userInToken(text(body['access_token']))
  const userId = text(extras?.user_id) ?? text(user?.id)
  const email = text(user?.email)
  return { ...(userId !== null && { userId }), ...(email !== null && { email }) }
}

/**
 * The signature is not checked: the claims are a hint, and the response they lead to is checked.
 */
function userInToken(token: string | null): Received<{ id: number; email: string }> | null {
  try {
    const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown
    return received(received<{ user: unknown }>(claims)?.user)
  } catch {
    // An opaque token, as older deployments issue.
    return null
  }
}
