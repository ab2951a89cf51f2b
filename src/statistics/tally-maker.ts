import { randomUUID } from 'node:crypto'

import type { ArchiveStore } from '../store/archive-store.js'
import { TALLIED_AT_ONCE_MS, TALLY_MS, type TallyStore } from '../store/tally-store.js'
import { callsInParts } from './archive-rows.js'
import { Tallying } from './tally.js'

export interface TallyMakerOptions {
  readonly store: Pick<ArchiveStore, 'archivedCalls'> & TallyStore
  readonly account: string
  readonly sealed: boolean
  /** Throws when it is to end. */
  assertGoingOn(): void
}

/**
 * Makes the tallies of one day, or those of it that have changed and are over before a moment. False when
 * calls were changed meanwhile.
 */
export async function makeTallies(options: TallyMakerOptions, day: number, settledBefore: number): Promise<boolean> {
  const { store, account } = options
  const { changed, days } = await store.tallies(account, null, day, day + TALLIED_AT_ONCE_MS)
  if (!days.includes(day)) return makeQuarters(options, quartersOf(day), day)
  const settled = changed.filter((quarter) => quarter + TALLY_MS <= settledBefore)
  return settled.length === 0 || makeQuarters(options, settled, null)
}

async function makeQuarters(
  options: TallyMakerOptions,
  quarters: readonly number[],
  day: number | null,
): Promise<boolean> {
  const { store, account, sealed, assertGoingOn } = options
  const claim = randomUUID()
  await store.claimTallies(account, quarters, claim)
  const tallying = new Tallying()
  for (const [from, until] of rangesOf(quarters)) {
    const range = { from: new Date(from).toISOString(), until: new Date(until).toISOString() }
    for await (const calls of callsInParts(store, { account, ...range }, assertGoingOn))
      for (const call of calls) tallying.add(call)
  }
  return store.keepTallies(account, { claim, quarters, tallies: tallying.tallies(), day, sealed })
}

const quartersOf = (day: number): readonly number[] =>
  Array.from({ length: TALLIED_AT_ONCE_MS / TALLY_MS }, (_, index) => day + index * TALLY_MS)

/** Quarters in their order as ranges of time: those that follow one another are read together. */
function rangesOf(quarters: readonly number[]): readonly (readonly [from: number, until: number])[] {
  const ranges: [number, number][] = []
  for (const quarter of quarters) {
    const before = ranges.at(-1)
    if (before?.[1] === quarter) before[1] = quarter + TALLY_MS
    else ranges.push([quarter, quarter + TALLY_MS])
  }
  return ranges
}
