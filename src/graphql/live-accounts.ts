import type { AccountLoader } from '../loaders/account-loader.js'
import type { LiveCallLoader } from '../loaders/live/live-call-loader.js'
import { ServiceUnavailable } from '../errors.js'
import { isSelected } from './account-selection.js'
import type { Context } from './context.js'
import { requireIds } from './require-ids.js'
import type { LiveCallArguments } from './types/live-call-list.js'

/**
 * The accounts whose live calls are meant.
 * @throws InvalidInput for an id that is none of an account, extension, group or number
 */
export function liveAccounts(selection: LiveCallArguments, { loaders }: Context): readonly AccountLoader[] {
  requireIds('accountIds', selection.accountIds, 'Account', ' `accountKeys` takes the keys of the configuration.')
  requireIds('extensionIds', selection.extensionIds, 'Extension')
  requireIds('groupIds', selection.groupIds, 'Group')
  requireIds('didIds', selection.didIds, 'Did')
  return [...loaders.accounts.values()].filter(isSelected(selection))
}

/** @throws ServiceUnavailable where this server follows no calls */
export function requireLiveCalls({ liveCalls }: Context): LiveCallLoader {
  if (!liveCalls) throw new ServiceUnavailable('This server does not follow calls.')
  return liveCalls
}
