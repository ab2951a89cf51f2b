import type { Secret } from '../secret.js'
import type { StoredGrant } from './token-store.js'

/** A linked account, as it is stored. */
export interface StoredAccount {
  /** Unique id of this link; another link with the same key has another id. */
  readonly link: string
  readonly key: string
  readonly workspace: string
  /** Slug of its provider. */
  readonly provider: string
  readonly label: string
  /**
   * JSON of what the configuration file would hold: `urls`, `auth`, `options`, `country`,
   * `timeZone`. `auth` holds the credentials.
   */
  readonly settings: Secret
  /** Wall-clock ms at which the pending link expires unless a person consents; null once linked. */
  readonly pendingUntil: number | null
}

/** Tokens of an unlinked account that are still to be revoked at the provider. */
export interface PendingRevocation {
  readonly id: string
  /** Key the account had. */
  readonly account: string
  readonly provider: string
  readonly settings: Secret
  readonly accessToken: Secret | null
  readonly refreshToken: Secret | null
  /** Wall-clock ms at which the access token expires; null when it does not. */
  readonly accessExpiresAt: number | null
  readonly attempts: number
  /** Wall-clock ms. */
  readonly nextAttemptAt: number
  /** Wall-clock ms after which revoking is given up. */
  readonly giveUpAt: number
}

/** How long a revocation stays after `giveUpAt`: another process may still be working on it. */
export const LONG_OVER_MS = 24 * 60 * 60_000

/** How long an authorization transaction stays after it expired: a late callback is told so. */
export const ABANDONED_FOR_MS = 60 * 60_000

/** Stores the accounts that were linked while the server ran, beside their logins. */
export interface AccountStore {
  /**
   * Changes whenever an account is linked, renamed or unlinked; cheap, so every replica can poll
   * it.
   */
  accountsVersion(): Promise<string>
  /**
   * Linked and pending accounts, in the order of linking. `onUnreadable` is called with the key of
   * each that cannot be decrypted.
   */
  accounts(onUnreadable?: (key: string) => void): Promise<readonly StoredAccount[]>
  /**
   * Stores an account with its logins, all or nothing; false when the key is taken. It replaces a
   * pending account of the same key and workspace. At most `atMost` accounts of one workspace stay
   * pending; the oldest are deleted. `now`: wall-clock ms.
   */
  link(account: StoredAccount, logins: ReadonlyMap<string, StoredGrant>, atMost: number, now: number): Promise<boolean>
  /** Turns a pending account into a linked one; false when it was deleted meanwhile. */
  confirm(link: string): Promise<boolean>
  /** False when there is no such account. */
  relabel(link: string, label: string): Promise<boolean>
  /**
   * Deletes an account with its logins and authorization transactions, and stores what `toRevoke`
   * returns for the logins as last written, all or nothing; false when it did not exist any more.
   * A login that cannot be decrypted is left out.
   */
  unlink(link: string, toRevoke: (logins: readonly StoredGrant[]) => readonly PendingRevocation[]): Promise<boolean>
  /**
   * Deletes expired pending accounts, abandoned authorization transactions, and revocations that
   * were given up long ago. `now`: wall-clock ms.
   */
  sweep(now: number): Promise<void>
  /** Stores a revocation, or changes it. */
  keepRevocation(revocation: PendingRevocation): Promise<void>
  /** Revocations whose next attempt is due; those that cannot be decrypted are left out. */
  dueRevocations(now: number): Promise<readonly PendingRevocation[]>
  /** Postpones the next attempt, so that one process makes it; false when another was faster. */
  claimRevocation(revocation: PendingRevocation, nextAttemptAt: number): Promise<boolean>
  /** Deletes a revocation that is done or given up, with its secrets. */
  dropRevocation(id: string): Promise<void>
}
