import type { Flow } from '../../auth/flow.js'
import { b2bLogin } from '../../auth/flows/b2b-login.js'
import { claimsOf } from '../../auth/flows/jwt.js'
import { password } from '../../auth/flows/password.js'
import { ssoLogin } from '../../auth/flows/sso-login.js'
import { tokenExchange } from '../../auth/flows/token-exchange.js'
import type { TokenEndpoint } from '../../auth/flows/token-endpoint.js'
import type { HttpResponse } from '../../http/http.js'
import { toInstant } from '../../model/values/date-time.js'
import { Secret } from '../../secret.js'
import type { LinkRequest } from '../provider.js'
import type { IpexSettings } from './settings.js'

/** Seconds; the only published response says 3000. */
const DOCUMENTED_LIFETIME = 3_000
/** Seconds, of the older logins. */
const OLDER_LIFETIME = 3_600

/** `timeZone`: of times without an offset. */
export function ipexFlow(
  auth: IpexSettings['auth'],
  urls: { readonly auth: string; readonly rest: string },
  timeZone: string,
): Flow {
  const instant = (text: string) => toInstant(text, timeZone)
  switch (auth.flow) {
    case 'password': {
      const endpoint: TokenEndpoint = {
        url: `${urls.auth}/token`,
        // One public client for everybody, without a secret.
        client: { client_id: 'api' },
        documentedLifetime: DOCUMENTED_LIFETIME,
        identity: identityIn,
      }
      const own = password({
        endpoint,
        username: auth.username,
        password: new Secret(auth.password),
        scope: auth.scope,
        isExpired,
      })
      if (auth.impersonate === undefined) return own
      return tokenExchange({
        url: `${urls.auth}/token-exchange`,
        actor: own,
        subject: auth.impersonate,
        endpoint,
        isExpired,
      })
    }
    case 'sso':
      return ssoLogin({
        urls: { login: `${urls.rest}/v1/sso/login`, refresh: `${urls.rest}/v1/sso/refresh` },
        email: auth.email,
        password: new Secret(auth.password),
        documentedLifetime: OLDER_LIFETIME,
        instant,
        isExpired,
      })
    case 'b2b':
      return b2bLogin({
        url: `${urls.rest}/v1/token`,
        username: auth.username,
        password: new Secret(auth.password),
        documentedLifetime: OLDER_LIFETIME,
        instant,
        isExpired,
      })
  }
}

/**
 * The `auth` settings for the credentials of `accountLink`; null for a flow IPEX does not have. Of
 * the older logins, an e-mail means the first, a user name the second.
 */
export function ipexLinkAuth({ flow, credentials, impersonate }: LinkRequest): Record<string, unknown> | null {
  const { username, email, password: secret } = credentials
  switch (flow) {
    case 'OAUTH2_PASSWORD':
      return { flow: 'password', username: username ?? email, password: secret, impersonate }
    case 'TOKEN_EXCHANGE':
      // An exchange needs a subject: an empty name is rejected by the settings.
      return { flow: 'password', username: username ?? email, password: secret, impersonate: impersonate ?? '' }
    case 'JWT_LOGIN':
      return email === undefined
        ? { flow: 'b2b', username, password: secret }
        : { flow: 'sso', email, password: secret }
    default:
      return null
  }
}

/** The configured login: shown in the profile when the provider has nothing better. */
export function configuredLogin(auth: IpexSettings['auth']): string {
  if (auth.flow === 'sso') return auth.email
  return (auth.flow === 'password' ? auth.impersonate : undefined) ?? auth.username
}

/** The text of the body is free, so only the status counts. */
export const isExpired = ({ status }: Pick<HttpResponse, 'status'>): boolean => status === 401

/**
 * OpenID Connect Core §5.1: from the id token where the scope returned one, else from the access
 * token.
 */
function identityIn(body: Readonly<Record<string, unknown>>): Record<string, string> {
  const claims = { ...claimsOf(body['access_token']), ...claimsOf(body['id_token']) }
  const identity = { userId: claims['sub'], email: claims['email'], name: claims['name'] }
  return Object.fromEntries(
    Object.entries(identity).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )
}
