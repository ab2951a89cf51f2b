import { AppError, CredentialsUnavailable } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import { isMadeWith } from './granted-row.js'
import type { LoginEvent, LoginOutcome } from './login-event.js'
import type { LoginParts } from './login-parts.js'

/** How long a caller waits for the write; after that the next caller tries it. */
const WRITE_TIMEOUT_MS = 5_000
const WRITE_RETRY_MS = 250

/** A grant that is to be stored. */
export interface Granted {
  readonly row: Omit<StoredGrant, 'generation'>
  /** The stored row it started from; null when there was none. */
  readonly basis: StoredGrant | null
  /** Fingerprint of the refresh token that was redeemed; null for a login from scratch. */
  readonly redeemed: string | null
}

type Reason = LoginEvent['reason']

/**
 * Stores a grant before its token is used: a provider may revoke the old refresh token at the new
 * access token's first use. A grant that cannot be stored is kept, and used only once a later
 * write succeeds.
 */
export class GrantWriter {
  #kept: { granted: Granted; outcome: LoginOutcome } | null = null

  constructor(private readonly login: LoginParts) {}

  /**
   * Returns the row that is stored then: ours, or that of another process that was faster.
   * @throws CredentialsUnavailable
   */
  async write(granted: Granted, reason: Reason, outcome: LoginOutcome): Promise<StoredGrant> {
    const { clock, sleep } = this.login.services
    const deadline = clock.monotonic() + WRITE_TIMEOUT_MS
    this.#kept = { granted, outcome }
    for (let waited = 0; ; waited += WRITE_RETRY_MS) {
      try {
        const row = await this.#put(granted, reason, outcome)
        this.#kept = null
        return row
      } catch (cause) {
        if (cause instanceof AppError) {
          this.#kept = null
          throw cause
        }
        if (waited >= WRITE_TIMEOUT_MS || clock.monotonic() >= deadline) {
          this.login.note(reason, 'not stored', granted.basis, 'CREDENTIALS_UNAVAILABLE')
          this.login.unavailable(
            cause,
            'The refreshed login could not be stored, and is not used before it is. Try again later.',
          )
        }
      }
      await sleep(WRITE_RETRY_MS)
    }
  }

  /** Writes the grant an earlier call could not store. */
  async writeKept(reason: Reason): Promise<void> {
    if (this.#kept) await this.write(this.#kept.granted, reason, this.#kept.outcome)
  }

  /** The account was unlinked: the grant kept for it is to be revoked. */
  abandon(): void {
    if (!this.#kept) return
    const { key, flow, services } = this.login
    services.orphaned?.(key, flow, { ...this.#kept.granted.row, generation: 0 })
    this.#kept = null
  }

  /**
   * After a lost compare-and-set: uses the row the winner stored.
   * @throws CredentialsUnavailable when that row has no token
   */
  async adopt(reason: Reason): Promise<StoredGrant> {
    const row = await this.login.storedRow()
    if (!row?.accessToken)
      throw new CredentialsUnavailable('The login was changed while it was being refreshed. Try again.')
    this.login.note(reason, 'adopted', row)
    return row
  }

  async #put(granted: Granted, reason: Reason, outcome: LoginOutcome): Promise<StoredGrant> {
    const { key, services } = this.login
    let current = granted.basis ?? (await services.store.read(key))
    for (;;) {
      if (current && current !== granted.basis && !this.#mayFollow(current, granted)) return this.adopt(reason)
      const row: StoredGrant = { ...granted.row, generation: (current?.generation ?? 0) + 1 }
      if (await services.store.write(key, row.generation - 1, row)) {
        this.login.note(reason, outcome, row)
        return row
      }
      const next = await services.store.read(key)
      if (!next && !current) return this.#discard(row, reason)
      current = next
    }
  }

  /**
   * Whether our grant may replace a row that was written meanwhile. It may where that row holds no
   * other login: only a recorded failure, or the end of the refresh token we have redeemed, written
   * by a process whose own redemption came too late.
   */
  #mayFollow(current: StoredGrant, { basis, redeemed }: Granted): boolean {
    if (!isMadeWith(current, this.login.flow)) return true
    if (current.accessToken) return current.accessToken.equals(basis?.accessToken)
    const ended = current.refreshToken?.fingerprint() ?? current.intent?.refreshTokenFingerprint
    return redeemed === null || ended === redeemed
  }

  /** The account was unlinked: neither an update nor an insert works, so the grant is revoked. */
  #discard(row: StoredGrant, reason: Reason): never {
    this.login.note(reason, 'discarded', row)
    this.login.services.orphaned?.(this.login.key, this.login.flow, row)
    throw new CredentialsUnavailable('The account was unlinked while its login was being refreshed.')
  }
}
