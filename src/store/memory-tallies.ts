import type { ArchivedCall } from './archive-store.js'
import { quarterOf, TALLIED_AT_ONCE_MS, type TallyDimension, type TallyStore } from './tally-store.js'

interface AccountTallies {
  /** By when they begin. */
  readonly tallies: Map<number, Map<TallyDimension, string>>
  /** By when they begin: what they are claimed with, or nothing. */
  readonly changed: Map<number, string>
  readonly days: Set<number>
}

/** The tallies of archives in memory. */
export function memoryTallies(): TallyStore & {
  /** To be called with calls that are there no more, or are there now. */
  mark(account: string, calls: readonly ArchivedCall[]): void
  /** Forgets the days before a moment. */
  forget(account: string, before?: number): void
} {
  const accounts = new Map<string, AccountTallies>()

  function of(account: string): AccountTallies {
    let known = accounts.get(account)
    if (!known) accounts.set(account, (known = { tallies: new Map(), changed: new Map(), days: new Set() }))
    return known
  }

  return {
    mark(account, calls) {
      for (const { startedAt } of calls) of(account).changed.set(quarterOf(Date.parse(startedAt)), '')
    },
    forget(account, before = Infinity) {
      const { tallies, changed, days } = of(account)
      const end = Math.floor(before / TALLIED_AT_ONCE_MS) * TALLIED_AT_ONCE_MS
      for (const kept of [tallies, changed, days]) for (const from of kept.keys()) if (from < end) kept.delete(from)
    },

    async tallies(account, dimension, from, until) {
      const { tallies, changed, days } = of(account)
      const within = (list: Iterable<number>) =>
        [...list].filter((one) => one >= from && one < until).sort((one, other) => one - other)
      const found = dimension === null ? [] : within(tallies.keys())
      return {
        tallies: found.flatMap((quarter) => {
          const tally = tallies.get(quarter)!.get(dimension!)
          return tally === undefined ? [] : { from: quarter, tally }
        }),
        changed: within(changed.keys()),
        days: within(days),
      }
    },
    async claimTallies(account, quarters, claim) {
      for (const quarter of quarters) of(account).changed.set(quarter, claim)
    },
    async keepTallies(account, { claim, quarters, tallies: made, day }) {
      const { tallies, changed, days } = of(account)
      const unchanged = new Set(quarters.filter((quarter) => changed.get(quarter) === claim))
      const isWhole = unchanged.size === quarters.length
      // Another process may have made the day before: what it has marks for must keep them.
      if (day !== null && !isWhole) return false
      for (const kept of [changed, tallies]) for (const quarter of unchanged) kept.delete(quarter)
      for (const { from, dimension, tally } of made)
        if (unchanged.has(from)) tallies.set(from, (tallies.get(from) ?? new Map()).set(dimension, tally))
      if (day !== null) days.add(day)
      return isWhole
    },
  }
}
