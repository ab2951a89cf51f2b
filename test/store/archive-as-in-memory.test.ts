import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ARCHIVE } from '../../src/store/archive-store.js'
import { memoryStore } from '../../src/store/memory.js'
import { openDialect } from '../../src/store/open-store.js'
import type { Store } from '../../src/store/store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { cases } from '../support/proof.js'
import { archivedCall, archiving, asking } from './archived-calls.js'
import { change, eventStores } from './event-stores.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

/** One call of the store; `name` is only shown. */
interface Step {
  readonly name: string
  readonly run: (store: Store) => Promise<unknown>
}

const ACCOUNTS = ['izmir', 'prague']
const account = fc.constantFrom(...ACCOUNTS)
/** Few, so that calls meet; code units order them otherwise than a language does. */
const id = fc.constantFrom('a', 'B', '_', '-a', '0')
const number = fc.constantFrom(null, '+901', '+902', '+903')
const seconds = fc.constantFrom(null, 0, 1, 2.5)
const time = fc.integer({ min: 0, max: 6 })
const timeText = time.map((ms) => new Date(ms).toISOString())
const facts = fc.record({
  kind: fc.constantFrom('CALL', 'FAX'),
  direction: fc.constantFrom('INBOUND', 'OUTBOUND'),
  disposition: fc.constantFrom('ANSWERED', 'MISSED'),
  ...{ callerNumber: number, calleeNumber: number },
  ...{ durationSeconds: seconds, waitSeconds: seconds, talkSeconds: seconds },
})
const call = fc.tuple(id, timeText, facts).map(([of, startedAt, rest]) => archivedCall(of, startedAt, rest))
const someOf = <T>(...values: readonly T[]) => fc.option(fc.subarray([...values]), { freq: 2 })
const query = fc
  .record({
    ...{ account, from: fc.option(timeText), until: fc.option(timeText), order: fc.constantFrom('ASC', 'DESC') },
    ...{ kinds: someOf('CALL'), directions: someOf('INBOUND', 'OUTBOUND'), dispositions: someOf('MISSED') },
    ...{ numbers: someOf('+901', '+902'), callerNumbers: someOf('+901', '+903'), calleeNumbers: someOf('+902') },
    ...{ minimumSeconds: seconds, maximumSeconds: seconds, atMost: fc.integer({ min: 1, max: 4 }) },
    after: fc.option(fc.record({ startedAt: timeText, id })),
  })
  .map(asking)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        ...{ account, from: fc.integer({ min: 0, max: 3 }), at: time, events: fc.array(fc.json({ maxDepth: 1 })) },
        ...{ put: fc.uniqueArray(call, { selector: (one) => one.id }), remove: fc.uniqueArray(id) },
        sealed: fc.boolean(),
      })
      .map(({ from, put, remove, sealed, ...more }) => ({
        name: `archive ${JSON.stringify({ from, put, remove, sealed, ...more })}`,
        run: (store: Store) => store.appendEvents(archiving(from, { put, remove, sealed }, more)),
      })),
  },
  {
    weight: 8,
    arbitrary: query.map((asked) => ({
      name: `ask ${JSON.stringify(asked)}`,
      run: async (store: Store) => [await store.archivedCalls(asked), await store.countArchivedCalls(asked)],
    })),
  },
  fc.tuple(fc.uniqueArray(account), time, time).map(([of, after, atMost]) => ({
    name: `${atMost} changes of ${of} after ${after}`,
    run: async (store: Store) =>
      (await store.archiveChanges(of, after, atMost)).map(({ position, workspace, account: whose, body, at }) => ({
        ...{ position, workspace, whose, body, at },
      })),
  })),
  fc.tuple(account, time).map(([of, before]) => ({
    name: `forget calls of ${of} before ${before}`,
    run: (store: Store) => store.forgetArchivedCalls(of, before),
  })),
  fc.tuple(account, time).map(([of, at]) => ({
    name: `a live event of ${of} at ${at}`,
    run: (store: Store) => store.appendEvents(change(`${of}/live`, 0, ['x'], { account: of, at, isOpen: false })),
  })),
  time.map((before) => ({ name: `forget before ${before}`, run: (store: Store) => store.forgetEvents(before) })),
  account.map((of) => ({ name: `remove ${of}`, run: (store: Store) => store.removeArchive(of) })),
  account.map((of) => ({ name: `unlink ${of}`, run: (store: Store) => store.forgetAccountEvents(of) })),
)

/** What a store answers to a step, and all that can be read of it afterwards. */
async function told(store: Store, { run }: Step): Promise<unknown> {
  const answer = await run(store)
  const archives = ACCOUNTS.map(async (of) => [
    await store.archivedCalls(asking({ account: of })),
    await store.archiveFigures(of),
    await store.eventStream(ARCHIVE, of),
  ])
  return { answer, all: await Promise.all(archives), log: [await store.logBounds(), await store.eventsAfter(0, 99)] }
}

describe.each(['sqlite', 'postgres'] as const)('whatever is archived and forgotten, the %s store', (name) => {
  const it = name === 'postgres' && postgresUnavailable ? test.skip : test

  it('answers as the one in memory does', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    const { db } = await openDialect(url)
    stores.later(() => db.destroy())
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        for (const table of ['events', 'event_streams', 'archive_calls'] as const) await db.deleteFrom(table).execute()
        await db.updateTable('event_log').set({ position: 0 }).execute()
        const defined = memoryStore()
        for (const one of steps) expect(await told(store, one)).toEqual(await told(defined, one))
      }),
      { numRuns: cases(80) },
    )
  }, 120_000)
})
