import type { Awaitable } from '../awaitable.js'
import type { Page, Pages } from './provider.js'

/**
 * A list that comes in one response; synchronous when the response is cached. `read` is called on
 * first access.
 */
export function onePage<T>(read: () => Awaitable<Page<T>>): Pages<T> {
  return new OnePage(read)
}

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
