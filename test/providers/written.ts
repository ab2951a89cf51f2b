import type { Emulator } from '../../src/emulator/emulator.js'
import type { Collection } from '../../src/providers/provider.js'
import type { NamedObject, NamedObjects } from '../../src/providers/writes.js'

export async function listOf<T>(collection: Collection<T> | undefined): Promise<readonly T[]> {
  const items: T[] = []
  for await (const page of collection!.pages({})) items.push(...page.items)
  return items
}

/** The objects of an input by their ids, as the graph finds them. */
export const naming = (...objects: readonly NamedObject[]): NamedObjects =>
  new Map(objects.map((object) => [object.id, object]))

/** What changed something at the provider: `PUT /extensions/1`, and the body as it was sent. */
export const written = ({ journal }: Emulator): readonly (readonly [string, unknown])[] =>
  journal.apiRequests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => [`${method} ${path}`, body === '' ? null : (JSON.parse(body) as unknown)])
