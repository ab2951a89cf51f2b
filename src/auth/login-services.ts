import type { Clock } from '../clock.js'
import type { Send } from '../http/http.js'
import type { HttpLimits } from '../http/limits.js'
import type { StoredGrant, TokenStore } from '../store/token-store.js'
import type { Flow } from './flow.js'
import type { LoginEvent, LoginReporter } from './login-event.js'
import type { TokenRequestRecord } from './token-telemetry.js'

export interface TokenManagerOptions {
  readonly store: TokenStore
  readonly send: Send
  readonly clock: Clock
  readonly limits: HttpLimits
  readonly log?: (event: LoginEvent) => void
  /** Called after each request to a token endpoint, whether it succeeded or not. */
  readonly onTokenRequestEnd?: (record: TokenRequestRecord) => void
  /** In [0, 1); jitter of replacements and backoff. Default: `Math.random`. */
  readonly random?: () => number
  /** Waits real time between polls of another process's lease, and between write attempts. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** Called with tokens that were granted to an account that has been unlinked meanwhile. */
  readonly orphaned?: (key: string, flow: Flow, grant: StoredGrant) => void
}

/** What the logins of one process share. */
export interface LoginServices extends TokenManagerOptions {
  /** Identifies this process in leases and intents; unique to it. */
  readonly owner: string
  /** Wall-clock ms. */
  readonly startedAt: number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly random: () => number
  /** Whether one more token may be replaced before it expires: limits how many are at a time. */
  mayReplaceEarly(): boolean
  /** Reports a store that cannot be read or written, at most once a minute. */
  storeTrouble(login: LoginReporter, cause: unknown): void
}
