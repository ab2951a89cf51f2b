import { AppError, CredentialsUnavailable } from '../errors.js'
import type { StoredGrant } from '../store/token-store.js'
import { isMadeWith } from './granted-row.js'
import type { Login } from './login.js'
import type { LoginEvent, LoginOutcome } from './token-manager.js'

/** Who waits for the write waits so long; then it is left for the next who comes. */
const WRITE_PATIENCE_MS = 5_000
const WRITE_AGAIN_MS = 250

/** What a token endpoint has given, on its way to the store. */
export interface Granted {
  readonly row: Omit<StoredGrant, 'generation'>
  /** The row it was made from; null when there was none. */
  readonly basis: StoredGrant | null
  /** Fingerprint of the refresh token it was bought with; null for a login from nothing. */
  readonly redeemed: string | null
}

type Reason = LoginEvent['reason']

/**
 * Stores what was granted before anyone may use it: a provider may kill the old refresh token at the new access token's first use.
 * What cannot be stored is kept, written again, and served to no one until it is.
 */
export class GrantWriter {
  #kept: { granted: Granted; outcome: LoginOutcome } | null = null

  constructor(private readonly login: Login) {}

  /** The row as it stands after that: ours, or a sibling's that was faster. Throws CredentialsUnavailable. */
  async write(granted: Granted, reason: Reason, outcome: LoginOutcome): Promise<StoredGrant> {
    const { clock, sleep } = this.login.services
    const patience = clock.monotonic() + WRITE_PATIENCE_MS
    this.#kept = { granted, outcome }
    for (let waited = 0; ; waited += WRITE_AGAIN_MS) {
      try {
        const row = await this.#put(granted, reason, outcome)
        this.#kept = null
        return row
      } catch (cause) {
        if (cause instanceof AppError) {
          this.#kept = null
          throw cause
        }
        if (waited >= WRITE_PATIENCE_MS || clock.monotonic() >= patience) {
          this.login.note(reason, 'not stored', granted.basis, 'CREDENTIALS_UNAVAILABLE')
          this.login.unavailable(
            cause,
            'The refreshed login could not be stored, and is not used before it is. Try again later.',
          )
        }
      }
      await sleep(WRITE_AGAIN_MS)
    }
  }

  /** Writes what an earlier attempt could not. */
  async writeKept(reason: Reason): Promise<void> {
    if (this.#kept) await this.write(this.#kept.granted, reason, this.#kept.outcome)
  }

  /** The account is gone, and what was kept for it is to be taken back. */
  abandon(): void {
    if (!this.#kept) return
    const { key, flow, services } = this.login
    services.orphaned?.(key, flow, { ...this.#kept.granted.row, generation: 0 })
    this.#kept = null
  }

  /** Whoever lost the compare-and-set uses what the winner stored. Throws CredentialsUnavailable when that is nothing to use. */
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
   * Whether our grant is what comes after a row that has moved on under us. It is where that row holds no other login: only the
   * memory of a failure, or the end of the very refresh token we have redeemed, noted by a sibling that came too late with it.
   */
  #mayFollow(current: StoredGrant, { basis, redeemed }: Granted): boolean {
    if (!isMadeWith(current, this.login.flow)) return true
    if (current.accessToken) return current.accessToken.equals(basis?.accessToken)
    const spoken = current.refreshToken?.fingerprint() ?? current.intent?.refreshTokenFingerprint
    return redeemed === null || spoken === redeemed
  }

  /** Neither over the row nor anew: the account is gone, and its provider is told. */
  #discard(row: StoredGrant, reason: Reason): never {
    this.login.note(reason, 'discarded', row)
    this.login.services.orphaned?.(this.login.key, this.login.flow, row)
    throw new CredentialsUnavailable('The account was unlinked while its login was being refreshed.')
  }
}
