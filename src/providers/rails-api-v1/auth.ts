import type { Flow } from '../../auth/flow.js'
import { authorizationCode } from '../../auth/flows/authorization-code.js'
import { password } from '../../auth/flows/password.js'
import { tokenRevocation } from '../../auth/flows/revocation.js'
import type { TokenEndpoint } from '../../auth/flows/token-endpoint.js'
import type { HttpResponse } from '../../http/http.js'
import { received, text, type Received } from '../../model/wire-value.js'
import { Secret } from '../../secret.js'
import type { LinkRequest } from '../provider.js'
import type { RailsApiV1Settings } from './settings.js'
import type { WireTokenExtras } from './wire.js'

/** Seconds. The initialiser of the public template says one minute; every answer says for itself. */
const DOCUMENTED_LIFETIME = 60

export function railsApiV1Flow({ auth }: RailsApiV1Settings, url: string): Flow {
  const endpoint: TokenEndpoint = {
    url: `${url}/oauth/token`,
    encoding: 'json',
    grantTypeInQuery: true,
    // In the body and never as Basic: the password grant looks for them there alone, and a refresh without them is refused by newer servers.
    client: { client_id: auth.clientId, client_secret: new Secret(auth.clientSecret) },
    documentedLifetime: DOCUMENTED_LIFETIME,
    identity,
  }
  // Doorkeeper leaves a token alone that has run out, and its refresh token with it; and the one a token was refreshed from lives until
  // the new one is used, which asking about it is.
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

/** What a person gives, as the configuration file says it. */
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

/** The body of this 401 is empty; expired, revoked or unknown stands in a header whose text may be translated. */
export const isExpired = ({ status }: Pick<HttpResponse, 'status'>): boolean => status === 401

/** Deployments add `user_id` to the token answer; where one does not, the token itself names its user. */
export function identity(body: Readonly<Record<string, unknown>>): Record<string, string> {
  const extras = received<WireTokenExtras>(body)
  const user = userInToken(text(body['access_token']))
  const userId = text(extras?.user_id) ?? text(user?.id)
  const email = text(user?.email)
  return { ...(userId !== null && { userId }), ...(email !== null && { email }) }
}

/** The claims are a hint and are checked against the answer they lead to, so the signature is not. */
function userInToken(token: string | null): Received<{ id: number; email: string }> | null {
  try {
    const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown
    return received(received<{ user: unknown }>(claims)?.user)
  } catch {
    // An opaque token, as older deployments give.
    return null
  }
}
