import { describe, expect, test } from '@jest/globals'

import type { StoredCallEvent } from '../../src/live/call-event.js'
import { callOf, CALLS, Recorder, streamOf } from '../../src/live/recorder.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { fact, phone } from './facts.js'

const ACCOUNT = { key: 'izmir', workspace: 'default' }
const NOW = Date.parse('2026-12-01T09:00:00.000Z')

const recorderOf = (log: Store, awaitsRecord = false) =>
  new Recorder({ log, clock: { now: () => NOW }, awaitsRecord: () => awaitsRecord })

const typesIn = async (store: Store) =>
  (await store.eventsAfter(0, 100)).map(({ body }) => (JSON.parse(body) as StoredCallEvent).type)

const FACTS = [
  fact('STARTED', 0),
  fact('RINGING', 5, phone('101')),
  fact('ANSWERED', 9, phone('101')),
  fact('ENDED', 30),
]
const [{ callId }] = FACTS as [(typeof FACTS)[0]]

describe('a recorder', () => {
  test('stores the events of a call once, whoever tells of them and how often', async () => {
    const store = memoryStore()
    expect(await recorderOf(store).add(ACCOUNT, FACTS)).toEqual({ added: 4, repeated: 0 })
    expect(await recorderOf(store).add(ACCOUNT, FACTS)).toEqual({ added: 0, repeated: 4 })
    expect(await typesIn(store)).toEqual(['STARTED', 'RINGING', 'ANSWERED', 'ENDED'])
  })

  test('and others beside it, all at once, store each event once', async () => {
    const store = memoryStore()
    const recorders = Array.from({ length: 6 }, () => recorderOf(store))
    await Promise.all(recorders.flatMap((recorder) => FACTS.map((one) => recorder.add(ACCOUNT, [one]))))
    expect((await typesIn(store)).sort()).toEqual(['ANSWERED', 'ENDED', 'RINGING', 'STARTED'])
    const { call } = callOf((await store.eventStream(CALLS, streamOf('izmir', callId)))!)
    expect([call.state, call.answeredAt, call.endedAt]).toEqual(['ENDED', FACTS[2]!.occurredAt, FACTS[3]!.occurredAt])
  })

  test('begins anew where another workspace had an account of this key', async () => {
    const store = memoryStore()
    await recorderOf(store).add({ key: 'izmir', workspace: 'other' }, FACTS)
    expect(await recorderOf(store).add(ACCOUNT, FACTS.slice(0, 1))).toEqual({ added: 1, repeated: 0 })
    const { call, stream } = callOf((await store.eventStream(CALLS, streamOf('izmir', callId)))!)
    expect([call.state, call.answeredAt, stream.workspace]).toEqual(['RINGING', null, 'default'])
  })

  test('leaves an ended call open while its record is waited for, and closes it with the record', async () => {
    const store = memoryStore()
    const recorder = recorderOf(store, true)
    await recorder.add(ACCOUNT, FACTS)
    expect((await store.openStreams(CALLS)).streams).toHaveLength(1)
    await recorder.addRecord(ACCOUNT, callId, { answeredAt: null, endedAt: null })
    await recorder.addRecord(ACCOUNT, callId, { answeredAt: null, endedAt: null })
    await recorder.addRecord(ACCOUNT, 'nobody knows it', { answeredAt: null, endedAt: null })
    expect((await store.openStreams(CALLS)).streams).toHaveLength(0)
    expect((await typesIn(store)).at(-1)).toBe('RECORDED')
    expect(await typesIn(store)).toHaveLength(5)
  })

  test('rejects, and has stored nothing, while the store is down', async () => {
    const store = memoryStore()
    const down: Store = Object.assign(Object.create(store) as Store, {
      appendEvents: () => Promise.reject(new Error('down')),
    })
    await expect(recorderOf(down).add(ACCOUNT, FACTS)).rejects.toThrow('down')
    expect(await typesIn(store)).toEqual([])
  })
})
