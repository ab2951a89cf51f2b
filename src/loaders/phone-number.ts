import { AppError } from '../errors.js'
import type { Did } from '../model/did.js'
import type { Extension } from '../model/extension.js'
import type { Reference } from '../model/reference.js'
import type { AccountLoader } from './account-loader.js'
import type { Loaders } from './loaders.js'

/** Our DIDs with this number, in E.164. */
export function didsWithNumber({ accounts }: Loaders, number: string): Promise<readonly Did[]> {
  return inEveryAccount(accounts, async ({ dids }) => {
    const all = (await dids?.list().all()) ?? []
    return all.filter((did) => did.number === number).map((did) => Promise.resolve(did))
  })
}

/**
 * Our extensions that show this number on outgoing calls or forward calls to it. Where only the
 * detail of an extension has that, it costs one request for each extension of the account.
 */
export function extensionsWithNumber({ accounts }: Loaders, number: string): Promise<readonly Extension[]> {
  return inEveryAccount(accounts, async (account) => {
    if (!account.extensions) return []
    const all = await account.extensions.list().all()
    return all.map(async (extension) => ((await uses(account, extension, number)) ? extension : null))
  })
}

async function uses(account: AccountLoader, extension: Extension, number: string): Promise<boolean> {
  const shown = account.lacks('Extension.callerIdDid')
    ? null
    : await account.extensions!.value(extension, 'callerIdRef')
  if (publicNumber(shown) === number) return true
  const rules = account.lacks('Extension.forwarding')
    ? null
    : await account.extensions!.value(extension, 'forwardingRules')
  return rules?.some(({ destinationRef }) => publicNumber(destinationRef) === number) ?? false
}

const publicNumber = (reference: Reference | null): string | null =>
  reference?.kind === 'Did' || reference?.kind === 'ExternalNumber' ? reference.number : null

/**
 * The matches of all accounts, in their order. A number belongs to one account as a rule, so
 * matches are returned even when another account fails.
 *
 * @throws the first failure when nothing was found and an account failed: it might have had a
 * match.
 * @throws AppError OPERATION_TOO_COMPLEX whenever the operation ran out of requests.
 */
async function inEveryAccount<T>(
  accounts: ReadonlyMap<string, AccountLoader>,
  candidates: (account: AccountLoader) => Promise<readonly Promise<T | null>[]>,
): Promise<readonly T[]> {
  const outcomes = await Promise.all(
    [...accounts.values()].map(async (account) => {
      try {
        return await Promise.allSettled(await candidates(account))
      } catch (error) {
        return [{ status: 'rejected', reason: error } as const]
      }
    }),
  )
  const settled = outcomes.flat()
  const found = settled.flatMap((answer) =>
    answer.status === 'fulfilled' && answer.value !== null ? [answer.value] : [],
  )
  const failures = settled.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : []))
  const overBudget = failures.find((failure) => failure instanceof AppError && failure.code === 'OPERATION_TOO_COMPLEX')
  if (overBudget) throw overBudget
  if (found.length === 0 && failures[0]) throw failures[0]
  return found
}
