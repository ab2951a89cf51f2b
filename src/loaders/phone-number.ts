import type { Awaitable } from '../awaitable.js'
import { AppError } from '../errors.js'
import type { Did } from '../model/did.js'
import type { Extension } from '../model/extension.js'
import type { ProviderResource } from '../model/node.js'
import type { Reference } from '../model/reference.js'
import type { AccountLoader } from './account-loader.js'
import type { SourceStatus } from '../model/source-status.js'
import { failureStatus } from './failure-status.js'
import type { CollectionLoader } from './lists/collection-loader.js'
import { isUnreadable, unreadableError } from './lists/unreadable.js'
import type { Loaders } from './loaders.js'

/** What was found in all accounts, and the accounts that failed or left something out. */
export interface NumberMatches<T> {
  readonly items: readonly T[]
  readonly failed: readonly Pick<SourceStatus, 'accountKey' | 'state' | 'errorCode'>[]
}

/** Our DIDs with this number, in E.164. */
export function didsWithNumber({ accounts }: Loaders, number: string): Promise<NumberMatches<Did>> {
  return inEveryAccount(accounts, 'dids', (_, did) => (did.number === number ? did : null))
}

/**
 * Our extensions that show this number on outgoing calls or forward calls to it. Where only the
 * detail of an extension has that, it costs one request for each extension of the account.
 */
export function extensionsWithNumber({ accounts }: Loaders, number: string): Promise<NumberMatches<Extension>> {
  return inEveryAccount(accounts, 'extensions', async (account, extension, onLeftOut) =>
    (await uses(account, extension, number, onLeftOut)) ? extension : null,
  )
}

async function uses(
  account: AccountLoader,
  extension: Extension,
  number: string,
  onLeftOut: () => void,
): Promise<boolean> {
  const shown = account.lacks('Extension.callerIdDid')
    ? null
    : await account.extensions!.value(extension, 'callerIdRef')
  if (publicNumber(shown) === number) return true
  const rules = account.lacks('Extension.forwarding')
    ? null
    : await account.extensions!.value(extension, 'forwardingRules', onLeftOut)
  return rules?.some(({ destinationRef }) => publicNumber(destinationRef) === number) ?? false
}

const publicNumber = (reference: Reference | null): string | null =>
  reference?.kind === 'Did' || reference?.kind === 'ExternalNumber' ? reference.number : null

/** The items of one noun of an account. */
type Noun = { readonly dids: Did; readonly extensions: Extension }

/** The item where it matches; `onLeftOut`: a record that could not be read might have matched. */
type Match<T> = (account: AccountLoader, item: T, onLeftOut: () => void) => Awaitable<T | null>

/**
 * The matches of all accounts, in their order. A number belongs to one account as a rule, so
 * matches are returned even when another account fails.
 *
 * @throws the first failure when nothing was found and an account failed: it might have had a
 * match.
 * @throws AppError OPERATION_TOO_COMPLEX whenever the operation ran out of requests.
 */
async function inEveryAccount<N extends keyof Noun>(
  accounts: ReadonlyMap<string, AccountLoader>,
  noun: N,
  match: Match<Noun[N]>,
): Promise<NumberMatches<Noun[N]>> {
  const outcomes = await Promise.all(
    [...accounts].map(async ([accountKey, account]) => ({
      accountKey,
      ...(await matchesIn(account, noun, account[noun] as CollectionLoader<Noun[N]> | null, match)),
    })),
  )
  const errors = outcomes.flatMap((outcome) => outcome.errors)
  const overBudget = errors.find((error) => error instanceof AppError && error.code === 'OPERATION_TOO_COMPLEX')
  if (overBudget) throw overBudget
  const items = outcomes.flatMap((outcome) => outcome.items)
  if (items.length === 0 && errors.length > 0) throw errors[0]!
  const failed = outcomes.flatMap(
    ({ accountKey, items, errors: [error], unreadable }): NumberMatches<never>['failed'] => {
      if (error !== undefined)
        return [{ accountKey, state: items.length > 0 ? 'PARTIAL' : 'FAILED', ...failureStatus(error) } as const]
      return unreadable > 0 ? [{ accountKey, state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' } as const] : []
    },
  )
  return { items, failed }
}

interface Matches<T> {
  readonly items: readonly T[]
  readonly errors: readonly Error[]
  readonly unreadable: number
}

async function matchesIn<T extends ProviderResource>(
  account: AccountLoader,
  noun: string,
  loader: CollectionLoader<T> | null,
  match: Match<T>,
): Promise<Matches<T>> {
  if (!loader) return { items: [], errors: [], unreadable: 0 }
  let unreadable = 0
  try {
    const all = await loader.list().all()
    if (isUnreadable(loader.list())) throw unreadableError(noun, loader.list(), account.account)
    const answers = await Promise.allSettled(
      all.map(async (item) => match(account, item, () => void (unreadable += 1))),
    )
    return {
      items: answers.flatMap((answer) => (answer.status === 'fulfilled' ? (answer.value ?? []) : [])),
      errors: answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : [])),
      unreadable: unreadable + loader.list().unreadable,
    }
  } catch (error) {
    return { items: [], errors: [error as Error], unreadable }
  }
}
