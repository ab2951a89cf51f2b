import type { Bench } from './bench.js'

/** One thing a provider promises. `id` never changes; `name` is a sentence about the provider. */
export interface ProviderPromise {
  readonly id: string
  readonly name: string
  /**
   * Tries it with a provider and its emulator.
   *
   * @throws NotClaimed where the provider does not say that it can do this
   * @throws any other error where the promise is broken
   */
  readonly keep: (bench: Bench) => Promise<void> | void
}
