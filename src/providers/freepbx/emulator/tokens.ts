import { markedBytes } from '../../../emulator/marked-bytes.js'
import { createTokenBook, type IssuedToken } from '../../../emulator/token-book.js'
import type { Application } from './applications.js'

/** Seconds, fixed in the code of every release. */
export const ACCESS_SECONDS = 3600
/** One calendar month, about. */
const REFRESH_MS = 30 * 24 * 60 * 60_000

/** Why an access token is refused. */
export type Refusal = 'unreadable' | 'expired' | 'revoked'

/** What the table of tokens knows. */
export interface Tokens {
  issue(application: Application, scopes: readonly string[], user: string): IssuedToken
  /** The pair that replaces the one of this refresh token; a hint where it is dead. */
  refresh(refreshToken: string, application: Application, scopes: readonly string[] | null): IssuedToken | string
  /** Who comes with this access token, and what it opens. */
  read(accessToken: string): { readonly account: string; readonly scopes: readonly string[] } | Refusal
  scopesOf(accessToken: string): readonly string[]
  revokeAccessTokens(account?: string): void
  revokeGrants(account?: string): void
  expireAccessTokens(): void
  /** Every token that was ever given. */
  all(): readonly string[]
  clear(): void
}

/** Tokens of the emulated server; an access token looks like a signed one, and its row decides. */
export function createTokens(clock: { now(): number }, fractions: boolean): Tokens {
  const scopes = new Map<string, readonly string[]>()
  let next: { readonly scopes: readonly string[]; readonly user: string } = { scopes: [], user: '' }
  const book = createTokenBook({
    clock,
    lifetimeSeconds: ACCESS_SECONDS,
    rotation: 'immediate',
    makeAccessToken: ({ clientId, issuedAt }) => {
      const at = fractions ? issuedAt / 1000 : Math.floor(issuedAt / 1000)
      const jti = markedBytes(40).toString('hex')
      const header = { typ: 'JWT', alg: 'RS256', ...(fractions ? {} : { jti }) }
      const claims = {
        aud: clientId,
        jti,
        iat: at,
        nbf: at,
        exp: at + ACCESS_SECONDS,
        sub: next.user,
        scopes: next.scopes,
      }
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      return `${part(header)}.${part(claims)}.${markedBytes(256).toString('base64url')}`
    },
  })
  const made = (token: IssuedToken) => {
    scopes.set(token.accessToken, next.scopes)
    return token
  }
  return {
    issue(application, granted, user) {
      next = { scopes: [...new Set(granted)], user }
      return made(book.issue({ account: application.name, clientId: application.id, scope: '' }))
    },
    refresh(refreshToken, application, wanted) {
      const row = book.find({ refresh: refreshToken })
      if (!row) return 'Cannot decrypt the refresh token'
      if (row.clientId !== application.id) return 'Token is not linked to client'
      if (clock.now() > row.issuedAt + REFRESH_MS) return 'Token has expired'
      if (row.refreshRevoked) return 'Token has been revoked'
      next = { scopes: wanted ?? scopes.get(row.accessToken) ?? [], user: USER_ID }
      return made(book.refresh(refreshToken)!)
    },
    read(accessToken) {
      const row = book.find({ access: accessToken })
      if (!row) return 'unreadable'
      if (row.accessRevoked) return 'revoked'
      return book.isExpired(row) ? 'expired' : { account: row.account, scopes: scopes.get(accessToken) ?? [] }
    },
    scopesOf: (accessToken) => scopes.get(accessToken) ?? [],
    revokeAccessTokens: (account) => book.revokeAccessTokens(account),
    revokeGrants: (account) => book.revokeGrants(account),
    expireAccessTokens: () => book.expireAccessTokens(),
    all: () => book.all.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    clear() {
      book.clear()
      scopes.clear()
    },
  }
}

/** The id of the user behind a password login. */
export const USER_ID = '7'
