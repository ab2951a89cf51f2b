import { channel } from 'node:diagnostics_channel'

import DataLoader from 'dataloader'

import type { Awaitable } from '../awaitable.js'
import { AppError } from '../errors.js'
import type { Bulkhead } from '../bulkhead.js'

/** One batch as it leaves: which loader reads it, and the keys that came together. */
export interface KeyBatch {
  /** Account, noun and way, for example `izmir extensions by id`. */
  readonly loader: string
  readonly keys: readonly string[]
}

/** Publishes a KeyBatch for each batch of every loader; costs nothing while nobody subscribes. */
export const KEY_BATCHES = channel('dialgraph:key-batch')

/**
 * Reads a batch: one element for each key, in the order of the keys. For promises see KeyLoader.
 */
export type ReadBatch<Key, Value> = (
  keys: readonly Key[],
) => readonly Awaitable<Value>[] | Promise<readonly (Value | Error)[]>

/**
 * Loads by key within one operation; nothing else does. A batch leaves when everything that could
 * run has run, so an `await` before `load` does not split it. A key is read once, and its failure
 * stays until the operation ends.
 *
 * Where `read` returns promises, each key settles with its own: DataLoader resolves a load with its
 * element of the batch, and resolving with a promise adopts that promise. No key waits for the
 * slowest one of its batch.
 */
export class KeyLoader<Key, Value> {
  readonly #textOf: (key: Key) => string
  readonly #loads = new Map<string, Promise<Value>>()
  readonly #loader: DataLoader<Key, Value, string>

  /** `textOf`: equal keys have the same text. */
  constructor(name: string, textOf: (key: Key) => string, read: ReadBatch<Key, Value>) {
    this.#textOf = textOf
    const readBatch = async (keys: readonly Key[]) => {
      if (KEY_BATCHES.hasSubscribers) KEY_BATCHES.publish({ loader: name, keys: keys.map(textOf) } satisfies KeyBatch)
      return (await read(keys)) as readonly (Value | Error)[]
    }
    this.#loader = new DataLoader(readBatch, {
      name,
      cacheKeyFn: textOf,
      cacheMap: this.#loads,
      batchScheduleFn: afterEverythingReady,
    })
  }

  /**
   * DataLoader answers even a loaded key only with its next batch; here the first promise answers.
   */
  load(key: Key): Promise<Value> {
    return this.#loads.get(this.#textOf(key)) ?? this.#loader.load(key)
  }
}

/** `setImmediate` comes after every microtask and `process.nextTick`, however long their chains. */
const afterEverythingReady = (dispatch: () => void): void => void setImmediate(dispatch)

/**
 * Reads the batch in one request; null for an id without an item. An id that spoils its batch fails
 * alone.
 */
export function inOneRequest<T>(
  readMany: (ids: readonly string[]) => Promise<readonly T[]>,
  idOf: (item: T) => string,
): ReadBatch<string, T | null> {
  return async function readBatch(ids): Promise<readonly (T | null | Error)[]> {
    try {
      const found = new Map((await readMany(ids)).map((item) => [idOf(item), item]))
      return ids.map((id) => found.get(id) ?? null)
    } catch (error) {
      if (ids.length === 1 || !mayBeOneIdsFault(error)) return ids.map(() => error as Error)
      const half = Math.ceil(ids.length / 2)
      return (await Promise.all([readBatch(ids.slice(0, half)), readBatch(ids.slice(half))])).flat()
    }
  }
}

/** An outage has nothing to do with the ids: asking again in pieces would only make it worse. */
const mayBeOneIdsFault = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'PROVIDER_REJECTED' || error.code === 'PROVIDER_BAD_RESPONSE')

/** Reads each key with a request of its own, a bounded number at a time. */
export function inPool<Key, Value>(pool: Bulkhead, readOne: (key: Key) => Promise<Value>): ReadBatch<Key, Value> {
  return (keys) => keys.map((key) => pool.run(() => readOne(key)))
}
