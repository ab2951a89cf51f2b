import { createHash } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { fill } from '../archive/filled.js'
import { eventStores, STORES } from '../store/event-stores.js'
import { postgresUnavailable } from '../support/postgres.js'
import { endLeases } from '../support/processes/scenarios.js'
import { dyingStore } from './dying-store.js'
import { linesIn } from './exporting.js'
import { accountOf, ask, KEY, longCalls, made, making, NOW } from './making.js'

const CALLS = longCalls(250)
const COVERED = [{ from: '2020-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' }]
const filled = (store: Store) =>
  fill(store, { key: KEY, calls: CALLS, covered: COVERED, syncedAt: new Date(NOW).toISOString() })
const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

/** Its last process, which nothing happens to. */
async function finished(store: Store, id: string) {
  const { exports, ended, troubles } = making(store, [accountOf()])
  const end = ended()
  exports.open()
  await end
  await exports.close()
  expect(troubles).toEqual([])
  return made(store, id)
}

/** Processes that die one after another, or have ended before. */
async function killed(store: Store, id: string, deaths: readonly Death[], pass: () => unknown): Promise<void> {
  for (const { nth, hasEffect } of deaths) {
    if ((await store.storedExport(id))!.status !== 'RUNNING') return
    const dying = dyingStore(store, nth, hasEffect)
    const { exports, ended } = making(dying.store, [accountOf()])
    const end = ended()
    exports.open()
    await Promise.race([dying.died, end])
    // Twenty seconds later: the leases of the dead have ended.
    await pass()
  }
}
interface Death {
  readonly nth: number
  readonly hasEffect: boolean
}

async function assertWhole(store: Store, id: string, undisturbed: Buffer): Promise<void> {
  const { bytes, sha256, status, records } = await made(store, id)
  expect({ status, records }).toEqual({ status: 'COMPLETED', records: CALLS.length })
  expect(bytes.equals(undisturbed)).toBe(true)
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('base64'))
}

async function undisturbed(): Promise<{ readonly bytes: Buffer; readonly calls: number }> {
  const store = memoryStore(() => 0)
  await filled(store)
  const id = await ask(store)
  const counting = dyingStore(store, Infinity, false)
  const { bytes, chunks } = await finished(counting.store, id)
  expect(chunks).toBe(3)
  expect(linesIn(bytes).map((line) => line['id'])).toEqual(CALLS.map((call) => call.id))
  return { bytes, calls: counting.calls() }
}

describe('an export whose process dies', () => {
  test('at any call to its store, before or after that has its effect, is the same file in the end', async () => {
    const whole = await undisturbed()
    const death = fc.record({ nth: fc.integer({ min: 1, max: whole.calls }), hasEffect: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(death, { minLength: 1, maxLength: 3 }), async (deaths) => {
        let time = 0
        const store = memoryStore(() => time)
        await filled(store)
        const id = await ask(store)
        await killed(store, id, deaths, () => (time += 21_000))
        if ((await store.storedExport(id))!.status === 'RUNNING') await finished(store, id)
        await assertWhole(store, id, whole.bytes)
      }),
      { numRuns: 6 },
    )
  }, 60_000)

  test('is left alone for as long as its lease lasts, and by one other process then', async () => {
    let time = 0
    const store = memoryStore(() => time)
    await filled(store)
    const id = await ask(store)
    await killed(store, id, [{ nth: 10, hasEffect: true }], () => {})
    const { revision } = (await store.storedExport(id))!
    const taken: boolean[] = []
    let tell = () => {}
    const both = new Promise<void>((resolve) => (tell = resolve))
    const lease: Store['lease'] = async (key, ...given) => {
      const isTaken = await store.lease(key, ...given)
      if (key.startsWith(`export ${id}`) && taken.push(isTaken) === 2) tell()
      return isTaken
    }
    const others = [making({ ...store, lease }, [accountOf()]), making({ ...store, lease }, [accountOf()])]
    const ends = others.map(({ ended }) => ended())
    for (const { exports } of others) exports.open()
    await both
    expect(taken).toEqual([false, false])
    expect((await store.storedExport(id))!.revision).toBe(revision)
    time += 21_000
    for (const { exports } of others) exports.wake()
    await Promise.race(ends)
    await Promise.all(others.map(({ exports }) => exports.close()))
    await assertWhole(store, id, (await undisturbed()).bytes)
  })
})

describe.each(STORES.filter((name) => name !== 'memory'))('in a %s store', (name) => {
  const it = name === 'postgres' && postgresUnavailable ? test.skip : test

  it('another process goes on after the last chunk that was stored, to the same file', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    await filled(store)
    const id = await ask(store)
    const deaths = [
      { nth: 10, hasEffect: true },
      { nth: 8, hasEffect: false },
    ]
    await killed(store, id, deaths, () => endLeases(url))
    expect((await store.storedExport(id))!.status).toBe('RUNNING')
    await finished(await stores.open(url), id)
    await assertWhole(store, id, (await undisturbed()).bytes)
  })
})
