import type { Collection } from '../../providers/provider.js'
import type { Shown } from './shown.js'
import { partOf, wholeOf } from './whole.js'

/**
 * A collection of which only part is shown. The provider is given no filter to evaluate: it would
 * search in what is hidden. `shown` is asked for once, before the first item.
 */
export function ownCollection<T extends object>(
  collection: Collection<T> | undefined,
  shown: () => Promise<Shown<T>>,
): Collection<T> | undefined {
  if (!collection) return undefined
  let asked: Promise<Shown<T>> | null = null
  const show = async (items: readonly T[]): Promise<readonly T[]> => {
    const { item } = await (asked ??= shown())
    return items.map((whole) => partOf(whole, item(whole)))
  }
  const { byIds, detail } = collection
  return {
    async *pages() {
      for await (const page of collection.pages({})) yield { ...page, items: await show(page.items) }
    },
    ...(byIds && { byIds: async (ids) => show(await byIds.call(collection, ids)) }),
    ...(detail && {
      async detail(item) {
        const whole = wholeOf(item)
        const read = await detail.call(collection, whole)
        return whole === item ? read : (await (asked ??= shown())).detail(read)
      },
    }),
  }
}
