import { SignJWT } from 'jose'

import type { EmulatorClock } from '../../../emulator/emulator.js'
import { markedBytes } from '../../../emulator/marked-bytes.js'
import type { Application } from './applications.js'
import type { Dialect } from './dialect.js'
import { FrameworkError } from './framework.js'
import type { RailsApiV1Knobs } from './knobs.js'
import type { User } from './directory.js'

/** A row of `oauth_access_tokens`: access and refresh token are revoked together. */
export interface TokenRow {
  readonly application: Application
  readonly ownerId: number
  readonly accessToken: string
  readonly refreshToken: string
  readonly scopes: readonly string[]
  /** ms. */
  readonly createdAt: number
  readonly expiresIn: number
  /** The refresh token this row came from, until its access token is first used. */
  previousRefreshToken: string | null
  /** ms; only the access token expires. */
  expiresAt: number
  revoked: boolean
}

/** The data of a new row; the owner may have been deleted. */
export interface NewToken {
  readonly application: Application
  readonly ownerId: number
  readonly scopes: readonly string[]
  readonly parent?: TokenRow
  /** For seed data: a known refresh token. */
  readonly refreshToken?: string
}

export interface AccessTokens {
  /**
   * A new row; null when `parent` was revoked by a faster request.
   *
   * @throws FrameworkError 404 without an owner
   */
  create(order: NewToken): Promise<TokenRow | null>
  /** Finds the row of a used access token, and revokes the row it came from. */
  present(accessToken: string): TokenRow | null
  /** Finds a row without counting as a use. */
  peek(accessToken: string): TokenRow | null
  byRefreshToken(refreshToken: string): TokenRow | null
  /** Neither revoked nor expired. */
  isLive(row: TokenRow): boolean
  isExpired(row: TokenRow): boolean
  /** Seconds left, never below 0. */
  secondsLeft(row: TokenRow): number
  rows(): readonly TokenRow[]
  setAccessTokenSeconds(seconds: number): void
  /** Forgets every other row. */
  reset(kept: readonly TokenRow[]): void
}

export function createAccessTokens(
  knobs: RailsApiV1Knobs,
  dialect: Dialect,
  clock: Pick<EmulatorClock, 'now'>,
  userById: (id: number) => User | null,
): AccessTokens {
  const rows = new Map<string, TokenRow>()
  const rowsByRefreshToken = new Map<string, TokenRow>()
  let lifetime = knobs.accessTokenSeconds
  const peek = (accessToken: string) => rows.get(accessToken) ?? null
  const byRefreshToken = (refreshToken: string) => rowsByRefreshToken.get(refreshToken) ?? null
  const add = (row: TokenRow) => {
    rows.set(row.accessToken, row)
    rowsByRefreshToken.set(row.refreshToken, row)
  }
  const isExpired = (row: TokenRow) => clock.now() > row.expiresAt

  return {
    async create({ application, ownerId, scopes, parent, refreshToken }) {
      const owner = userById(ownerId)
      if (!owner) throw new FrameworkError(404)
      const createdAt = clock.now()
      const accessToken = await signed(application, owner, createdAt)
      if (parent?.revoked) return null
      if (parent && knobs.refreshRevocation === 'immediate') parent.revoked = true
      const expiresIn = parent && dialect.refreshInheritsLifetime ? parent.expiresIn : lifetime
      const row: TokenRow = {
        application,
        ownerId,
        accessToken,
        refreshToken: refreshToken ?? dialect.opaque(),
        scopes,
        createdAt,
        expiresIn,
        previousRefreshToken: parent && knobs.refreshRevocation === 'on-first-use' ? parent.refreshToken : null,
        expiresAt: createdAt + expiresIn * 1000,
        revoked: false,
      }
      add(row)
      return row
    },
    present(accessToken) {
      const row = peek(accessToken)
      if (row?.previousRefreshToken != null) {
        const parent = byRefreshToken(row.previousRefreshToken)
        if (parent) parent.revoked = true
        row.previousRefreshToken = null
      }
      return row
    },
    peek,
    byRefreshToken,
    isExpired,
    isLive: (row) => !row.revoked && !isExpired(row),
    secondsLeft: (row) => Math.max(0, Math.round((row.expiresAt - clock.now()) / 1000)),
    rows: () => [...rows.values()],
    setAccessTokenSeconds: (seconds) => void (lifetime = seconds),
    reset(kept) {
      rows.clear()
      rowsByRefreshToken.clear()
      kept.forEach(add)
      lifetime = knobs.accessTokenSeconds
    },
  }
}

/** Names the user and the time; only the row has the expiry. */
function signed(application: Application, owner: User, at: number): Promise<string> {
  return new SignJWT({ user: { id: owner.id, email: owner.email } })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS512', kid: application.uid })
    .setIssuer('rails_api_template')
    .setIssuedAt(new Date(at))
    .setJti(uuidOf(markedBytes(16)))
    .sign(Buffer.from(application.secret))
}

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
