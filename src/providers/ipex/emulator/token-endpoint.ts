import { bodyFields, json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import type { Accesses } from './accesses.js'
import type { IpexKnobs } from './knobs.js'
import type { RefreshRefusal, Sessions, Tokens } from './sessions.js'

/** `POST /token`: Keycloak's password and refresh grants, form only, with OAuth errors. */
export function tokenEndpoint(accesses: Accesses, sessions: Sessions, knobs: IpexKnobs): Route {
  function handle(request: EmulatedRequest): EmulatedResponse {
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) {
      return refused(knobs.notAFormStatus, 'invalid_request', 'Send a form')
    }
    const form = bodyFields(request) ?? {}
    if (!form['grant_type']) return refused(400, 'invalid_request', 'Missing form parameter: grant_type')
    // Public clients of the realm; `portal` is the web application, which only uses the browser
    // login.
    if (form['client_id'] !== 'api' && form['client_id'] !== 'portal') {
      return refused(knobs.unknownClientStatus, 'invalid_client', 'Invalid client credentials')
    }
    if (form['grant_type'] === 'password') return byPassword(form)
    if (form['grant_type'] === 'refresh_token') return byRefreshToken(form)
    return refused(400, 'unsupported_grant_type', 'Unsupported grant_type')
  }

  function byPassword({ client_id, username, password, scope = '' }: Record<string, string>): EmulatedResponse {
    if (client_id !== 'api') return refused(400, 'unauthorized_client', 'Client not allowed for direct access grants')
    if (!username) return refused(400, 'invalid_request', 'Missing parameter: username')
    const access = accesses.withCredentials(username, password)
    if (!access) return refused(401, 'invalid_grant', 'Invalid user credentials')
    if (accesses.needsAction(access)) return refused(400, 'invalid_grant', 'Account is not fully set up')
    const granted = scope.split(' ').includes('openid') ? 'openid profile email' : 'profile email'
    return json(tokenBody(sessions.open(access, null, 'token', granted)))
  }

  function byRefreshToken({ refresh_token }: Record<string, string>): EmulatedResponse {
    if (!refresh_token) return refused(400, 'invalid_request', 'No refresh token')
    const renewed = sessions.renew(refresh_token, 'token')
    return typeof renewed === 'string' ? refused(400, 'invalid_grant', WHY[renewed]) : json(tokenBody(renewed))
  }

  return { method: 'POST', pattern: /\/auth\/token/, handle }
}

const WHY: Readonly<Record<RefreshRefusal, string>> = {
  garbage: 'Invalid refresh token',
  expired: 'Token is not active',
  'session ended': 'Session not active',
  reused: 'Stale token',
}

/** The response of both grants, and of the exchange unless a knob shortens it. */
export const tokenBody = ({ session, accessToken, accessLife, refreshToken, refreshLife, idToken }: Tokens) => ({
  access_token: accessToken,
  expires_in: accessLife,
  refresh_expires_in: refreshLife,
  refresh_token: refreshToken,
  token_type: 'Bearer',
  ...(idToken !== null && { id_token: idToken }),
  'not-before-policy': 0,
  session_state: session.id,
  scope: session.scope,
})

const refused = (status: number, error: string, description: string): EmulatedResponse =>
  json({ error, error_description: description }, status, { 'cache-control': 'no-store' })
