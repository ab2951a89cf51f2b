import { ProviderError } from '../../errors.js'
import type { ConnectedAccount } from '../../providers/account.js'

/** Of a list: what was read, and how much of it could not be mapped and is left out. */
export interface ReadItems {
  readonly unreadable: number
  readonly items: readonly unknown[]
}

/** There were items, and none of them could be read: that must not look like none at all. */
export const isUnreadable = ({ unreadable, items }: ReadItems): boolean => unreadable > 0 && items.length === 0

/** `what`: the items, as a caller would call them. */
export function unreadableError(
  what: string,
  { unreadable }: Pick<ReadItems, 'unreadable'>,
  { id, provider }: Pick<ConnectedAccount, 'id' | 'provider'>,
): ProviderError {
  return new ProviderError('PROVIDER_BAD_RESPONSE', `None of ${unreadable} ${what} could be read.`).of({
    accountId: id,
    provider: provider.slug,
  })
}

/** Not found among what could be read; it may be one of the objects that could not. */
export function perhapsUnreadableError(
  what: string,
  { unreadable }: Pick<ReadItems, 'unreadable'>,
  { id, provider }: Pick<ConnectedAccount, 'id' | 'provider'>,
): ProviderError {
  return new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `There is no such object among the ${what} that could be read; ${unreadable} could not.`,
  ).of({ accountId: id, provider: provider.slug })
}

/** Items that could not be mapped are not retried: they would fail again. */
export function unreadableStatus({ unreadable, items }: ReadItems) {
  if (unreadable === 0) return { state: 'COMPLETE', errorCode: null, message: null, retryAfterSeconds: null } as const
  return {
    state: items.length > 0 ? 'PARTIAL' : 'FAILED',
    errorCode: 'PROVIDER_BAD_RESPONSE',
    message: `${unreadable} of the objects could not be read and are left out.`,
    retryAfterSeconds: null,
  } as const
}
