import { randomBytes } from 'node:crypto'

import { errors, jwtVerify, SignJWT } from 'jose'

import type { EmulatorClock } from '../../../emulator/emulator.js'
import { markedBytes } from '../../../emulator/marked-bytes.js'
import type { Customer } from './customers.js'
import type { PostacellKnobs } from './knobs.js'
import type { Texts } from './texts.js'

export type TokenKind = 'access' | 'refresh'

/** The key in `Texts` of the reason why a token is refused. */
export type TokenFault = keyof Pick<
  Texts,
  'tokenInvalidOrExpired' | 'tokenExpired' | 'tokenInvalid' | 'tokenWrongType' | 'tokenBlacklisted'
>

/** A refused token. */
export class TokenRefused extends Error {
  constructor(readonly fault: TokenFault) {
    super(fault)
    this.name = 'TokenRefused'
  }
}

/** SimpleJWT's tokens: HS256, stateless except for a blacklist of refresh tokens. */
export interface SimpleJwt {
  login(customer: Customer): Promise<{ access: string; refresh: string }>
  /**
   * The response to a refresh; checks the token only, not the customer.
   *
   * @throws TokenRefused
   */
  refresh(token: string): Promise<{ access: string; refresh?: string }>
  /**
   * The `user_id` of a valid token.
   *
   * @throws TokenRefused
   */
  userIdOf(token: string, kind: TokenKind): Promise<number>
  /** Whether a token names an older password of its user. */
  isOfOlderPassword(token: string, customer: Customer): boolean
  /** Whose live access token this is, or null; does not count as a use. */
  accountOf(token: string): string | null
  /** Makes issued tokens fail as `expired` or `invalid`. */
  spoil(kind: TokenKind, account: string | undefined, how: 'expired' | 'invalid'): void
  /** All tokens issued under this signing key. */
  issued(): readonly string[]
  /** A new signing key: every token is invalid at once. */
  rotateKey(): void
  reset(): void
}

interface Issued {
  readonly jti: string
  readonly kind: TokenKind
  readonly account: string
  readonly expires: number
  /** Seconds; of the login it goes back to. */
  readonly loggedInAt: number
  readonly passwordVersion: number
}

interface Claims {
  readonly token_type?: unknown
  readonly jti?: unknown
  readonly user_id?: unknown
}

export function createSimpleJwt(
  knobs: PostacellKnobs,
  clock: Pick<EmulatorClock, 'now'>,
  accountOfUser: (id: number) => string,
): SimpleJwt {
  const issued = new Map<string, Issued>()
  const spoilt = new Map<string, 'expired' | 'invalid' | 'blacklisted'>()
  let key = randomBytes(32)

  async function sign(
    kind: TokenKind,
    userId: number,
    { loggedInAt, passwordVersion }: Pick<Issued, 'loggedInAt' | 'passwordVersion'>,
  ): Promise<string> {
    const now = Math.floor(clock.now() / 1000)
    const expires = now + (kind === 'access' ? knobs.accessTokenSeconds : knobs.refreshTokenSeconds)
    const jti = markedBytes(16).toString('hex')
    const claims = {
      token_type: kind,
      exp: expires,
      ...(knobs.simpleJwt === '4' ? {} : { iat: knobs.issuedAt === 'login' ? loggedInAt : now }),
      jti,
      user_id: knobs.userId === 'string' ? String(userId) : userId,
    }
    const token = await new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'HS256' }).sign(key)
    issued.set(token, { jti, kind, account: accountOfUser(userId), expires, loggedInAt, passwordVersion })
    return token
  }

  async function verify(token: string, kind: TokenKind): Promise<{ jti: string; userId: number }> {
    const claims = await decode(token)
    const spoiling = spoilt.get(String(claims.jti))
    if (spoiling === 'blacklisted') throw new TokenRefused('tokenBlacklisted')
    if (spoiling) throw new TokenRefused(wording(spoiling))
    if (claims.token_type !== kind) throw new TokenRefused('tokenWrongType')
    return { jti: String(claims.jti), userId: Number(claims.user_id) }
  }

  async function decode(token: string): Promise<Claims> {
    try {
      const currentDate = new Date(clock.now())
      return (await jwtVerify<Claims>(token, key, { algorithms: ['HS256'], currentDate })).payload
    } catch (error) {
      throw new TokenRefused(wording(error instanceof errors.JWTExpired ? 'expired' : 'invalid'))
    }
  }

  function wording(reason: 'expired' | 'invalid'): TokenFault {
    if (knobs.simpleJwt !== '5.5') return 'tokenInvalidOrExpired'
    return reason === 'expired' ? 'tokenExpired' : 'tokenInvalid'
  }

  return {
    async login({ id, passwordVersion }) {
      const of = { loggedInAt: Math.floor(clock.now() / 1000), passwordVersion }
      return { access: await sign('access', id, of), refresh: await sign('refresh', id, of) }
    },
    async refresh(token) {
      const { jti, userId } = await verify(token, 'refresh')
      const of = issued.get(token)!
      const access = await sign('access', userId, of)
      if (!knobs.rotateRefresh) return { access }
      const refresh = await sign('refresh', userId, of)
      // Checked before and blacklisted after signing, as in SimpleJWT: of several concurrent
      // refreshes more than one succeeds.
      if (knobs.blacklistAfterRotation) spoilt.set(jti, 'blacklisted')
      return { access, refresh }
    },
    userIdOf: async (token, kind) => (await verify(token, kind)).userId,
    isOfOlderPassword: (token, { passwordVersion }) => issued.get(token)?.passwordVersion !== passwordVersion,
    accountOf(token) {
      const found = issued.get(token)
      if (found?.kind !== 'access' || spoilt.has(found.jti)) return null
      return found.expires > Math.floor(clock.now() / 1000) ? found.account : null
    },
    spoil(kind, account, how) {
      for (const token of issued.values()) {
        if (token.kind === kind && (account === undefined || token.account === account)) spoilt.set(token.jti, how)
      }
    },
    issued: () => [...issued.keys()],
    rotateKey() {
      key = randomBytes(32)
      issued.clear()
    },
    reset() {
      issued.clear()
      spoilt.clear()
      key = randomBytes(32)
    },
  }
}
