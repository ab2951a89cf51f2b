import type { AccountLoader } from '../loaders/account-loader.js'
import { extensionParticipants, refersTo } from '../loaders/calls/participants.js'
import { extensionWithNumber, type BoundExtension } from '../loaders/loaders.js'
import type { Extension } from '../model/extension.js'
import type { CurrentCall } from '../providers/live.js'

/**
 * Whether a caller may write to this extension: any, or the one it is bound to.
 *
 * @throws ProviderError where the extensions cannot be read
 */
export async function isWritable(
  extension: Extension,
  account: AccountLoader,
  bound: BoundExtension | null,
): Promise<boolean> {
  if (!bound) return true
  const own = await ownLine(account, bound)
  return own?.id === extension.id
}

/**
 * Whether a caller may write to a call: to any, or to those in which its extension takes part. What
 * that takes is read before any call is looked at: one of others takes the time of one that is over.
 *
 * @throws ProviderError where the extensions cannot be read
 */
export async function ownCalls(
  account: AccountLoader,
  bound: BoundExtension | null,
): Promise<(call: CurrentCall) => boolean> {
  if (!bound) return () => true
  const own = await ownLine(account, bound)
  if (!own) return () => false
  const line = extensionParticipants(own, await account.extensions!.list().all())
  return ({ caller, callee, targetRef }) =>
    [caller.endpointRef, callee.endpointRef, targetRef].some((one) => refersTo(one, 'Extension', line))
}

async function ownLine(account: AccountLoader, bound: BoundExtension): Promise<Extension | null> {
  return extensionWithNumber(new Map([[account.account.key, account]]), bound)
}
