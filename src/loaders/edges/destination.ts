import { andThen, type Awaitable } from '../../awaitable.js'
import type { AutoAttendant } from '../../model/auto-attendant.js'
import type { Did } from '../../model/did.js'
import type { ExternalNumber, UnresolvedDestination, VoicemailBox } from '../../model/destination.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import { globalId } from '../../model/id.js'
import type { ItemReference, Reference } from '../../model/reference.js'
import type { AccountNouns } from '../account-nouns.js'

/** Every type a reference may resolve to. */
export type Destination =
  Did | Extension | Group | AutoAttendant | VoicemailBox | ExternalNumber | UnresolvedDestination

type ReferenceOf<K extends Reference['kind']> = Extract<Reference, { readonly kind: K }>

/**
 * The object a provider refers to. One that cannot be found, or whose noun the provider does not
 * list, is an UnresolvedDestination with what the provider said. `fetchedAt`: when the reference
 * was read.
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
      return { __typename: 'UnresolvedDestination', nativeName: null, nativeType, nativeId, rawNumber, reason }
    }
  }
}

/** The DID of a reference; null when it refers to another kind, or to none of ours. */
export function didOf(account: AccountNouns, reference: Reference | null): Awaitable<Did | null> {
  if (reference?.kind !== 'Did') return null
  return account.dids?.find({ id: reference.id, number: reference.number ?? reference.rawNumber }) ?? null
}

/** The extension of a reference; null when it refers to another kind, or to none of ours. */
export function extensionOf(account: AccountNouns, reference: Reference | null): Awaitable<Extension | null> {
  return reference?.kind === 'Extension' ? (account.extensions?.find(reference) ?? null) : null
}

/** The group of a reference; null when it refers to another kind, or to none of ours. */
export function groupOf(account: AccountNouns, reference: Reference | null): Awaitable<Group | null> {
  return reference?.kind === 'Group' ? (account.groups?.find(reference) ?? null) : null
}

/**
 * Providers list no menus, so a menu is what references say of it. A reference by number alone is
 * completed from the DIDs that lead to the menu, so that it has the same id everywhere.
 */
function autoAttendant(
  account: AccountNouns,
  reference: ReferenceOf<'AutoAttendant'>,
  fetchedAt: string,
): Awaitable<AutoAttendant> {
  if (reference.id !== reference.number) return attendantOf(account, reference, fetchedAt)
  return andThen(findAttendant(account, reference.id), (found) => found ?? attendantOf(account, reference, fetchedAt))
}

/** The menu with this id or number, from the DIDs that lead to it; null when none does. */
export function findAttendant(account: AccountNouns, idOrNumber: string): Awaitable<AutoAttendant | null> {
  return andThen(account.dids?.list().all() ?? [], (dids) => {
    const menus = dids.filter(({ destinationRef }) => destinationRef?.kind === 'AutoAttendant')
    const leading =
      menus.find(({ destinationRef }) => menu(destinationRef).id === idOrNumber) ??
      menus.find(({ destinationRef }) => menu(destinationRef).number === idOrNumber)
    return leading ? attendantOf(account, menu(leading.destinationRef), leading.fetchedAt) : null
  })
}

const menu = (reference: Reference | null) => reference as ReferenceOf<'AutoAttendant'>

const attendantOf = (
  account: AccountNouns,
  { id, number, name }: ReferenceOf<'AutoAttendant'>,
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

type Named = Pick<ItemReference, 'id' | 'name' | 'nativeType'>

function orNotFound<T extends Destination>(
  found: Awaitable<T | null>,
  reference: Named,
  number: string | null | undefined,
): Awaitable<T | UnresolvedDestination> {
  if (found instanceof Promise) return found.then((one) => one ?? notFound(reference, number))
  return found ?? notFound(reference, number)
}

function notFound({ id, name, nativeType }: Named, number: string | null | undefined): UnresolvedDestination {
  return {
    __typename: 'UnresolvedDestination',
    nativeName: name ?? null,
    nativeType: nativeType ?? null,
    nativeId: id ?? null,
    rawNumber: number ?? null,
    reason: 'NOT_FOUND',
  }
}
