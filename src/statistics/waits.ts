const SECOND_MS = 1_000

/** So many different waits are kept one by one: most rows have a few. */
const MOST_SPARSE = 64

/** So many that come together are the first of more. */
const MANY_AT_ONCE = 16

/** Of shorter waits, where there are more of them, each second has its place in a list. */
const LISTED_SECONDS = 256

/** Lengths of a wait, the shortest first, with how many waited so long. */
export type WaitCounts = readonly (readonly [ms: number, times: number])[]

/** How many waited how many ms. */
export class Waits {
  #sparse = new Map<number, number>()
  /** Null while the waits are few. */
  #bySecond: number[] | null = null

  add(ms: number, times: number): void {
    if (this.#bySecond && isListed(ms)) {
      this.#bySecond[ms / SECOND_MS]! += times
      return
    }
    this.#sparse.set(ms, (this.#sparse.get(ms) ?? 0) + times)
    if (!this.#bySecond && this.#sparse.size > MOST_SPARSE) this.#list()
  }

  /**
   * Adds pairs of a length, less the one before, and how many waited so long. `unit`: what the lengths
   * are counted in, ms.
   */
  addPairs(pairs: readonly number[], unit: number): void {
    const isSeconds = unit === SECOND_MS
    if (isSeconds && !this.#bySecond && pairs.length > 2 * MANY_AT_ONCE) this.#list()
    const bySecond = isSeconds ? this.#bySecond : null
    for (let at = 0, wait = 0; at < pairs.length; at += 2) {
      wait += pairs[at]!
      if (bySecond && wait < LISTED_SECONDS) bySecond[wait]! += pairs[at + 1]!
      else this.add(wait * unit, pairs[at + 1]!)
    }
  }

  addAll(other: Waits): void {
    for (const [ms, times] of other.#sparse) this.add(ms, times)
    if (!other.#bySecond) return
    if (!this.#bySecond) this.#list()
    const [mine, theirs] = [this.#bySecond!, other.#bySecond]
    for (let second = 0; second < LISTED_SECONDS; second += 1) mine[second]! += theirs[second]!
  }

  counts(): WaitCounts {
    const counts: (readonly [number, number])[] = [...this.#sparse].sort(([one], [other]) => one - other)
    if (!this.#bySecond) return counts
    const listed: (readonly [number, number])[] = []
    for (let second = 0; second < LISTED_SECONDS; second += 1)
      if (this.#bySecond[second]! > 0) listed.push([second * SECOND_MS, this.#bySecond[second]!])
    return counts.length === 0 ? listed : [...listed, ...counts].sort(([one], [other]) => one - other)
  }

  #list(): void {
    const bySecond = (this.#bySecond = new Array<number>(LISTED_SECONDS).fill(0))
    const others = new Map<number, number>()
    for (const [ms, times] of this.#sparse) {
      if (isListed(ms)) bySecond[ms / SECOND_MS] = times
      else others.set(ms, times)
    }
    this.#sparse = others
  }
}

const isListed = (ms: number): boolean => ms >= 0 && ms < LISTED_SECONDS * SECOND_MS && ms % SECOND_MS === 0
