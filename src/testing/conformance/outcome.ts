/** What became of a promise. */
export interface PromiseOutcome {
  readonly outcome: 'green' | 'red' | 'not claimed'
  /** Why it is red, or not claimed; null for what is green. */
  readonly reason: string | null
}

/** The provider does not claim what a promise is about. */
export class NotClaimed extends Error {}

/** A promise is broken; the message says how, and holds no secret. */
export class Broken extends Error {}

/** @throws Broken unless it is so */
export function must(isSo: unknown, otherwise: string): asserts isSo {
  if (!isSo) throw new Broken(otherwise)
}

/** @throws NotClaimed unless it is so */
export function claimed(isSo: unknown, otherwise: string): asserts isSo {
  if (!isSo) throw new NotClaimed(otherwise)
}
