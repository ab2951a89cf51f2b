import { andThen, type Awaitable } from '../../awaitable.js'
import type { AutoAttendant } from '../../model/auto-attendant.js'
import type { Did } from '../../model/did.js'
import type { ExternalNumber, UnresolvedDestination, VoicemailBox } from '../../model/destination.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import { globalId } from '../../model/id.js'
import { referenceOf, type Reference } from '../../model/reference.js'
import type { AccountNouns } from '../account-nouns.js'

/** Every type a reference may resolve to. */
export type Destination =
  | Did
  | Extension
  | Group
  | AutoAttendant
  | VoicemailBox
  | ExternalNumber
  | UnresolvedDestination

/** What could be found. */
export type KnownDestination = Exclude<Destination, UnresolvedDestination>

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
    case 'Group':
    case 'Did':
      return andThen(
        listed(account, reference),
        (found) =>
          found ??
          (reference.otherwise ? resolveReference(account, reference.otherwise, fetchedAt) : notFound(reference)),
      )
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

function listed(
  account: AccountNouns,
  reference: ReferenceOf<'Extension' | 'Group' | 'Did'>,
): Awaitable<Extension | Group | Did | null> {
  switch (reference.kind) {
    case 'Extension':
      return account.extensions?.find(reference) ?? null
    case 'Group':
      return account.groups?.find(reference) ?? null
    case 'Did':
      return didOf(account, reference)
  }
}

/** The DID of a reference; null when it refers to another kind, or to none of ours. */
export function didOf(account: AccountNouns, reference: Reference | null): Awaitable<Did | null> {
  if (reference?.kind !== 'Did') return null
  return account.dids?.find({ id: reference.id, number: reference.number ?? reference.rawNumber }) ?? null
}

/** Whether a reference to the outside, which may be to one of our own numbers, is to one. */
export function isOurs(account: AccountNouns, reference: Reference): Awaitable<boolean> {
  if (reference.kind !== 'ExternalNumber' || !reference.unlessOurs) return false
  return andThen(didOf(account, { ...reference, kind: 'Did' }), (did) => did !== null)
}

/** Who took a call: null where that cannot be found, or is one of our own numbers, which lead on to somebody. */
export function takerOf(
  account: AccountNouns,
  reference: Reference,
  fetchedAt: string,
): Awaitable<KnownDestination | null> {
  return andThen(isOurs(account, reference), (ours) =>
    ours ? null : andThen(resolveReference(account, reference, fetchedAt), knownOrNull),
  )
}

/** Null for what cannot be found. */
export const knownOrNull = (destination: Destination): KnownDestination | null =>
  destination.__typename === 'UnresolvedDestination' ? null : destination

/** The extension of a reference; null when it refers to another kind, or to none of ours. */
export function extensionOf(account: AccountNouns, reference: Reference | null): Awaitable<Extension | null> {
  const extension = referenceOf(reference, 'Extension')
  return extension && (account.extensions?.find(extension) ?? null)
}

/** The group of a reference; null when it refers to another kind, or to none of ours. */
export function groupOf(account: AccountNouns, reference: Reference | null): Awaitable<Group | null> {
  const group = referenceOf(reference, 'Group')
  return group && (account.groups?.find(group) ?? null)
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

function notFound(reference: ReferenceOf<'Extension' | 'Group' | 'Did'>): UnresolvedDestination {
  const isDid = reference.kind === 'Did'
  return {
    __typename: 'UnresolvedDestination',
    nativeName: isDid ? null : (reference.name ?? null),
    nativeType: isDid ? 'Did' : (reference.nativeType ?? null),
    nativeId: reference.id ?? (isDid ? null : (reference.ownerId ?? null)),
    rawNumber: (isDid ? reference.rawNumber : reference.number) ?? null,
    reason: 'NOT_FOUND',
  }
}
