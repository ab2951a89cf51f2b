import { ServiceUnavailable } from '../../../errors.js'
import type { AccountLoader } from '../../../loaders/account-loader.js'
import type { ArchiveLoader } from '../../../loaders/archive/archive-loader.js'
import { isSelected } from '../../account-selection.js'
import type { Context } from '../../context.js'
import { requireIds } from '../../require-ids.js'

/**
 * The accounts whose archives are meant.
 * @throws InvalidInput for an id that is none of an account
 */
export function selectedAccounts(
  accountIds: readonly string[] | null | undefined,
  { loaders }: Pick<Context, 'loaders'>,
): readonly AccountLoader[] {
  requireIds('accountIds', accountIds, 'Account')
  return [...loaders.accounts.values()].filter(isSelected({ accountIds }))
}

/** @throws ServiceUnavailable where this server keeps no archives */
export function requireArchive({ archive }: Context): ArchiveLoader {
  if (!archive) throw new ServiceUnavailable('This server keeps no archives of calls.')
  return archive
}
