import type { EmulatedResponse, EmulatedRequest } from '../../../emulator/serve.js'
import { boom, Refusal } from './boom.js'
import type { IpexKnobs } from './knobs.js'
import type { Session, Sessions } from './sessions.js'

/**
 * The session of a request's token. Tokens of `/token`, `/token-exchange` and `/v1/sso/login` are
 * sent as Bearer, those of `/v1/token` without a scheme; either is refused the other way.
 *
 * @throws Refusal 401
 */
export function sessionOf(request: EmulatedRequest, sessions: Sessions, knobs: IpexKnobs): Session {
  const { authorization } = request.headers
  if (!authorization) throw unauthorized(knobs, 'Missing authentication')
  const found = sessions.find(tokenIn(authorization))
  if (found === 'unknown') throw unauthorized(knobs, 'Invalid token', 'invalid_token')
  if (found === 'expired') throw unauthorized(knobs, 'Token expired', 'invalid_token')
  if (isBearer(authorization) === (found.door === 'b2b')) throw unauthorized(knobs, 'Invalid token format')
  return found
}

/**
 * Whose live token a request carries, as the journal names logins: user name, login method unless
 * it is `/token`, impersonated user.
 */
export function accountOf(request: EmulatedRequest, sessions: Sessions): string | null {
  const found = sessions.find(tokenIn(request.headers['authorization'] ?? ''))
  return typeof found === 'string' ? null : accountLabel(found)
}

/**
 * `api@egeyelken.example`, `api@egeyelken.example by sso`, `api@egeyelken.example as
 * jana.novakova@egeyelken.example`.
 */
export function accountLabel({ access, door, user }: Session): string {
  return `${access.username}${door === 'token' ? '' : ` by ${door}`}${user ? ` as ${user.email}` : ''}`
}

function unauthorized({ wwwAuthenticate }: IpexKnobs, message: string, error?: string): Refusal {
  const challenge = error ? `Bearer error="${error}", error_description="${message}"` : 'Bearer'
  const answer: EmulatedResponse = boom(
    401,
    message,
    wwwAuthenticate ? { headers: { 'www-authenticate': challenge } } : {},
  )
  return new Refusal(answer)
}

const isBearer = (authorization: string) => /^bearer /i.test(authorization)
const tokenIn = (authorization: string) => authorization.replace(/^bearer +/i, '')
