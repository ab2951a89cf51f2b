import { andThen, type Awaitable } from '../../awaitable.js'
import type { AutoAttendant } from '../../model/auto-attendant.js'
import type { Did } from '../../model/did.js'
import type { ExternalNumber, UnresolvedDestination, VoicemailBox } from '../../model/destination.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import { globalId } from '../../model/id.js'
import type { Reference } from '../../model/reference.js'
import type { AccountNouns } from '../account-nouns.js'

/** Whatever a reference may turn out to be. */
export type Destination =
  Did | Extension | Group | AutoAttendant | VoicemailBox | ExternalNumber | UnresolvedDestination

type To<K extends Reference['kind']> = Extract<Reference, { readonly kind: K }>

/**
 * The object a provider refers to. What cannot be found, or is of a noun the account does not have, becomes an
 * UnresolvedDestination that tells what the provider said. `fetchedAt`: when the reference was read.
 */
export function resolveReference(
  account: AccountNouns,
  reference: Reference,
  fetchedAt: string,
): Awaitable<Destination> {
  switch (reference.kind) {
    case 'Extension':
      return orNotFound(account.extensions?.find(reference) ?? null, reference, reference.number)
    case 'Group':
      return orNotFound(account.groups?.find(reference) ?? null, reference, reference.number)
    case 'Did':
      return orNotFound(didOf(account, reference), { id: reference.id, nativeType: 'Did' }, reference.rawNumber)
    case 'AutoAttendant':
      return autoAttendant(account, reference, fetchedAt)
    case 'VoicemailBox':
      return { __typename: 'VoicemailBox', accountKey: account.account.key, number: reference.number }
    case 'ExternalNumber':
      return { __typename: 'ExternalNumber', number: reference.number, rawNumber: reference.rawNumber }
    case 'Unresolved': {
      const { nativeType, nativeId, rawNumber, reason } = reference
      return { __typename: 'UnresolvedDestination', nativeType, nativeId, rawNumber, reason }
    }
  }
}

/** The DID a reference of that kind means; null when it means something else, or nothing that is ours. */
export function didOf(account: AccountNouns, reference: Reference | null): Awaitable<Did | null> {
  if (reference?.kind !== 'Did') return null
  return account.dids?.find({ id: reference.id, number: reference.number ?? reference.rawNumber }) ?? null
}

/** The extension a reference of that kind means; null when it means something else, or nothing that is ours. */
export function extensionOf(account: AccountNouns, reference: Reference | null): Awaitable<Extension | null> {
  return reference?.kind === 'Extension' ? (account.extensions?.find(reference) ?? null) : null
}

/** The group a reference of that kind means; null when it means something else, or nothing that is ours. */
export function groupOf(account: AccountNouns, reference: Reference | null): Awaitable<Group | null> {
  return reference?.kind === 'Group' ? (account.groups?.find(reference) ?? null) : null
}

/**
 * Providers list no menus: one is known through the DIDs that lead to it, by its id or its number, and else by what the
 * reference itself says. A reference by number alone is looked up there, so that one menu has one id wherever it is met.
 */
function autoAttendant(
  account: AccountNouns,
  reference: To<'AutoAttendant'>,
  fetchedAt: string,
): Awaitable<AutoAttendant> {
  if (reference.id !== reference.number) return asTold(account, reference, fetchedAt)
  return andThen(findAttendant(account, reference.id), (found) => found ?? asTold(account, reference, fetchedAt))
}

/** The menu of this id or number, as the DIDs that lead to it tell; null when none does. */
export function findAttendant(account: AccountNouns, named: string): Awaitable<AutoAttendant | null> {
  return andThen(account.dids?.list().all() ?? [], (dids) => {
    const menus = dids.filter(({ destinationRef }) => destinationRef?.kind === 'AutoAttendant')
    const leading =
      menus.find(({ destinationRef }) => menu(destinationRef).id === named) ??
      menus.find(({ destinationRef }) => menu(destinationRef).number === named)
    return leading ? asTold(account, menu(leading.destinationRef), leading.fetchedAt) : null
  })
}

const menu = (reference: Reference | null) => reference as To<'AutoAttendant'>

const asTold = (
  account: AccountNouns,
  { id, number, name }: To<'AutoAttendant'>,
  fetchedAt: string,
): AutoAttendant => ({
  __typename: 'AutoAttendant',
  id: globalId('AutoAttendant', account.account.key, id),
  accountKey: account.account.key,
  providerResourceId: id,
  fetchedAt,
  payload: null,
  number,
  name,
})

function orNotFound<T extends Destination>(
  found: Awaitable<T | null>,
  named: { readonly id?: string | null; readonly nativeType?: string | null },
  number: string | null | undefined,
): Awaitable<T | UnresolvedDestination> {
  if (found instanceof Promise) return found.then((one) => one ?? notFound(named, number))
  return found ?? notFound(named, number)
}

function notFound(
  named: { readonly id?: string | null; readonly nativeType?: string | null },
  number: string | null | undefined,
): UnresolvedDestination {
  return {
    __typename: 'UnresolvedDestination',
    nativeType: named.nativeType ?? null,
    nativeId: named.id ?? null,
    rawNumber: number ?? null,
    reason: 'NOT_FOUND',
  }
}
