import type { Awaitable } from '../awaitable.js'
import type { Page, Pages } from './provider.js'

/** A list that comes whole in one answer; at once, when that is known already. `read` is not called before somebody wants the page. */
export function onePage<T>(read: () => Awaitable<Page<T>>): Pages<T> {
  return new OnePage(read)
}

/** Not a generator: V8 keeps what a generator function was made with until it collects old objects, and that would be the operation. */
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
