import type { Awaitable } from '../awaitable.js'
import type { Page, Pages } from './provider.js'
import type { Records } from './read-records.js'

/**
 * A list that comes in one response; synchronous when the response is cached. `read` is called on
 * first access.
 */
export function onePage<T>(read: () => Awaitable<Page<T>>): Pages<T> {
  return new OnePage(read)
}

/** A list that comes whole in one response, of which what could be read is counted. */
export const wholeList = <T>(read: () => Promise<Records<T>>): Pages<T> =>
  onePage(async () => {
    const { items, unreadable } = await read()
    return { items, totalCount: items.length, unreadable }
  })

/**
 * Not a generator: V8 keeps a generator's closure, here the whole operation, until it collects the
 * old generation.
 */
class OnePage<T> implements IterableIterator<Awaitable<Page<T>>> {
  #read: (() => Awaitable<Page<T>>) | null

  constructor(read: () => Awaitable<Page<T>>) {
    this.#read = read
  }

  [Symbol.iterator]() {
    return this
  }

  next(): IteratorResult<Awaitable<Page<T>>> {
    const read = this.#read
    if (read === null) return { done: true, value: undefined }
    this.#read = null
    return { done: false, value: read() }
  }
}
