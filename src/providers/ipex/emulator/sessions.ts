import { randomUUID } from 'node:crypto'

import { markedBytes, SECRET_MARK } from '../../../emulator/marked-bytes.js'
import type { ApiAccess } from './accesses.js'
import { createJwt } from './jwt.js'
import type { IpexKnobs } from './knobs.js'
import type { User } from './switchboard.js'

/** The login method; it decides how tokens are presented and refreshed. */
export type Door = 'token' | 'sso' | 'b2b'

/** One session, from the login (or the exchange) to its end. */
export interface Session {
  readonly id: string
  readonly access: ApiAccess
  /** The impersonated user; null for the access itself. */
  readonly user: User | null
  readonly door: Door
  readonly scope: string
  readonly startedAt: number
}

export interface Tokens {
  readonly session: Session
  readonly accessToken: string
  /** Seconds. */
  readonly accessLife: number
  readonly refreshToken: string
  /** Seconds; 0: never expires. */
  readonly refreshLife: number
  /** Only with the scope `openid`. */
  readonly idToken: string | null
}

export type RefreshRefusal = 'garbage' | 'expired' | 'session ended' | 'reused'

/** All sessions and the state of their tokens. */
export interface Sessions {
  open(access: ApiAccess, user: User | null, door: Door, scope: string): Tokens
  /** Redeems a refresh token for a new pair; else the reason why not. */
  renew(refreshToken: string, door: Door): Tokens | RefreshRefusal
  /** The session of a live access token; else the reason why not. */
  find(accessToken: string): Session | 'unknown' | 'expired'
  /** Revokes every access token; refresh tokens stay valid. */
  revokeAccessTokens(): void
  /** Lets every access token expire now. */
  expireAccessTokens(): void
  /** Revokes every refresh token; access tokens stay valid. */
  revokeRefreshTokens(): void
  /** Ends sessions: their access and refresh tokens are refused. */
  end(which?: (session: Session) => boolean): void
  /** All tokens issued, whatever their state. */
  issued(): readonly string[]
  clear(): void
}

interface Issued {
  readonly session: Session
  /** ms; null: never. */
  expiresAt: number | null
  used?: boolean
}

export function createSessions(knobs: IpexKnobs, now: () => number): Sessions {
  const accessTokens = new Map<string, Issued>()
  const refreshTokens = new Map<string, Issued>()
  const ended = new Set<Session>()
  const everIssued: string[] = []
  let issues = 0

  function issue(session: Session): Tokens {
    issues += 1
    const at = now()
    const older = session.door !== 'token'
    const left =
      knobs.sessionSeconds === null || older ? Infinity : knobs.sessionSeconds - seconds(at - session.startedAt)
    const accessLife = Math.min(older ? knobs.olderTokenSeconds : knobs.accessTokenSeconds, left)
    const refreshLife = Math.min(knobs.refreshTokenSeconds || Infinity, left)
    const accessToken = knobs.accessTokenForm === 'jwt' ? createJwt(claims(session, at, accessLife)) : opaque()
    const refreshToken = opaque()
    accessTokens.set(accessToken, { session, expiresAt: at + accessLife * 1000 })
    refreshTokens.set(refreshToken, { session, expiresAt: refreshLife === Infinity ? null : at + refreshLife * 1000 })
    const idToken = asksForId(session)
      ? createJwt({ ...claims(session, at, accessLife), ...identity(session), typ: 'ID' })
      : null
    everIssued.push(accessToken, refreshToken, ...(idToken === null ? [] : [idToken]))
    return {
      session,
      accessToken,
      accessLife,
      refreshToken,
      idToken,
      refreshLife: refreshLife === Infinity ? 0 : refreshLife,
    }
  }

  function claims(session: Session, at: number, life: number): Record<string, unknown> {
    return {
      iss: 'https://auth.voipex.io/auth/realms/ipex',
      azp: 'api',
      typ: 'Bearer',
      scope: session.scope,
      iat: seconds(at),
      exp: seconds(at) + life,
      session_state: session.id,
      // Login and counter, so that two tokens differ even within a second.
      jti: `${SECRET_MARK}-${session.access.name}-${issues}`,
      sub: session.user?.id ?? session.access.id,
      ...(knobs.identityClaims ? identity(session) : {}),
    }
  }

  return {
    open(access, user, door, scope) {
      return issue({ id: randomUUID(), access, user, door, scope, startedAt: now() })
    },
    renew(refreshToken, door) {
      const issued = refreshTokens.get(refreshToken)
      if (!issued || issued.session.door !== door) return 'garbage'
      if (ended.has(issued.session)) return 'session ended'
      if (issued.expiresAt !== null && issued.expiresAt <= now()) return 'expired'
      if (issued.used && knobs.refreshReuse === 'reject') return 'reused'
      issued.used = true
      return issue(issued.session)
    },
    find(accessToken) {
      const issued = accessTokens.get(accessToken)
      if (!issued || ended.has(issued.session)) return 'unknown'
      return issued.expiresAt !== null && issued.expiresAt <= now() ? 'expired' : issued.session
    },
    revokeAccessTokens: () => accessTokens.clear(),
    expireAccessTokens() {
      for (const issued of accessTokens.values()) issued.expiresAt = Math.min(issued.expiresAt ?? Infinity, now())
    },
    revokeRefreshTokens: () => refreshTokens.clear(),
    end(which = () => true) {
      for (const { session } of [...accessTokens.values(), ...refreshTokens.values()]) {
        if (which(session)) ended.add(session)
      }
    },
    issued: () => everIssued,
    clear() {
      everIssued.length = 0
      accessTokens.clear()
      refreshTokens.clear()
      ended.clear()
    },
  }
}

function identity({ user, access }: Session): Record<string, unknown> {
  const { firstName, lastName } = user ?? access
  return {
    email: user ? user.email : access.username,
    name: `${firstName} ${lastName}`,
    preferred_username: user ? user.login : access.username,
  }
}

const asksForId = ({ door, scope }: Session) => door === 'token' && scope.split(' ').includes('openid')
const opaque = () => markedBytes().toString('base64url')
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)
