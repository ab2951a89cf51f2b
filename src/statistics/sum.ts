import type { Money } from '../model/values/money.js'
import { Costs } from './costs.js'
import { Waits } from './waits.js'

/** Of a call, what is added up. */
export interface Addends {
  /** Null where it is not known, or does not count. */
  readonly waitMs: number | null
  readonly talkMs: number | null
  readonly cost: Money | null
}

/**
 * A sum as it is stored: calls, those whose talk is known, ms of talk, how many waited how long, and
 * amounts by currency. Waits are pairs of a length, less the one before, and how many waited so long.
 */
export type StoredSum = readonly [
  calls: number,
  talkCalls: number,
  talkMs: number,
  waits: readonly number[],
  costs: readonly (string | null)[],
]

/** Calls, added up. Nothing of it is rounded, and the order of adding does not matter. */
export class Sum {
  calls = 0
  /** Calls of which the talk is known. */
  talkCalls = 0
  talkMs = 0
  #waits: Waits | null = null
  #costs: Costs | null = null

  /** Null: nobody waited. */
  get waits(): Waits | null {
    return this.#waits
  }

  get costs(): readonly Money[] {
    return this.#costs?.list() ?? []
  }

  addCall({ waitMs, talkMs, cost }: Addends): void {
    this.calls += 1
    if (talkMs !== null) {
      this.talkCalls += 1
      this.talkMs += talkMs
    }
    if (waitMs !== null) (this.#waits ??= new Waits()).add(waitMs, 1)
    if (cost) this.#addCost(cost.currencyCode, cost.amount)
  }

  /** `unit`: what the waits are counted in, ms. */
  addStored([calls, talkCalls, talkMs, waits, costs]: StoredSum, unit: number): void {
    this.calls += calls
    this.talkCalls += talkCalls
    this.talkMs += talkMs
    if (waits.length > 0) (this.#waits ??= new Waits()).addPairs(waits, unit)
    for (let at = 0; at < costs.length; at += 2) this.#addCost(costs[at]!, costs[at + 1]!)
  }

  addSum(other: Sum): void {
    this.calls += other.calls
    this.talkCalls += other.talkCalls
    this.talkMs += other.talkMs
    if (other.#waits) (this.#waits ??= new Waits()).addAll(other.#waits)
    if (other.#costs) (this.#costs ??= new Costs()).addAll(other.#costs)
  }

  stored(unit: number): StoredSum {
    const waits: number[] = []
    let before = 0
    for (const [wait, times] of this.#waits?.counts() ?? []) {
      waits.push(wait / unit - before, times)
      before = wait / unit
    }
    return [
      this.calls,
      this.talkCalls,
      this.talkMs,
      waits,
      this.costs.flatMap(({ currencyCode, amount }) => [currencyCode, amount]),
    ]
  }

  #addCost(currency: string | null, amount: string | null): void {
    ;(this.#costs ??= new Costs()).add(currency, amount!)
  }
}
