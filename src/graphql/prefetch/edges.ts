import type { AccountLoader } from '../../loaders/account-loader.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { Reference } from '../../model/reference.js'

/** The lists of an account that others refer to. */
export type Noun = 'dids' | 'extensions' | 'groups'
export type Item = Did | Extension | Group

interface Edge {
  /** Every list it may be looked up in, but for the one it starts from. */
  readonly nouns: readonly Noun[]
  /** Those that this item is looked up in, as far as its own row tells: what needs another answer first is not counted. */
  readonly targets: (item: never) => readonly Noun[]
}

const NOUNS: Readonly<Partial<Record<Reference['kind'], Noun>>> = {
  Did: 'dids',
  Extension: 'extensions',
  Group: 'groups',
}

const referred = (reference: Reference | null | undefined): readonly Noun[] => {
  const noun = reference && NOUNS[reference.kind]
  return noun ? [noun] : []
}
/** Ids that are not told are found the other way round, through the whole list. */
const known = (ids: readonly string[] | undefined, noun: Noun): readonly Noun[] => (ids?.length === 0 ? [] : [noun])

/** By type and field: how the resolvers of these fields look things up. */
export const EDGES: Readonly<Record<string, Edge>> = {
  'Did.destination': {
    nouns: ['extensions', 'groups'],
    targets: ({ destinationRef }: Did) => referred(destinationRef),
  },
  'Extension.callerIdDid': { nouns: ['dids'], targets: ({ callerIdRef }: Extension) => referred(callerIdRef) },
  'Extension.dids': { nouns: ['dids'], targets: ({ didIds }: Extension) => known(didIds, 'dids') },
  'Extension.groups': { nouns: ['groups'], targets: ({ groupIds }: Extension) => known(groupIds, 'groups') },
  'Group.dids': { nouns: ['dids'], targets: () => ['dids'] },
  // The first member is on every page there is.
  'Group.members': { nouns: ['extensions'], targets: ({ memberships }: Group) => referred(memberships?.[0]?.member) },
}

export function targetsOf(edge: string, item: Item, account: AccountLoader): readonly Noun[] {
  return account.lacks(edge) ? [] : EDGES[edge]!.targets(item as never)
}
