import { createHash } from 'node:crypto'

import type { EmulatorClock } from './emulator.js'
import { markedBytes } from './marked-bytes.js'

/** What a person has consented to, kept until the application redeems the code. */
export interface Consent {
  readonly account: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scope: string
  /** RFC 7636; null when the application sent none. */
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | null
}

/** What the application sends with the code. */
export interface Redemption {
  readonly code: string
  readonly clientId: string
  readonly redirectUri: string
  readonly verifier: string | null
}

export interface AuthorizationCodes {
  issue(consent: Consent): string
  /**
   * Null for a code that is unknown, used, expired, another client's, for another redirect URI, or
   * without its PKCE verifier.
   */
  redeem(redemption: Redemption): Consent | null
  /** Every code issued so far. */
  readonly all: readonly string[]
  clear(): void
}

/** RFC 6749 §4.1.2 recommends at most ten minutes; Doorkeeper uses ten. */
const LIFETIME = 10 * 60 * 1000

/**
 * Authorization codes: single use, ten minutes, exact redirect URI, PKCE when the request had a
 * challenge.
 */
export function createAuthorizationCodes(
  clock: Pick<EmulatorClock, 'now'>,
  makeCode = () => markedBytes().toString('hex'),
): AuthorizationCodes {
  const open = new Map<string, Consent & { readonly issuedAt: number }>()
  const all: string[] = []
  return {
    all,
    issue(consent) {
      const code = makeCode()
      open.set(code, { ...consent, issuedAt: clock.now() })
      all.push(code)
      return code
    },
    redeem({ code, clientId, redirectUri, verifier }) {
      const found = open.get(code)
      if (!found || found.clientId !== clientId) return null
      // A code is spent by any attempt to redeem it.
      open.delete(code)
      if (clock.now() - found.issuedAt > LIFETIME || found.redirectUri !== redirectUri) return null
      return provesPossession(found.challenge, verifier) ? found : null
    },
    clear() {
      open.clear()
      all.length = 0
    },
  }
}

function provesPossession(challenge: Consent['challenge'], verifier: string | null): boolean {
  if (!challenge) return true
  if (!verifier) return false
  if (challenge.method === 'plain') return challenge.value === verifier
  return challenge.value === createHash('sha256').update(verifier).digest('base64url')
}
