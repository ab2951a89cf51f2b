import { readState } from '../../src/archive/archive-state.js'
import type { ArchiveSettings } from '../../src/archive/archived-account.js'
import { fromArchivedCall, type StoredChange } from '../../src/archive/call-change.js'
import { Synchroniser } from '../../src/archive/synchroniser.js'
import type { Clock } from '../../src/clock.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import { memoryStore } from '../../src/store/memory.js'
import { standingClock } from '../live/live-accounts.js'
import { KEY, MadeUpProvider } from './made-up-provider.js'

/** An archive of the made-up provider, whose turns a test makes. */
export function archived(settings: Partial<ArchiveSettings> = {}) {
  const clock = standingClock()
  const store = memoryStore(clock.monotonic)
  const provider = new MadeUpProvider()
  const account = provider.account(settings)
  const looks: string[] = []
  const synchroniserOf = (owner: string, its: Clock = clock) =>
    new Synchroniser({
      ...{ account, store, owner, clock: its, timeoutMs: 5_000 },
      onLook: (_, result) => looks.push(result),
    })
  const synchroniser = synchroniserOf('one')
  /** A call that began so long ago. */
  const add = (id: string, ago: number, talkSeconds = 10) =>
    provider.rows.set(id, { id, startedAt: clock.now() - ago, talkSeconds, cost: null })
  const calls = async () =>
    (await store.archivedCalls({ account: KEY, order: 'ASC', after: null, from: null, until: null, atMost: 1e6 })).map(
      (call) => fromArchivedCall(call).providerResourceId,
    )
  /** Turns for so many ms, as their loop would make them. */
  const pass = async (milliseconds: number, one = synchroniser) => {
    const end = clock.now() + milliseconds
    for (;;) {
      const pause = await one.turn()
      if (clock.now() + pause > end) break
      clock.advance(pause)
    }
    clock.advance(end - clock.now())
  }
  const changes = async () =>
    (await store.eventsAfter(0, 1e6, ARCHIVE)).map(({ body }) => {
      const { kind, callRecordId, changedFields } = JSON.parse(body) as StoredChange
      const id = Buffer.from(callRecordId, 'base64url').toString().split(':')[2]
      return [kind, id, ...changedFields].join(' ')
    })
  const state = async () => (await readState(store, account)).state
  return { clock, store, provider, account, synchroniser, synchroniserOf, add, calls, pass, changes, state, looks }
}
