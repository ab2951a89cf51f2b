import { json, type EmulatedResponse, type Route } from '../../../emulator/serve.js'
import { clientOf } from './applications.js'
import type { Doorkeeper } from './doorkeeper.js'
import { route, textOf, type RequestParameters } from './framework.js'
import { oauthError } from './oauth-answer.js'
import { bearerOf } from './presented-token.js'
import type { TokenRow } from './access-tokens.js'

/** `/oauth/revoke`, `/oauth/token/info` and `/oauth/introspect`. */
export function tokenServices({ dialect, applications, tokens }: Doorkeeper): Route[] {
  const named = (parameters: RequestParameters): TokenRow | null => {
    const token = textOf(parameters, 'token')
    return token === null ? null : (tokens.peek(token) ?? tokens.byRefreshToken(token))
  }

  const revoke = route('POST', /\/oauth\/revoke/, (request, parameters) => {
    const client = clientOf(request, parameters, applications)
    const row = named(parameters)
    const obstacle =
      typeof client === 'string'
        ? 'no client'
        : !row
          ? 'unknown token'
          : row.application.uid !== client.uid
            ? 'foreign token'
            : null
    if (obstacle && dialect.refusesRevokeOf.includes(obstacle)) {
      return oauthError(dialect, { error: 'unauthorized_client', missing: null }, { status: 403 })
    }
    // The row of an expired access token is not revoked, and its refresh token stays valid.
    if (!obstacle && row && tokens.isLive(row)) row.revoked = true
    return json({})
  })

  const info = route('GET', /\/oauth\/token\/info/, (request, parameters) => {
    const token = bearerOf(request, parameters)
    const row = token === null ? null : tokens.present(token)
    const { scopes, expiresIn, error, state } = dialect.tokenInfo
    if (!row || !tokens.isLive(row)) return oauthError(dialect, { error, missing: null }, { state, status: 401 })
    return json({
      resource_owner_id: row.ownerId,
      [scopes]: row.scopes,
      [expiresIn]: tokens.secondsLeft(row),
      application: { uid: row.application.uid },
      created_at: Math.floor(row.createdAt / 1000),
    })
  })

  const introspect = route('POST', /\/oauth\/introspect/, (request, parameters): EmulatedResponse => {
    const client = clientOf(request, parameters, applications)
    if (client === 'wrong') return oauthError(dialect, { error: 'invalid_client', missing: null })
    const bearer = client === 'absent' ? bearerOf(request, {}) : null
    if (client === 'absent' && bearer === null) return oauthError(dialect, { error: 'invalid_request', missing: null })
    const presentedToken = bearer === null ? null : tokens.present(bearer)
    if (bearer !== null && !(presentedToken && tokens.isLive(presentedToken))) {
      return oauthError(dialect, { error: 'invalid_token', missing: null })
    }
    const uid = client === 'absent' ? presentedToken?.application.uid : client.uid
    const row = named(parameters)
    return json(row && row.application.uid === uid && tokens.isLive(row) ? description(row) : { active: false })
  })

  return [revoke, info, introspect]
}

const description = (row: TokenRow) => ({
  active: true,
  scope: row.scopes.join(' '),
  client_id: row.application.uid,
  token_type: 'Bearer',
  exp: Math.floor(row.expiresAt / 1000),
  iat: Math.floor(row.createdAt / 1000),
})
