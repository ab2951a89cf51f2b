import { AppError } from '../errors.js'
import type { Did } from '../model/did.js'
import type { Extension } from '../model/extension.js'
import type { Reference } from '../model/reference.js'
import type { AccountLoader } from './account-loader.js'
import type { SourceStatus } from '../model/source-status.js'
import { failureStatus } from './failure-status.js'
import type { Loaders } from './loaders.js'

/** What was found in all accounts, and the accounts that failed meanwhile. */
export interface NumberMatches<T> {
  readonly items: readonly T[]
  readonly failed: readonly Pick<SourceStatus, 'accountKey' | 'state' | 'errorCode'>[]
}

/** Our DIDs with this number, in E.164. */
export function didsWithNumber({ accounts }: Loaders, number: string): Promise<NumberMatches<Did>> {
  return inEveryAccount(accounts, async ({ dids }) => {
    const all = (await dids?.list().all()) ?? []
    return all.filter((did) => did.number === number).map((did) => Promise.resolve(did))
  })
}

/**
 * Our extensions that show this number on outgoing calls or forward calls to it. Where only the
 * detail of an extension has that, it costs one request for each extension of the account.
 */
export function extensionsWithNumber({ accounts }: Loaders, number: string): Promise<NumberMatches<Extension>> {
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
): Promise<NumberMatches<T>> {
  const outcomes = await Promise.all(
    [...accounts].map(async ([accountKey, account]) => ({ accountKey, ...(await settled(() => candidates(account))) })),
  )
  const errors = outcomes.flatMap((outcome) => outcome.errors)
  const overBudget = errors.find((error) => error instanceof AppError && error.code === 'OPERATION_TOO_COMPLEX')
  if (overBudget) throw overBudget
  const items = outcomes.flatMap((outcome) => outcome.items)
  if (items.length === 0 && errors.length > 0) throw errors[0]!
  const failed = outcomes.flatMap(({ accountKey, items, errors: [error] }) =>
    error === undefined
      ? []
      : [{ accountKey, state: items.length > 0 ? 'PARTIAL' : 'FAILED', ...failureStatus(error) } as const],
  )
  return { items, failed }
}

interface Settled<T> {
  readonly items: readonly T[]
  readonly errors: readonly Error[]
}

async function settled<T>(candidates: () => Promise<readonly Promise<T | null>[]>): Promise<Settled<T>> {
  try {
    const answers = await Promise.allSettled(await candidates())
    return {
      items: answers.flatMap((answer) =>
        answer.status === 'fulfilled' && answer.value !== null ? [answer.value] : [],
      ),
      errors: answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : [])),
    }
  } catch (error) {
    return { items: [], errors: [error as Error] }
  }
}
