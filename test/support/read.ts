import type { ConnectedAccount } from '../../src/providers/account.js'
import type { Collection, Source } from '../../src/providers/provider.js'
import { operation } from './world.js'

type AnyCollection = Collection<{ id: string; providerResourceId: string; fetchedAt: string }>

export const collectionsOf = (source: Source): [string, AnyCollection][] =>
  (
    [
      ['Did', source.dids],
      ['Extension', source.extensions],
      ['Group', source.groups],
    ] as [string, AnyCollection | undefined][]
  ).filter((entry): entry is [string, AnyCollection] => entry[1] !== undefined)

/** The first page of the first type that costs a request: the smallest read that needs the login. */
export async function read(account: ConnectedAccount, reading = operation()): Promise<void> {
  const source = account.source(reading)
  const [first] = collectionsOf(source)
  if (!first) return void (await source.profile())
  for await (const page of first[1].pages({})) return void page
}
