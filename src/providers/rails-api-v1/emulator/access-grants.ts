import type { EmulatorClock } from '../../../emulator/emulator.js'
import type { Application } from './applications.js'
import type { Dialect } from './dialect.js'

/** Lifetime of a code, ms. */
const lifetime = 600_000

/** A row of `oauth_access_grants`. */
export interface AccessGrant {
  readonly application: Application
  readonly ownerId: number
  readonly redirectUri: string
  readonly scopes: readonly string[]
}

export interface AccessGrants {
  issue(grant: AccessGrant): string
  /** Redeems a code of this client and redirect URI, once; else null. */
  redeem(code: string, client: Application, redirectUri: string): AccessGrant | null
  /** All codes issued. */
  issued(): readonly string[]
  reset(): void
}

export function createAccessGrants(dialect: Dialect, clock: Pick<EmulatorClock, 'now'>): AccessGrants {
  const codes: string[] = []
  const open = new Map<string, AccessGrant & { readonly expiresAt: number }>()
  return {
    issue(grant) {
      const code = dialect.opaque()
      codes.push(code)
      open.set(code, { ...grant, expiresAt: clock.now() + lifetime })
      return code
    },
    redeem(code, client, redirectUri) {
      const found = open.get(code)
      if (!found || clock.now() > found.expiresAt) return null
      if (found.application.uid !== client.uid || found.redirectUri !== redirectUri) return null
      open.delete(code)
      return found
    },
    issued: () => codes,
    reset() {
      codes.length = 0
      open.clear()
    },
  }
}
