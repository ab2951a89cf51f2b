import { markedBytes } from '../../../emulator/marked-bytes.js'
import type { RailsApiV1Knobs } from './knobs.js'

export type OAuthErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_token'
  | 'unauthorized_client'
  | 'unsupported_grant_type'

/** The differences between versions of Doorkeeper on the wire. */
export interface Dialect {
  readonly statusOf: (error: OAuthErrorName) => number
  /** Whether `invalid_request` names the missing parameter. */
  readonly namesMissingParameter: boolean
  /** Creates authorization codes and refresh tokens. */
  readonly opaque: (bytes?: Buffer) => string
  /** The error of a password grant without client credentials. */
  readonly passwordWithoutClient: OAuthErrorName
  readonly missingCode: OAuthErrorName
  readonly refreshNeedsClient: boolean
  /** The error when a concurrent refresh of the same token won. */
  readonly lostRace: OAuthErrorName
  readonly refreshInheritsLifetime: boolean
  readonly mayRestrictFlows: boolean
  readonly authorizeNeedsScope: boolean
  /** When `/oauth/revoke` responds 403 instead of 200 though nothing was revoked. */
  readonly refusesRevokeOf: readonly ('unknown token' | 'foreign token' | 'no client')[]
  readonly tokenInfo: {
    readonly scopes: 'scopes' | 'scope'
    readonly expiresIn: 'expires_in_seconds' | 'expires_in'
    readonly error: OAuthErrorName
    readonly state: string | null
  }
}

const hex = (bytes: Buffer = markedBytes()): string => bytes.toString('hex')
const urlSafe = (bytes: Buffer = markedBytes()): string => bytes.toString('base64url')

const four: Dialect = {
  statusOf: () => 401,
  namesMissingParameter: false,
  opaque: hex,
  passwordWithoutClient: 'invalid_grant',
  missingCode: 'invalid_grant',
  refreshNeedsClient: false,
  lostRace: 'invalid_request',
  refreshInheritsLifetime: false,
  mayRestrictFlows: false,
  authorizeNeedsScope: false,
  refusesRevokeOf: [],
  tokenInfo: { scopes: 'scopes', expiresIn: 'expires_in_seconds', error: 'invalid_request', state: null },
}

const five: Dialect = {
  ...four,
  statusOf: (error) => (error === 'invalid_client' || error === 'invalid_token' ? 401 : 400),
  namesMissingParameter: true,
  opaque: urlSafe,
  missingCode: 'invalid_request',
  refreshNeedsClient: true,
  lostRace: 'invalid_grant',
  mayRestrictFlows: true,
  authorizeNeedsScope: true,
  refusesRevokeOf: ['unknown token', 'foreign token', 'no client'],
  tokenInfo: { scopes: 'scope', expiresIn: 'expires_in', error: 'invalid_token', state: 'unauthorized' },
}

export const dialects: Readonly<Record<RailsApiV1Knobs['doorkeeper'], Dialect>> = {
  4: four,
  5: five,
  5.5: {
    ...five,
    statusOf: (error) => (error === 'unauthorized_client' ? 401 : five.statusOf(error)),
    passwordWithoutClient: 'invalid_client',
    refreshInheritsLifetime: true,
    refusesRevokeOf: ['foreign token', 'no client'],
  },
}
