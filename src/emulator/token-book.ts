import type { EmulatorClock } from './emulator.js'
import { markedBytes } from './marked-bytes.js'

/** An access and a refresh token issued together: one row, as in Doorkeeper's table. */
export interface IssuedToken {
  readonly account: string
  readonly clientId: string
  readonly scope: string
  /** 1 for a login, one more with each refresh. */
  readonly generation: number
  readonly accessToken: string
  readonly refreshToken: string
  readonly issuedAt: number
  /** ms; only the access token expires. */
  readonly expiresAt: number
  readonly accessRevoked: boolean
  readonly refreshRevoked: boolean
}

/**
 * When a refresh revokes the tokens it replaces: at once, or at the first use of the new access
 * token.
 */
export type Rotation = 'immediate' | 'first-use'

export interface TokenBook {
  /** The first token of a grant. */
  issue(
    grant: Pick<IssuedToken, 'account' | 'clientId' | 'scope'>,
    tokens?: { readonly refreshToken?: string },
  ): IssuedToken
  /** The next generation of a grant; null when the refresh token is unknown or revoked. */
  refresh(refreshToken: string): IssuedToken | null
  /** Finds a row without counting as a use. */
  find(token: { readonly access: string } | { readonly refresh: string }): IssuedToken | null
  /** A request presented this access token: revokes what the token replaced. */
  present(accessToken: string): IssuedToken | null
  isExpired(token: IssuedToken): boolean
  isLive(token: IssuedToken): boolean
  /** Revokes the whole row, as a revocation endpoint does. */
  revoke(token: IssuedToken): void
  /** Revokes access tokens, of one account or of all; refresh tokens stay valid. */
  revokeAccessTokens(account?: string): void
  /** Revokes access and refresh tokens. */
  revokeGrants(account?: string): void
  /** Lets access tokens expire now; refresh tokens stay valid. */
  expireAccessTokens(account?: string): void
  /** Every row ever issued, oldest first. */
  readonly all: readonly IssuedToken[]
  clear(): void
}

export interface TokenBookSettings {
  readonly clock: Pick<EmulatorClock, 'now'>
  readonly lifetimeSeconds: number
  readonly rotation: Rotation
  /** Default: 64 hex digits. */
  readonly makeAccessToken?: (grant: Pick<IssuedToken, 'account' | 'clientId' | 'issuedAt'>) => string
}

interface Row extends IssuedToken {
  expiresAt: number
  accessRevoked: boolean
  refreshRevoked: boolean
  /** The row this one replaces once it is used. */
  parent: Row | null
}

/** The tokens an emulated authorization server has issued, and their state. */
export function createTokenBook({ clock, lifetimeSeconds, rotation, makeAccessToken }: TokenBookSettings): TokenBook {
  const rows: Row[] = []
  const byAccess = new Map<string, Row>()
  const byRefresh = new Map<string, Row>()

  function add(
    grant: Pick<IssuedToken, 'account' | 'clientId' | 'scope' | 'generation'>,
    refreshToken: string,
    parent: Row | null,
  ): Row {
    const issuedAt = clock.now()
    const row: Row = {
      ...grant,
      accessToken: makeAccessToken?.({ ...grant, issuedAt }) ?? hex64(),
      refreshToken,
      issuedAt,
      expiresAt: issuedAt + lifetimeSeconds * 1000,
      accessRevoked: false,
      refreshRevoked: false,
      parent,
    }
    rows.push(row)
    byAccess.set(row.accessToken, row)
    byRefresh.set(row.refreshToken, row)
    return row
  }

  const of = (account?: string) => rows.filter((row) => account === undefined || row.account === account)
  const isExpired = ({ expiresAt }: IssuedToken) => clock.now() > expiresAt
  const kill = (row: Row) => {
    row.accessRevoked = true
    row.refreshRevoked = true
  }

  return {
    all: rows,
    issue: ({ account, clientId, scope }, { refreshToken = hex64() } = {}) =>
      add({ account, clientId, scope, generation: 1 }, refreshToken, null),
    refresh(refreshToken) {
      const old = byRefresh.get(refreshToken)
      if (!old || old.refreshRevoked) return null
      const { account, clientId, scope, generation } = old
      if (rotation === 'immediate') kill(old)
      return add({ account, clientId, scope, generation: generation + 1 }, hex64(), old)
    },
    find: (token) => ('access' in token ? byAccess.get(token.access) : byRefresh.get(token.refresh)) ?? null,
    present(accessToken) {
      const row = byAccess.get(accessToken)
      if (!row) return null
      // Even when this request is then refused because the token has expired.
      if (row.parent) kill(row.parent)
      row.parent = null
      return row
    },
    isExpired,
    isLive: (token) => !token.accessRevoked && !isExpired(token),
    revoke: (token) => kill(token as Row),
    revokeAccessTokens: (account) => of(account).forEach((row) => void (row.accessRevoked = true)),
    revokeGrants: (account) => of(account).forEach(kill),
    expireAccessTokens: (account) =>
      of(account).forEach((row) => void (row.expiresAt = Math.min(row.expiresAt, clock.now() - 1))),
    clear() {
      rows.length = 0
      byAccess.clear()
      byRefresh.clear()
    },
  }
}

const hex64 = () => markedBytes().toString('hex')
