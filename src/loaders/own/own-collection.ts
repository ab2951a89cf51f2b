import type { Collection } from '../../providers/provider.js'
import type { Shown } from './shown.js'

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
    return items.map((whole) => {
      const part = item(whole)
      if (part !== whole) WHOLE.set(part, whole)
      return part
    })
  }
  const { byIds, detail } = collection
  return {
    async *pages() {
      for await (const page of collection.pages({})) yield { ...page, items: await show(page.items) }
    },
    ...(byIds && { byIds: async (ids) => show(await byIds.call(collection, ids)) }),
    ...(detail && {
      async detail(item) {
        const whole = WHOLE.get(item) as T | undefined
        const read = await detail.call(collection, whole ?? item)
        return whole ? (await (asked ??= shown())).detail(read) : read
      },
    }),
  }
}

/** The whole object of each that is shown in part: a provider needs it to read its detail. */
const WHOLE = new WeakMap<object, object>()
