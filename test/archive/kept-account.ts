import type { ArchivedAccount, ArchiveSettings } from '../../src/archive/archived-account.js'
import { fromArchivedCall, type StoredChange } from '../../src/archive/call-change.js'
import { readingOperation } from '../../src/archive/reading-operation.js'
import { Synchroniser } from '../../src/archive/synchroniser.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { EVERY_CALL } from '../../src/providers/every-call.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import type { Store } from '../../src/store/store.js'
import type { World } from '../support/world.js'

const DAY = 86_400_000

/** An account of a world, with an archive in the world's store that a test keeps turn by turn. */
export function keptAccount(world: World, name: string, settings: Partial<ArchiveSettings> = {}) {
  const store = world.store as Store
  const account = {
    ...world.account(name, 'izmir'),
    archive: {
      sinceMs: 90 * DAY,
      everySeconds: 60,
      recheckMs: 2 * DAY,
      retentionMs: 90 * DAY,
      sealed: false,
      ...settings,
    },
  } as ArchivedAccount
  const { key } = account
  const begin = (owner: string) => new Synchroniser({ account, store, owner, clock: world.clock, timeoutMs: 60_000 })
  let synchroniser = begin('first')
  let due = 0
  return {
    account,
    store,
    /** Another process takes over from one that was killed. */
    replace(owner: string): void {
      synchroniser = begin(owner)
    },
    /** All turns until nothing is due any more. */
    async turns(): Promise<void> {
      while (due <= world.clock.now()) due = world.clock.now() + (await synchroniser.turn())
    },
    /** Time passes, and all turns are made when they are due. */
    async pass(milliseconds: number): Promise<void> {
      const end = world.clock.now() + milliseconds
      while (due <= end) {
        world.clock.advance(Math.max(0, due - world.clock.now()) / 1_000)
        due = world.clock.now() + (await synchroniser.turn())
      }
      world.clock.advance(Math.max(0, end - world.clock.now()) / 1_000)
    },
    /** All calls as the provider gives them now, by id. */
    async provided(): Promise<ReadonlyMap<string, string>> {
      const log = account.source(readingOperation(60_000, new AbortController().signal)).callRecords!
      const calls: CallRecord[] = []
      for await (const page of log.pages({ order: 'ASC', after: null, hint: null, filter: EVERY_CALL, expected: 500 }))
        calls.push(...page.calls)
      return new Map(calls.map((call) => [call.id, withoutReading(call)]))
    },
    /** All calls as they are archived, by id. */
    async archived(): Promise<ReadonlyMap<string, string>> {
      const rows = await store.archivedCalls({
        ...{ account: key, order: 'ASC', after: null, from: null, until: null, atMost: 1e6 },
      })
      return new Map(rows.map((row) => [row.id, withoutReading(fromArchivedCall(row))]))
    },
    /** Ids of the calls that the changes, folded, leave; @throws for a change out of turn. */
    async folded(): Promise<ReadonlySet<string>> {
      const folded = new Set<string>()
      for (const { body } of await store.eventsAfter(0, 1e6, ARCHIVE)) {
        const { kind, callRecordId } = JSON.parse(body) as StoredChange
        if (folded.has(callRecordId) !== (kind !== 'CREATED')) throw new Error(`${kind} of ${callRecordId} out of turn`)
        if (kind === 'DELETED') folded.delete(callRecordId)
        else folded.add(callRecordId)
      }
      return folded
    },
  }
}

/** As the archive compares it: when it was read makes no difference. */
const withoutReading = ({ fetchedAt: _, ...call }: CallRecord): string => JSON.stringify(call)
