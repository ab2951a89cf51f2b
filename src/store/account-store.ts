import type { Secret } from '../secret.js'
import type { StoredGrant } from './token-store.js'

/** An account that was linked while the server ran, as it is kept. */
export interface StoredAccount {
  /** Made for this link alone, and never again, even when the key is used again. */
  readonly link: string
  readonly key: string
  readonly workspace: string
  /** Slug of its provider. */
  readonly provider: string
  readonly label: string
  /** JSON of what the configuration file would say of it: `urls`, `auth`, `options`, `country`, `timeZone`. It holds the credentials. */
  readonly settings: Secret
  /** Wall-clock ms by which a person must have agreed in the browser; null once the account is linked. */
  readonly pendingUntil: number | null
}

/** Tokens of an account that is gone, which its provider is still to be told of. */
export interface PendingRevocation {
  readonly id: string
  /** Key the account had. */
  readonly account: string
  readonly provider: string
  readonly settings: Secret
  readonly accessToken: Secret | null
  readonly refreshToken: Secret | null
  /** Wall-clock ms after which the access token has run out; null when it does not. */
  readonly accessExpiresAt: number | null
  readonly attempts: number
  /** Wall-clock ms. */
  readonly nextAttemptAt: number
  /** Wall-clock ms after which it is given up. */
  readonly giveUpAt: number
}

/** After its end, a revocation that nobody has dropped stays so long: another process may be in the middle of it. */
export const LONG_OVER_MS = 24 * 60 * 60_000

/** A login that was begun in a browser and never finished is known so long after its time: whoever comes late is told that it is late. */
export const ABANDONED_FOR_MS = 60 * 60_000

/** Where accounts that are linked while the server runs are kept, beside their logins. */
export interface AccountStore {
  /** Changes whenever an account was linked, renamed or unlinked: cheap to ask, so that every replica can look again. */
  accountsVersion(): Promise<string>
  /** Linked and pending ones, in the order they were linked; `onUnreadable` hears the key of each that does not open. */
  accounts(onUnreadable?: (key: string) => void): Promise<readonly StoredAccount[]>
  /**
   * Keeps an account with the logins made for it, all or nothing; false when the key is taken. A pending account gives way to
   * another of its key and workspace; of one workspace at most `atMost` stay pending, the oldest are forgotten.
   */
  link(account: StoredAccount, logins: ReadonlyMap<string, StoredGrant>, atMost: number, now: number): Promise<boolean>
  /** A pending account was agreed to; false when it was forgotten meanwhile. */
  confirm(link: string): Promise<boolean>
  relabel(link: string, label: string): Promise<boolean>
  /**
   * Forgets an account with its logins and whatever was begun for it, and keeps what `toRevoke` makes of the logins as they were last
   * written, all or nothing; false when it was gone already. A login that does not open any more is not told of.
   */
  unlink(link: string, toRevoke: (logins: readonly StoredGrant[]) => readonly PendingRevocation[]): Promise<boolean>
  /** Forgets pending accounts whose time is over, logins that were abandoned in the browser, and what is to be revoked for longer than anybody tries. */
  sweep(now: number): Promise<void>
  /** Keeps, or changes, what is to be revoked. */
  keepRevocation(revocation: PendingRevocation): Promise<void>
  /** Those whose next attempt is due; what does not open is left alone. */
  dueRevocations(now: number): Promise<readonly PendingRevocation[]>
  /** Puts the next attempt off, for one process alone: false when another was faster. */
  claimRevocation(revocation: PendingRevocation, nextAttemptAt: number): Promise<boolean>
  /** Done, or given up: its secrets are forgotten. */
  dropRevocation(id: string): Promise<void>
}
