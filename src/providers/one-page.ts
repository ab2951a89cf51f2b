import type { Page } from './provider.js'

/**
 * A list that comes whole in one answer. One generator for all lists of all operations: V8 keeps what a generator function was made with
 * until it collects old objects, and with one made for each operation that would be the operation.
 */
export async function* onePage<T>(read: () => Promise<Page<T>>): AsyncGenerator<Page<T>> {
  yield await read()
}
