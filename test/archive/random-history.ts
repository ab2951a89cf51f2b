import type { StoredChange } from '../../src/archive/call-change.js'
import { fromArchivedCall } from '../../src/archive/call-change.js'
import { Synchroniser } from '../../src/archive/synchroniser.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import type { Store } from '../../src/store/store.js'
import { memoryStore } from '../../src/store/memory.js'
import { standingClock } from '../live/live-accounts.js'
import { DAY, HOUR, KEY, MadeUpProvider } from './made-up-provider.js'

/** What one random history came to. */
export interface HistoryResult {
  /** What is not as it has to be; empty when all is well. */
  readonly faults: readonly string[]
  readonly changes: number
  readonly crashes: number
}

/** The settings leave most of a history within `recheck`. */
const SETTINGS = { sinceMs: 10 * DAY, everySeconds: 60, recheckMs: 2 * DAY, retentionMs: 10 * DAY }

/**
 * A random history of a provider, followed by two processes that are killed now and then, in the
 * middle of a write too: then a quiet time, and the archive has to be the provider's log, and the
 * changes, folded, the archive.
 */
export async function playHistory(seed: number): Promise<HistoryResult> {
  const random = randomOf(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const clock = standingClock()
  const kept = memoryStore(clock.monotonic)
  const provider = new MadeUpProvider()
  provider.pageSize = 3 + below(8)
  const account = provider.account(SETTINGS)
  // Only what is younger is read again.
  const missedForGood = new Set<string>()
  provider.onMissed = ({ id, startedAt }) => {
    if (clock.now() - Date.parse(startedAt) > SETTINGS.recheckMs) missedForGood.add(id)
  }
  let names = 0
  let crashes = 0
  let isQuiet = false

  /** Those that are read again for as long as it takes to be seen. */
  const young = () => [...provider.rows.values()].filter(({ startedAt }) => clock.now() - startedAt < 36 * HOUR)
  const pick = () => young()[below(young().length)]
  const add = (ago: number) => {
    const id = `call-${(names += 1)}`
    provider.rows.set(id, { id, startedAt: clock.now() - ago, talkSeconds: below(300), cost: null })
  }
  const step = () => {
    const one = pick()
    switch (below(8)) {
      case 0:
      case 1:
        return add(below(120_000))
      // Several of one moment, where pages end.
      case 2:
        for (let left = 1 + below(12), at = below(HOUR); left > 0; left -= 1) add(at)
        return
      case 3:
        return add(below(36 * HOUR))
      case 4:
        if (one) provider.rows.set(one.id, { ...one, talkSeconds: below(300), cost: `${below(9)}.50` })
        return
      case 5:
        // Its start is corrected.
        if (one) provider.rows.set(one.id, { ...one, startedAt: clock.now() - below(36 * HOUR) })
        return
      case 6:
        if (one) provider.rows.delete(one.id)
        return
      default:
        if (below(10) === 0) for (const { id } of young()) if (below(2) === 0) provider.rows.delete(id)
    }
  }
  // Between the pages of a walk the table changes, and requests fail.
  provider.beforeRequest = () => {
    if (isQuiet) return
    if (below(4) === 0) step()
    if (below(40) === 0) throw new Killed()
    if (below(60) === 0) throw provider.spoiltPage()
  }
  /** A call that cannot be read, or spoils its page, for a while. */
  const spoil = () => {
    const one = pick()
    if (below(6) === 0) for (const ids of [provider.unreadable, provider.spoilt]) ids.clear()
    if (one && below(20) === 0) (below(2) === 0 ? provider.unreadable : provider.spoilt).add(one.id)
  }
  const store: Store = {
    ...kept,
    async appendEvents(change) {
      const fate = isQuiet ? 9 : below(60)
      if (fate === 0) throw new Killed()
      const positions = await kept.appendEvents(change)
      if (fate === 1) throw new Killed()
      return positions
    },
  }
  const begin = (owner: string) => new Synchroniser({ account, store, owner, clock, timeoutMs: 60_000 })
  const processes = [begin('a'), begin('b')]
  const due = [0, 0]

  for (let count = 0; count < 30; count += 1) add(below(9 * DAY))
  for (let round = 0; round < 60; round += 1) {
    for (let left = below(4); left > 0; left -= 1) step()
    spoil()
    clock.advance(below(12) === 0 ? below(5 * HOUR) : below(20 * 60_000))
    await turns(4)
  }
  isQuiet = true
  for (const ids of [provider.unreadable, provider.spoilt]) ids.clear()
  // Changes that were made last have to be within `recheck` still: two rechecks later all is known.
  for (let round = 0; round < 200; round += 1) {
    clock.advance(60_000)
    await turns(30)
  }
  const since = clock.now() - SETTINGS.retentionMs + HOUR
  return {
    faults: await faultsOf(kept, provider, { since, missedForGood }),
    changes: (await kept.eventsAfter(0, 1e6)).length,
    crashes,
  }

  async function turns(most: number): Promise<void> {
    for (const [index] of processes.entries()) {
      for (let turn = 0; turn < most && due[index]! <= clock.now(); turn += 1) {
        try {
          due[index] = clock.now() + (await processes[index]!.turn())
        } catch (error) {
          if (!(error instanceof Killed)) throw error
          crashes += 1
          // Another process takes its place, and finds the lease of the one that was killed.
          processes[index] = begin(`${index}-${crashes}`)
          due[index] = clock.now() + 1_000
        }
      }
    }
  }
}

class Killed extends Error {}

interface Excused {
  /** Calls that began before may be removed, or not yet. */
  readonly since: number
  /** Calls older than `recheck` that moved to a page that had been read: they may be missing. */
  readonly missedForGood: ReadonlySet<string>
}

async function faultsOf(
  store: Store,
  provider: MadeUpProvider,
  { since, missedForGood }: Excused,
): Promise<readonly string[]> {
  const faults: string[] = []
  const rows = await store.archivedCalls({
    ...{ account: KEY, order: 'ASC', after: null, from: null, until: null, atMost: 1e6 },
  })
  const archive = new Map(rows.map((row) => [row.id, JSON.stringify(fromArchivedCall(row))]))
  const isOld = ({ startedAt }: { startedAt: string }) => Date.parse(startedAt) < since
  const provided = new Map(
    provider
      .calls()
      .filter((call) => !isOld(call))
      .map((call) => [call.id, JSON.stringify(call)]),
  )
  const isExcused = (id: string) => missedForGood.has(id) && !archive.has(id)
  for (const [id, text] of provided)
    if (archive.get(id) !== text && !isExcused(id)) faults.push(`${id} is not as the provider has it`)
  for (const row of rows) if (!isOld(row) && !provided.has(row.id)) faults.push(`${row.id} is not there any more`)
  const folded = new Set<string>()
  for (const { body } of await store.eventsAfter(0, 1e6, ARCHIVE)) {
    const { kind, callRecordId, changedFields } = JSON.parse(body) as StoredChange
    if (folded.has(callRecordId) !== (kind !== 'CREATED')) faults.push(`${kind} of ${callRecordId} out of turn`)
    if ((kind === 'UPDATED') !== changedFields.length > 0) faults.push(`${kind} of ${callRecordId} without a field`)
    if (kind === 'DELETED') folded.delete(callRecordId)
    else folded.add(callRecordId)
  }
  for (const { id } of rows) if (!folded.delete(id)) faults.push(`no change tells of ${id}`)
  // What was removed by its age leaves without a change; here nothing else is left.
  const left = [...folded].filter((id) => provided.has(id))
  if (left.length > 0) faults.push(`changes tell of ${left.join()}, which are not archived`)
  return faults
}

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
