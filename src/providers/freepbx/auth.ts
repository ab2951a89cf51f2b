import { clientCredentials, errorField, password, Secret } from '../../provider.js'
import type { Flow, HttpResponse, LinkRequest, SendTokenRequest, TokenEndpoint, TokenRefusal } from '../../provider.js'
import type { FreepbxSettings } from './settings.js'

/** Seconds, fixed in the code of every release. */
const DOCUMENTED_LIFETIME = 3_600

/** All that is used; an application that may have less is asked again without what it may not. */
const SCOPES = [
  ...['gql:core:read', 'gql:cdr:read', 'gql:ringgroups:read', 'rest:queues:read'],
  ...['gql:core:write', 'gql:framework'],
]

/** The login of an account. */
export function freepbxFlow(auth: FreepbxSettings['auth'], url: string): Flow {
  const endpoint: TokenEndpoint = {
    url,
    client: { client_id: auth.clientId, client_secret: new Secret(auth.clientSecret) },
    documentedLifetime: DOCUMENTED_LIFETIME,
    meaningOf,
  }
  // Without a scope the server gives all it has, or fails where a module is gone: it is always sent.
  const scope = auth.scope ?? SCOPES.join(' ')
  const flow =
    auth.flow === 'password'
      ? password({ endpoint, username: auth.username, password: new Secret(auth.password), scope, isExpired })
      : clientCredentials({ endpoint, scope, isExpired })
  const acquire = flow.acquire!
  return { ...flow, refusedUndone: isDeadToken, acquire: (send, actor) => acquire(withinLimits(send), actor) }
}

/** The `auth` settings for the credentials of `accountLink`; null for a flow FreePBX does not have. */
export function freepbxLinkAuth({ flow, credentials }: LinkRequest): Record<string, unknown> | null {
  const { username, password: secret, clientId, clientSecret } = credentials
  switch (flow) {
    case 'OAUTH2_CLIENT_CREDENTIALS':
      return { flow: 'client_credentials', clientId, clientSecret }
    case 'OAUTH2_PASSWORD':
      return { flow: 'password', username, password: secret, clientId, clientSecret }
    default:
      return null
  }
}

/** A wrong password of 15 and 16, and a dead refresh token of all releases, have words of their own. */
function meaningOf({ grantType, status, error }: TokenRefusal): 'invalid_grant' | null {
  if (error === 'invalid_credentials') return 'invalid_grant'
  return grantType === 'refresh_token' && status === 401 && error === 'invalid_request' ? 'invalid_grant' : null
}

/**
 * 15 and 16 answer 401, 17 an exception. REST answers 401 as well where the scope is missing and the
 * token is good: without `error`.
 */
export const isExpired = (response: Pick<HttpResponse, 'status' | 'body'>): boolean =>
  response.status === 401 ? !isMissingScope(response.body) : isDeadToken(response)

const isMissingScope = (body: string): boolean =>
  body.length < LONGEST_ERROR && /"status"\s*:\s*false/.test(body) && !/"error"/.test(body)

/** A longer body is data. */
const LONGEST_ERROR = 20_000
const DENIED = 'The resource owner or authorization server denied the request.'
/** The number of `access_denied` in the library. */
const ACCESS_DENIED = 9

/** What 17 makes of a dead token: status 500, before anything is done. Any other 500 is an outage. */
function isDeadToken({ status, body }: Pick<HttpResponse, 'status' | 'body'>): boolean {
  if (status !== 500 || body.length > LONGEST_ERROR || !body.includes('"error"')) return false
  try {
    const { error } = JSON.parse(body) as { error?: { type?: unknown; code?: unknown; message?: unknown } }
    const isException = typeof error?.type === 'string' && error.type.endsWith('OAuthServerException')
    return isException || (error?.code === ACCESS_DENIED && error.message === DENIED)
  } catch {
    return false
  }
}

/**
 * One scope that does not exist, as that of a module that is not installed, fails the whole login:
 * it is left out, and what it is for is not there.
 */
function withinLimits(send: SendTokenRequest): SendTokenRequest {
  return async (request) => {
    const fields = new URLSearchParams(request.body)
    for (;;) {
      const response = await send({ ...request, body: fields.toString() })
      const scopes = (fields.get('scope') ?? '').split(' ')
      const refused = response.status === 400 ? refusedScope(response.body) : null
      const left = scopes.filter((scope) => scope !== refused)
      if (left.length === scopes.length || left.length === 0) return response
      fields.set('scope', left.join(' '))
    }
  }
}

function refusedScope(body: string): string | null {
  if (errorField(body, 'error', LONGEST_ERROR) !== 'invalid_scope') return null
  return /`([^`\s]+)`/.exec(errorField(body, 'hint', LONGEST_ERROR) ?? '')?.[1] ?? null
}
