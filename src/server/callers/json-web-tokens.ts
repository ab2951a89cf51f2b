import { createHash } from 'node:crypto'

import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose'
import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'
import { ServiceUnavailable } from '../../errors.js'
import { isScope, type Scope } from '../../graphql/scope.js'
import type { TokenIssuer } from '../config/callers.js'
import { WORKSPACE } from '../config/schema.js'
import type { Caller, Recognition } from './caller.js'

export interface JsonWebTokenOptions {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** How long the issuer's keys are left alone after they were read, though a token names one that is not among them. */
  readonly cooldownMs?: number
}

/**
 * Signatures that need a private key nobody here has. Listed and not left to the token: `none`, and the symmetric ones for which a
 * published key would do, are never among them (RFC 8725 §3.1).
 */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** How far the issuer's clock may be from ours. */
const TOLERANCE_SECONDS = 5
const COOLDOWN_MS = 30_000
const JWKS_TIMEOUT_MS = 5_000
/** A token that was verified is not verified again for so long, and so many are remembered, by digest. */
const TRUSTED_MS = 60_000
const REMEMBERED = 10_000
/** Node takes no longer headers; a token is a part of one. */
const LONGEST = 12_000

const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/
const KIND = 'jwt:'

/** Callers with a token of the operator's own login service: a JSON Web Token (RFC 7519) signed with one of the keys that service publishes. */
export function jsonWebTokens(
  issuer: TokenIssuer,
  { clock, cooldownMs = COOLDOWN_MS }: JsonWebTokenOptions,
): Recognition {
  const keys = publishedKeys(issuer, cooldownMs)
  const known = new LRUCache<string, { readonly caller: Caller; readonly since: number }>({ max: REMEMBERED })

  return {
    recall(credential) {
      if (!isToken(credential)) return null
      const entry = known.get(digest(credential))
      if (!entry || clock.monotonic() - entry.since >= TRUSTED_MS) return null
      return entry.caller.expiresAt! > clock.now() ? entry.caller : null
    },
    async find(credential) {
      if (!isToken(credential)) return null
      const claims = await verified(credential, keys, {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub'],
      })
      const caller = claims && callerOf(claims, issuer)
      if (caller) known.set(digest(credential), { caller, since: clock.monotonic() })
      return caller
    },
    // What a token allows ends with the token, and its end is known from the start.
    isWelcome: (identity) => (identity.startsWith(KIND) ? true : null),
  }
}

const isToken = (credential: string): boolean => credential.length <= LONGEST && FORM.test(credential)

/** The issuer's keys (RFC 7517): read when they are first needed, and again when a token names one that is new. */
function publishedKeys({ jwksUrl }: TokenIssuer, cooldownDuration: number): JWTVerifyGetKey {
  const read = createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration, timeoutDuration: JWKS_TIMEOUT_MS })
  return async (header, token) => {
    try {
      return await read(header, token)
    } catch (error) {
      // What the token got wrong is the token's; everything else says that the keys could not be read.
      if (TOKENS_FAULT.some((fault) => error instanceof fault)) throw error
      throw new ServiceUnavailable('The keys of the login service cannot be read now. Try again later.')
    }
  }
}

const TOKENS_FAULT = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

/** Null for a token that is not as it should be, whatever is wrong with it. */
async function verified(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifiedByOne(token, error, options)
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/** A token that does not say which of several keys signed it. */
async function verifiedByOne(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload | null> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) return null
    }
  }
  return null
}

/** Null when the token names no workspace: then nothing could be shown. */
function callerOf(claims: JWTPayload, { workspaceClaim, scopesClaim }: TokenIssuer): Caller | null {
  const { sub, exp, name, preferred_username: login } = claims
  const workspace = claims[workspaceClaim]
  if (!sub || typeof workspace !== 'string' || !WORKSPACE.test(workspace)) return null
  return {
    identity: `${KIND}${digest(sub).slice(0, 16)}`,
    viewer: {
      name: [name, login, sub].find((text): text is string => typeof text === 'string' && text !== '') ?? null,
      workspace,
      scopes: new Set(scopesIn(claims[scopesClaim])),
    },
    expiresAt: (exp! + TOLERANCE_SECONDS) * 1000,
  }
}

/** Words that are no scopes of ours, such as `openid`, are left out. */
function scopesIn(claim: unknown): readonly Scope[] {
  const words: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return words.filter(isScope)
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
