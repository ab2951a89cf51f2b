import type { AccountLoader } from '../loaders/account-loader.js'

/** Which accounts a filter is about; an absent or null member selects all. */
export interface AccountSelection {
  readonly accountIds?: readonly string[] | null
  readonly accountKeys?: readonly string[] | null
}

/** An id or key that no account has selects none; where both are set, both must hold. */
export const isSelected =
  (selection: AccountSelection | null | undefined) =>
  ({ account }: Pick<AccountLoader, 'account'>): boolean =>
    (selection?.accountIds?.includes(account.id) ?? true) && (selection?.accountKeys?.includes(account.key) ?? true)
