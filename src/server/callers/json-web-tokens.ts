import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose'
import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'
import { ServiceUnavailable } from '../../errors.js'
import { isScope, seesOwnOnly, type Scope } from '../../graphql/scope.js'
import type { Send } from '../../http/http.js'
import { boundExtension } from '../config/bound-extension.js'
import type { TokenIssuer } from '../config/callers.js'
import { WORKSPACE } from '../config/schema.js'
import { digestOf } from '../digest.js'
import type { Authenticator, Caller } from './caller.js'

export interface JsonWebTokenOptions {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** Reads the issuer's keys. */
  readonly send: Send
  /**
   * How long after reading the issuer's keys a token that names an unknown key does not cause
   * another read, ms.
   */
  readonly cooldownMs?: number
}

/**
 * Asymmetric algorithms only. The token does not choose: `none`, and the symmetric ones for which
 * the published key would serve as the secret, are never accepted (RFC 8725 §3.1).
 */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** Clock difference to the issuer that is tolerated. */
const TOLERANCE_SECONDS = 5
const COOLDOWN_MS = 30_000
const JWKS_TIMEOUT_MS = 5_000
/**
 * How long a verified token is accepted without verifying it again, and how many are cached, by
 * digest.
 */
const TRUSTED_MS = 60_000
const MAXIMUM_CACHED = 10_000
/** Node accepts no longer headers, and the token is part of one. */
const MAXIMUM_LENGTH = 12_000

const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/
const KIND = 'jwt:'

/**
 * JSON Web Tokens (RFC 7519) of the operator's login service, signed with one of the keys it
 * publishes.
 */
export function jsonWebTokens(
  issuer: TokenIssuer,
  { clock, send, cooldownMs = COOLDOWN_MS }: JsonWebTokenOptions,
): Authenticator {
  const keys = publishedKeys(issuer, send, cooldownMs)
  const verified = new LRUCache<string, { readonly caller: Caller; readonly since: number }>({ max: MAXIMUM_CACHED })

  return {
    authenticateLocally(credential) {
      if (!isToken(credential)) return null
      const entry = verified.get(digestOf(credential))
      if (!entry || clock.monotonic() - entry.since >= TRUSTED_MS) return null
      return entry.caller.expiresAt! > clock.now() ? entry.caller : null
    },
    async authenticate(credential) {
      if (!isToken(credential)) return null
      const claims = await verify(credential, keys, {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub'],
      })
      const caller = claims && callerOf(claims, issuer)
      if (caller) verified.set(digestOf(credential), { caller, since: clock.monotonic() })
      return caller
    },
    // A token cannot be revoked, and no recording link outlives it.
    isStillAuthorized: (identity) => (identity.startsWith(KIND) ? true : null),
  }
}

const isToken = (credential: string): boolean => credential.length <= MAXIMUM_LENGTH && FORM.test(credential)

/** The issuer's keys (RFC 7517): read on first use, and again when a token names an unknown one. */
function publishedKeys({ jwksUrl }: TokenIssuer, send: Send, cooldownDuration: number): JWTVerifyGetKey {
  const read = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration,
    timeoutDuration: JWKS_TIMEOUT_MS,
    async [customFetch](url, { method, signal }) {
      const { status, body } = await send({ method, url, headers: ACCEPT_KEYS }, { timeoutMs: JWKS_TIMEOUT_MS, signal })
      return new Response(body, { status })
    },
  })
  return async (header, token) => {
    try {
      return await read(header, token)
    } catch (error) {
      if (TOKEN_ERRORS.some((kind) => error instanceof kind)) throw error
      throw new ServiceUnavailable('The keys of the login service cannot be read now. Try again later.')
    }
  }
}

/** RFC 7517 §8.5.2. */
const ACCEPT_KEYS = { accept: 'application/jwk-set+json, application/json' }

/** Errors about the token; every other one means that the keys could not be read. */
const TOKEN_ERRORS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

/** Null for an invalid token, whatever is wrong with it. */
async function verify(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithEach(token, error, options)
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/** For a token without a `kid`, which several keys may have signed. */
async function verifyWithEach(
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

/** Null when the token names no workspace. */
function callerOf(claims: JWTPayload, { workspaceClaim, scopesClaim, extensionClaim }: TokenIssuer): Caller | null {
  const { sub, exp, name, preferred_username: login } = claims
  const workspace = claims[workspaceClaim]
  if (!sub || typeof workspace !== 'string' || !WORKSPACE.test(workspace)) return null
  return {
    identity: `${KIND}${digestOf(sub).slice(0, 16)}`,
    subject: sub,
    viewer: {
      name: [name, login, sub].find((text): text is string => typeof text === 'string' && text !== '') ?? null,
      workspace,
      scopes: allowedScopes(scopesIn(claims[scopesClaim])),
      extension: extensionClaim === null ? null : boundExtension(claims[extensionClaim]),
    },
    expiresAt: (exp! + TOLERANCE_SECONDS) * 1000,
  }
}

/** Other services' scopes, such as `openid`, are left out. */
function scopesIn(claim: unknown): readonly Scope[] {
  const words: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return words.filter(isScope)
}

/** Accounts are everybody's, so whoever sees one extension only does not manage them. */
function allowedScopes(scopes: readonly Scope[]): ReadonlySet<Scope> {
  const allowed = new Set(scopes)
  if (seesOwnOnly(allowed)) allowed.delete('accounts:manage')
  return allowed
}
