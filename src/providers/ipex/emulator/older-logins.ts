import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import type { Accesses } from './accesses.js'
import { boom } from './boom.js'
import { jsonObjectOf } from './json-body.js'
import type { IpexKnobs } from './knobs.js'
import type { Sessions, Tokens } from './sessions.js'

/**
 * The logins of the central REST API for older programs: `/v1/sso/login` with `/v1/sso/refresh`,
 * and the wholesale interface's `/v1/token`, which cannot be refreshed.
 */
export function olderLogins(
  accesses: Accesses,
  sessions: Sessions,
  knobs: IpexKnobs,
  now: () => number,
): readonly Route[] {
  const accessWith = (username: unknown, password: unknown) =>
    typeof username === 'string' && typeof password === 'string' ? accesses.withCredentials(username, password) : null

  function ssoLogin(request: EmulatedRequest): EmulatedResponse {
    const { email, password } = jsonObjectOf(request)
    const access = accessWith(email, password)
    if (!access) return boom(401, 'Invalid credentials')
    return json(ssoBody(sessions.open(access, null, 'sso', ''), knobs, now()))
  }

  /** The refresh token is the whole Authorization header; as Bearer it is not recognised. */
  function ssoRefresh(request: EmulatedRequest): EmulatedResponse {
    const renewed = sessions.renew(request.headers['authorization'] ?? '', 'sso')
    return typeof renewed === 'string' ? boom(401, 'Invalid refresh token') : json(ssoBody(renewed, knobs, now()))
  }

  function wholesaleLogin(request: EmulatedRequest): EmulatedResponse {
    const { username, password } = jsonObjectOf(request)
    const access = accessWith(username, password)
    if (!access) return boom(401, 'Invalid credentials')
    const { accessToken, accessLife } = sessions.open(access, null, 'b2b', '')
    return json({ accessToken, expire: new Date(now() + accessLife * 1000).toISOString() })
  }

  return [
    { method: 'POST', pattern: /\/restapi\/v1\/sso\/login/, handle: ssoLogin },
    { method: 'POST', pattern: /\/restapi\/v1\/sso\/refresh/, handle: ssoRefresh },
    { method: 'POST', pattern: /\/restapi\/v1\/token/, handle: wholesaleLogin },
  ]
}

/** The same path has returned two spellings over the years. */
function ssoBody(
  { session, accessToken, accessLife, refreshToken }: Tokens,
  { ssoSpelling }: IpexKnobs,
  at: number,
): object {
  if (ssoSpelling === 'snake') {
    return { access_token: accessToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: accessLife }
  }
  const { id, firstName, lastName, username } = session.access
  return {
    accessToken,
    refreshToken,
    userId: id,
    firstName,
    lastName,
    email: username,
    pbxRoles: ['pbx_user'],
    expiresAt: new Date(at + accessLife * 1000).toISOString(),
  }
}
