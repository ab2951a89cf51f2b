import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import { clientOf, findApplication, type Application } from './applications.js'
import type { AccessGrants } from './access-grants.js'
import type { Doorkeeper } from './doorkeeper.js'
import { route, textOf, type RequestParameters } from './framework.js'
import { scopesOf } from './knobs.js'
import { noStore, OAuthRefusal, oauthError } from './oauth-answer.js'
import type { TokenRow } from './access-tokens.js'

/**
 * `POST /oauth/token` with Doorkeeper's order of checks; `grant_type` may be in the query or the
 * body.
 */
export function tokenEndpoint(doorkeeper: Doorkeeper, codes: AccessGrants): Route {
  const { knobs, dialect, applications, directory, tokens } = doorkeeper

  return route('POST', /\/oauth\/token/, async (request, parameters) => {
    try {
      return granted(await grant(request, parameters))
    } catch (error) {
      if (error instanceof OAuthRefusal) return oauthError(dialect, error, { state: textOf(parameters, 'state') })
      throw error
    }
  })

  function grant(request: EmulatedRequest, parameters: RequestParameters): Promise<TokenRow> {
    switch (textOf(parameters, 'grant_type')) {
      case 'password':
        return byPassword(request, parameters)
      case 'authorization_code':
        return byCode(request, parameters)
      case 'refresh_token':
        return byRefreshToken(request, parameters)
      case null:
        throw new OAuthRefusal('invalid_request', 'grant_type')
      default:
        throw new OAuthRefusal('unsupported_grant_type')
    }
  }

  async function byPassword(request: EmulatedRequest, parameters: RequestParameters): Promise<TokenRow> {
    const client = clientOf(request, parameters, applications)
    if (client === 'wrong') throw new OAuthRefusal('invalid_client')
    if (client === 'absent') throw new OAuthRefusal(dialect.passwordWithoutClient)
    assertFlow(client, 'password')
    const owner = directory.authenticate(textOf(parameters, 'username') ?? '', textOf(parameters, 'password') ?? '')
    // The template looks up the client again, in the parameters only: HTTP Basic does not work for
    // this grant.
    const application = findApplication(
      applications,
      textOf(parameters, 'client_id'),
      textOf(parameters, 'client_secret'),
    )
    if (!owner || !application) throw new OAuthRefusal('invalid_grant')
    const scopes = requestedScopes(parameters) ?? scopesOf(knobs)
    if (!scopes.every((scope) => scopesOf(knobs).includes(scope))) throw new OAuthRefusal('invalid_scope')
    return created(await tokens.create({ application, ownerId: owner.id, scopes }))
  }

  async function byCode(request: EmulatedRequest, parameters: RequestParameters): Promise<TokenRow> {
    const code = textOf(parameters, 'code')
    const redirectUri = textOf(parameters, 'redirect_uri')
    if (code === null) throw new OAuthRefusal(dialect.missingCode, 'code')
    if (redirectUri === null) throw new OAuthRefusal('invalid_request', 'redirect_uri')
    const client = clientOf(request, parameters, applications)
    if (typeof client === 'string') throw new OAuthRefusal('invalid_client')
    assertFlow(client, 'authorization_code')
    const found = codes.redeem(code, client, redirectUri)
    if (!found) throw new OAuthRefusal('invalid_grant')
    return created(await tokens.create({ application: client, ownerId: found.ownerId, scopes: found.scopes }))
  }

  async function byRefreshToken(request: EmulatedRequest, parameters: RequestParameters): Promise<TokenRow> {
    const refreshToken = textOf(parameters, 'refresh_token')
    if (refreshToken === null) throw new OAuthRefusal('invalid_request', 'refresh_token')
    const parent = tokens.byRefreshToken(refreshToken)
    if (!parent || parent.revoked) throw new OAuthRefusal('invalid_grant')
    const client = clientOf(request, parameters, applications)
    if (client === 'wrong') throw new OAuthRefusal('invalid_client')
    const isIssuer = client === 'absent' ? !dialect.refreshNeedsClient : client.uid === parent.application.uid
    if (!isIssuer) throw new OAuthRefusal('invalid_grant')
    const scopes = requestedScopes(parameters) ?? parent.scopes
    if (!scopes.every((scope) => parent.scopes.includes(scope))) throw new OAuthRefusal('invalid_scope')
    const { application, ownerId } = parent
    return created(await tokens.create({ application, ownerId, scopes, parent }))
  }

  function assertFlow(client: Application, flow: Application['flow']): void {
    if (knobs.flowsPerClient && dialect.mayRestrictFlows && client.flow !== flow) {
      throw new OAuthRefusal('unauthorized_client')
    }
  }

  function created(row: TokenRow | null): TokenRow {
    if (!row) throw new OAuthRefusal(dialect.lostRace)
    return row
  }

  function granted(row: TokenRow): EmulatedResponse {
    const body = {
      access_token: row.accessToken,
      token_type: knobs.tokenType,
      expires_in: tokens.secondsLeft(row),
      refresh_token: row.refreshToken,
      ...(row.scopes.length > 0 ? { scope: row.scopes.join(' ') } : {}),
      created_at: Math.floor(row.createdAt / 1000),
      ...(knobs.userIdInToken ? { user_id: row.ownerId } : {}),
    }
    return json(body, 200, noStore)
  }
}

/** The scopes of a request; null when it has none. */
export const requestedScopes = (parameters: RequestParameters): readonly string[] | null =>
  textOf(parameters, 'scope')?.split(/\s+/).filter(Boolean) ?? null
