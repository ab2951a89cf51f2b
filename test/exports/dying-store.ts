import type { Store } from '../../src/store/store.js'

/** A store as a process has it that is killed at one of its calls. */
export interface DyingStore {
  readonly store: Store
  /** Resolves when it is dead. */
  readonly died: Promise<void>
  /** Calls so far. */
  readonly calls: () => number
}

/**
 * The process is dead from its nth call on: that call is never answered, whether it had its effect or not, and
 * neither is any later one.
 */
export function dyingStore(inner: Store, nth: number, hasEffect: boolean): DyingStore {
  let calls = 0
  let tell = () => {}
  const died = new Promise<void>((resolve) => (tell = resolve))
  const store = new Proxy(inner, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      return async (...given: unknown[]): Promise<unknown> => {
        // A lease is prolonged by the clock, not by the work.
        if (name !== 'prolong') calls += 1
        if (calls < nth) return (value as (...all: unknown[]) => unknown).apply(target, given)
        if (calls === nth && hasEffect) await (value as (...all: unknown[]) => unknown).apply(target, given)
        tell()
        return new Promise(() => {})
      }
    },
  })
  return { store, died, calls: () => calls }
}
