import { AsyncLocalStorage } from 'node:async_hooks'

const USED = Symbol.for('dialgraph storages in use')
type Watched = typeof AsyncLocalStorage & { [USED]?: Set<AsyncLocalStorage<unknown>> }

/**
 * Jest makes a storage for each suite and never puts it away, so that every promise of every later suite in the process carries it on,
 * and with it all that the suite held: each suite is slower than the one before. Called before each, this puts away those of the earlier
 * ones.
 */
export function putAwayEarlierStorages(): void {
  const watched = AsyncLocalStorage as Watched
  watched[USED] ??= watch()
  for (const storage of watched[USED]) storage.disable()
  watched[USED].clear()
}

/** A storage is in use from when something is first run with it. */
function watch(): Set<AsyncLocalStorage<unknown>> {
  const used = new Set<AsyncLocalStorage<unknown>>()
  const { run } = AsyncLocalStorage.prototype
  AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...parameters: unknown[]) {
    used.add(this)
    return run.apply(this, parameters as never)
  } as typeof run
  return used
}
