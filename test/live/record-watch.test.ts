import { describe, expect, test } from '@jest/globals'

import type { StoredCallEvent } from '../../src/live/call-event.js'
import { ServiceUnavailable } from '../../src/errors.js'
import { RecordWatch } from '../../src/live/record-watch.js'
import { CALLS, Recorder } from '../../src/live/recorder.js'
import { keepUp } from '../../src/live/upkeep.js'
import { CallDisposition } from '../../src/model/call-record.js'
import { memoryStore } from '../../src/store/memory.js'
import { fact, phone } from './facts.js'
import { fakeAccount, standingClock } from './live-accounts.js'
import { writtenChange } from '../store/written-change.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function watched() {
  const clock = standingClock()
  const store = memoryStore(clock.monotonic)
  const fake = fakeAccount({ webhook: true })
  const recorder = new Recorder({ log: store, clock, awaitsRecord: () => true })
  const parts = { account: fake.account, log: store, leases: store, recorder, clock, timeoutMs: 1_000 }
  const watch = new RecordWatch({ ...parts, owner: 'one' })
  const tell = (callId: string, ...types: ('STARTED' | 'RINGING' | 'ENDED' | 'RECORD_WRITTEN')[]) =>
    recorder.add(
      fake.account,
      types.map((type) => fact(type, null, type === 'RINGING' ? phone('101') : null, { callId })),
    )
  const types = async () =>
    (await store.eventsAfter(0, 100)).map(({ body }) => {
      const { call, type } = JSON.parse(body) as StoredCallEvent
      return `${call.providerCallId} ${type}`
    })
  const open = async () => (await store.openStreams(CALLS)).streams.length
  return { clock, store, fake, recorder, parts, watch, tell, types, open }
}

const record = (providerResourceId: string, disposition = CallDisposition.ANSWERED) => ({
  providerResourceId,
  disposition,
  answeredAt: null,
  endedAt: null,
})

describe('the record of an ended call', () => {
  test('is looked for after 2, 5, 15 and 60 seconds, then each minute, for an hour', async () => {
    const { clock, fake, watch, tell, open } = watched()
    await tell('a', 'STARTED', 'ENDED')
    const pauses: (number | null)[] = []
    for (let next = await watch.look(); next !== null; next = await watch.look()) {
      pauses.push(next / SECOND)
      clock.advance(next)
    }
    expect(pauses.slice(0, 6)).toEqual([2, 3, 10, 45, 60, 60])
    expect(pauses.reduce<number>((sum, pause) => sum + pause!, 0)).toBe(3_600)
    expect(fake.reads).toHaveLength(4 + 58)
    expect(await open()).toBe(0)
  })

  test('is told once, and one read of the log serves all calls that wait', async () => {
    const { clock, fake, watch, tell, types, open } = watched()
    await tell('a', 'STARTED', 'ENDED')
    await tell('b', 'STARTED', 'ENDED')
    fake.records = [record('a'), record('b', CallDisposition.IN_PROGRESS), record('of nobody')]
    clock.advance(2 * SECOND)
    expect(await watch.look()).toBe(3 * SECOND)
    expect([(await types()).slice(4), await open(), fake.reads.length]).toEqual([['a RECORDED'], 1, 1])
    fake.records = [record('b')]
    clock.advance(3 * SECOND)
    expect(await watch.look()).toBeNull()
    expect([(await types()).slice(4), await open(), fake.reads.length]).toEqual([['a RECORDED', 'b RECORDED'], 0, 2])
  })

  test('is looked for at once where the provider says that it is written', async () => {
    const { fake, watch, tell, types } = watched()
    await tell('a', 'STARTED', 'ENDED', 'RECORD_WRITTEN')
    fake.records = [record('a')]
    expect(await watch.look()).toBeNull()
    expect((await types()).at(-1)).toBe('a RECORDED')
  })

  test('ends a call whose end nobody told', async () => {
    const { clock, fake, watch, tell, types } = watched()
    await tell('a', 'STARTED', 'RINGING')
    expect(await watch.look()).toBe(10 * MINUTE)
    clock.advance(10 * MINUTE)
    fake.records = [{ ...record('a'), endedAt: '2026-12-01T09:05:00.000Z' }]
    expect(await watch.look()).toBeNull()
    expect(await types()).toEqual(['a STARTED', 'a RINGING', 'a ENDED', 'a RECORDED'])
  })

  test('is looked for again in its time where the provider fails, and a store that fails is said to', async () => {
    const { clock, fake, watch, tell } = watched()
    await tell('a', 'STARTED', 'ENDED')
    clock.advance(2 * SECOND)
    fake.recordsError = new ServiceUnavailable('down')
    expect(await watch.look()).toBe(3 * SECOND)
    fake.recordsError = new Error('the store is down')
    clock.advance(3 * SECOND)
    await expect(watch.look()).rejects.toThrow('the store is down')
    fake.recordsError = null
    fake.records = [record('a')]
    clock.advance(10 * SECOND)
    expect(await watch.look()).toBeNull()
  })

  test('is looked for by one process at a time, and not while the provider is to be spared', async () => {
    const { clock, store, fake, parts, watch, tell } = watched()
    await tell('a', 'STARTED', 'ENDED')
    clock.advance(2 * SECOND)
    await store.lease('live records izmir', 'another process', MINUTE)
    await watch.look()
    expect(fake.reads).toEqual([])
    await store.release('live records izmir', 'another process')
    fake.health = { ...fake.health, circuit: 'OPEN' }
    expect(await new RecordWatch({ ...parts, owner: 'two' }).look()).toBe(MINUTE)
    expect(fake.reads).toEqual([])
  })
})

describe('the upkeep', () => {
  const upkeep = ({ store, recorder, clock, fake }: ReturnType<typeof watched>, accounts = [fake.account]) =>
    keepUp(accounts, { store, recorder, clock, retentionMs: 24 * HOUR, changesMs: 90 * DAY })

  test('ends a call of which nothing was heard for four hours, and no other', async () => {
    const all = watched()
    await all.tell('a', 'STARTED')
    all.clock.advance(HOUR)
    await all.tell('b', 'STARTED')
    all.clock.advance(3 * HOUR)
    await upkeep(all)
    expect(await all.types()).toEqual(['a STARTED', 'b STARTED', 'a ENDED'])
  })

  test('closes the calls of an account that is gone', async () => {
    const all = watched()
    await all.tell('a', 'STARTED')
    await upkeep(all, [])
    expect([await all.open(), await all.types()]).toEqual([0, ['a STARTED']])
  })

  test('forgets what is older than the log is kept', async () => {
    const all = watched()
    await all.tell('a', 'STARTED', 'ENDED')
    all.clock.advance(23 * HOUR)
    await all.tell('b', 'STARTED')
    all.clock.advance(HOUR + 1)
    await upkeep(all)
    expect(await all.types()).toEqual(['b STARTED'])
    expect((await all.store.logBounds()).forgotten).toBe(2)
  })

  test('forgets changes that are older than their record is kept, and requests that have expired', async () => {
    const all = watched()
    const { store, clock } = all
    const requested = { owner: 'one', input: '{}' }
    await store.beginChange(writtenChange({ id: 'old', at: clock.now() }), null)
    clock.advance(DAY)
    await store.beginChange(writtenChange({ id: 'new', at: clock.now() }), null)
    clock.advance(89 * DAY + 1)
    await store.claimWrite({ ...requested, id: 'expired', expiresAt: clock.now() }, 0)
    await store.claimWrite({ ...requested, id: 'kept', expiresAt: clock.now() + 1 }, 0)
    await upkeep(all)
    expect([await store.change('old'), (await store.change('new'))?.id]).toEqual([null, 'new'])
    expect([await store.writeRequest('expired'), (await store.writeRequest('kept'))?.id]).toEqual([null, 'kept'])
  })
})
