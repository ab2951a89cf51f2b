import type { Money } from '../model/values/money.js'
import type { CallClass, CallSort } from './call-class.js'
import { Costs } from './costs.js'
import { Sum } from './sum.js'
import { Waits, type WaitCounts } from './waits.js'

const SECOND_MS = 1_000

/** The figures of one row. */
export class Figures {
  missed = 0
  /** Calls of which nothing else counts here. */
  #others = 0
  readonly #sums: { [sort in CallSort]?: Sum } = {}
  /** Waits of answered and abandoned calls, the shortest first, with how many waited so long. */
  #waits: WaitCounts | null = null

  /** Adds calls of one class with `add`. */
  add({ sort, disposition }: CallClass, calls: number, add: (sum: Sum) => void): void {
    if (disposition === 'MISSED') this.missed += calls
    add((this.#sums[sort] ??= new Sum()))
    this.#waits = null
  }

  /** Adds calls that are others' to answer for: only that there were so many counts here. */
  addOthers({ disposition }: CallClass, calls: number): void {
    if (disposition === 'MISSED') this.missed += calls
    this.#others += calls
  }

  addFigures(other: Figures): void {
    this.missed += other.missed
    this.#others += other.#others
    for (const [sort, sum] of Object.entries(other.#sums)) (this.#sums[sort as CallSort] ??= new Sum()).addSum(sum)
    this.#waits = null
  }

  get calls(): number {
    return this.#all.reduce((all, { calls }) => all + calls, this.#others)
  }

  get answered(): number {
    return this.#sums.ANSWERED?.calls ?? 0
  }

  get talkSeconds(): number {
    return this.#all.reduce((all, { talkMs }) => all + talkMs, 0) / SECOND_MS
  }

  /** Of answered calls of which it is known. */
  get averageTalkSeconds(): number | null {
    const { talkMs = 0, talkCalls = 0 } = this.#sums.ANSWERED ?? {}
    return talkCalls === 0 ? null : talkMs / talkCalls / SECOND_MS
  }

  get averageWaitSeconds(): number | null {
    const waits = this.#allWaits()
    const total = waits.reduce((all, [wait, times]) => all + wait * times, 0)
    return waits.length === 0 ? null : total / countOf(waits) / SECOND_MS
  }

  get longestWaitSeconds(): number | null {
    const longest = this.#allWaits().at(-1)
    return longest === undefined ? null : longest[0] / SECOND_MS
  }

  /** The shortest wait that so many percent waited no longer than: the nearest rank. */
  waitSeconds(percentile: number): number | null {
    const waits = this.#allWaits()
    const rank = Math.ceil((percentile * countOf(waits)) / 100)
    let passed = 0
    for (const [wait, times] of waits) if ((passed += times) >= rank) return wait / SECOND_MS
    return null
  }

  /** Share of the answered calls, of which the wait is known, that waited no longer. */
  serviceLevel(withinSeconds: number): number | null {
    const waits = this.#sums.ANSWERED?.waits?.counts() ?? []
    const within = waits.filter(([wait]) => wait <= withinSeconds * SECOND_MS)
    return waits.length === 0 ? null : countOf(within) / countOf(waits)
  }

  get cost(): readonly Money[] {
    const costs = new Costs()
    for (const sum of this.#all) for (const { currencyCode, amount } of sum.costs) costs.add(currencyCode, amount)
    return costs.list()
  }

  get #all(): readonly Sum[] {
    return Object.values(this.#sums)
  }

  #allWaits(): WaitCounts {
    if (this.#waits) return this.#waits
    const all = new Waits()
    for (const sort of ['ANSWERED', 'ABANDONED'] as const) {
      const waits = this.#sums[sort]?.waits
      if (waits) all.addAll(waits)
    }
    return (this.#waits = all.counts())
  }
}

const countOf = (waits: WaitCounts): number => waits.reduce((all, [, times]) => all + times, 0)
