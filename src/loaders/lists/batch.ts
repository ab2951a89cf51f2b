import DataLoader from 'dataloader'

import { AppError } from '../../errors.js'

/**
 * Loads objects by id, many ids in one request. The batch leaves when everything that could run has run, so an `await`
 * before `load` does not split it; an id that spoils its batch fails alone.
 */
export function batchLoader<T>(
  readMany: (ids: readonly string[]) => Promise<readonly T[]>,
  idOf: (item: T) => string,
): DataLoader<string, T | null> {
  return new DataLoader((ids) => readEach(readMany, idOf, ids), { batchScheduleFn: afterEverythingReady })
}

/** `setImmediate` comes after every microtask and every `process.nextTick`, however long their chains. */
const afterEverythingReady = (dispatch: () => void): void => void setImmediate(dispatch)

async function readEach<T>(
  readMany: (ids: readonly string[]) => Promise<readonly T[]>,
  idOf: (item: T) => string,
  ids: readonly string[],
): Promise<(T | null | Error)[]> {
  try {
    const found = new Map((await readMany(ids)).map((item) => [idOf(item), item]))
    return ids.map((id) => found.get(id) ?? null)
  } catch (error) {
    if (ids.length === 1 || !mayBeOneIdsFault(error)) return ids.map(() => error as Error)
    const half = Math.ceil(ids.length / 2)
    const halves = await Promise.all([
      readEach(readMany, idOf, ids.slice(0, half)),
      readEach(readMany, idOf, ids.slice(half)),
    ])
    return halves.flat()
  }
}

/** An outage has nothing to do with the ids, and asking again in pieces would only make it worse. */
const mayBeOneIdsFault = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'PROVIDER_REJECTED' || error.code === 'PROVIDER_BAD_RESPONSE')
