import type { EmulatorClock } from '../../../emulator/emulator.js'
import type { Application } from './applications.js'
import type { Dialect } from './dialect.js'

/** How long a code may wait to be exchanged. */
const lifetime = 600_000

/** A row of `oauth_access_grants`. */
export interface AuthorizationCode {
  readonly application: Application
  readonly ownerId: number
  readonly redirectUri: string
  readonly scopes: readonly string[]
}

export interface AuthorizationCodes {
  issue(grant: AuthorizationCode): string
  /** The grant of a code of this client and redirect address, once; null for everything else. */
  take(code: string, client: Application, redirectUri: string): AuthorizationCode | null
  /** Every code handed out so far. */
  issued(): readonly string[]
  reset(): void
}

export function createAuthorizationCodes(dialect: Dialect, clock: Pick<EmulatorClock, 'now'>): AuthorizationCodes {
  const handedOut: string[] = []
  const open = new Map<string, AuthorizationCode & { readonly expiresAt: number }>()
  return {
    issue(grant) {
      const code = dialect.opaque()
      handedOut.push(code)
      open.set(code, { ...grant, expiresAt: clock.now() + lifetime })
      return code
    },
    take(code, client, redirectUri) {
      const found = open.get(code)
      if (!found || clock.now() > found.expiresAt) return null
      if (found.application.uid !== client.uid || found.redirectUri !== redirectUri) return null
      open.delete(code)
      return found
    },
    issued: () => handedOut,
    reset() {
      handedOut.length = 0
      open.clear()
    },
  }
}
