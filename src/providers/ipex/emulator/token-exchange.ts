import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import type { Accesses } from './accesses.js'
import { sessionOf } from './bearer.js'
import { boom, Refusal } from './boom.js'
import { jsonObjectOf } from './json-body.js'
import type { IpexKnobs } from './knobs.js'
import type { Sessions, Tokens } from './sessions.js'
import { tokenBody } from './token-endpoint.js'

/**
 * `POST /token-exchange`: an access that may impersonate gets a token for one user of its PBX. JSON
 * with the user's e-mail or login under `email`; not RFC 8693. Response and errors are not
 * documented.
 */
export function tokenExchange(accesses: Accesses, sessions: Sessions, knobs: IpexKnobs): Route {
  function handle(request: EmulatedRequest): EmulatedResponse {
    const { access, user: actingAs } = sessionOf(request, sessions, knobs)
    const { email } = jsonObjectOf(request)
    if (typeof email !== 'string' || email === '') throw new Refusal(boom(400, '"email" is required'))
    if (!access.impersonation || actingAs) return boom(403, 'Impersonation is not allowed for this access')
    const wanted = email.toLowerCase()
    const user = access.switchboard.users.find(
      (candidate) => candidate.email.toLowerCase() === wanted || candidate.login.toLowerCase() === wanted,
    )
    if (!user) return boom(knobs.exchangeUnknownUserStatus, 'User not found')
    if (!accesses.mayActAs(access, user.id)) return boom(403, 'Impersonation of this user is not allowed')
    return json(exchangeBody(sessions.open(access, user, 'token', 'profile email'), knobs))
  }
  return { method: 'POST', pattern: /\/auth\/token-exchange/, handle }
}

function exchangeBody(tokens: Tokens, { exchangeReturnsRefresh, exchangeReturnsExpiry }: IpexKnobs): object {
  const { access_token, token_type, expires_in, ...rest } = tokenBody(tokens)
  return {
    access_token,
    token_type,
    ...(exchangeReturnsExpiry && { expires_in }),
    ...(exchangeReturnsRefresh && rest),
  }
}
