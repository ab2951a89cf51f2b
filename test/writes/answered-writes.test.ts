import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../src/store/memory.js'
import { AnsweredWrites, type KeyedWork } from '../../src/writes/answered-writes.js'
import { C1, done, writtenChange } from '../store/written-change.js'

const DAY_MS = 24 * 3_600_000
const write = {
  ...{ workspace: 'default', caller: 'app', operation: 'callOriginate', idempotencyKey: 'one', input: '{}' },
}

describe('the answer to an idempotency key', () => {
  test('is given for a day, and not after it, while another process begins the write anew', async () => {
    let now = 1_000_000
    const store = memoryStore(() => now)
    const answered = new AnsweredWrites(store, { now: () => now })
    const work: KeyedWork<string> = {
      async begin(run) {
        const change = {
          ...{ id: run.owner, workspace: 'default', account: 'ipex', operation: 'callOriginate', targetId: null },
          ...{ actor: 'app', requestId: 'request', at: now, fields: [], outcome: 'UNKNOWN' as const, code: null },
        }
        expect(await store.beginChange(change, run)).toBe(true)
        await store.endChange(
          change.id,
          { outcome: 'DONE', code: null, targetId: null },
          { request: run.id, answer: 'first' },
        )
        return 'first'
      },
      settle: () => Promise.reject(new Error('nobody was killed')),
    }
    const { signal } = new AbortController()
    expect(await answered.run(write, signal, work)).toEqual({ done: 'first' })
    now += DAY_MS - 1
    expect(await answered.run(write, signal, work)).toEqual({ kind: 'ANSWER', answer: 'first' })
    expect(await answered.run({ ...write, input: '[]' }, signal, work)).toEqual({ kind: 'REUSED' })
    now += 1
    const lease = store.lease.bind(store)
    // Another process is at this key.
    const elsewhere = new AnsweredWrites(
      {
        ...store,
        lease: async (key, owner, milliseconds) => !key.startsWith('idempotency') && lease(key, owner, milliseconds),
      },
      { now: () => now },
    )
    const waiting = new AbortController()
    const asked = elsewhere.run(write, waiting.signal, work)
    setImmediate(() => waiting.abort())
    expect(await asked).toEqual({ kind: 'IN_PROGRESS' })
    expect(await answered.run({ ...write, input: '[]' }, signal, work)).toEqual({ done: 'first' })
  })

  test('is read from the store once for all in a process who waited for it', async () => {
    const store = memoryStore(() => 0)
    let reads = 0
    const counted = { ...store, writeRequest: (id: string) => ((reads += 1), store.writeRequest(id)) }
    const answered = new AnsweredWrites(counted, { now: () => 0 })
    const work: KeyedWork<string> = {
      async begin(run) {
        await store.beginChange(writtenChange(), run)
        await store.endChange(C1, done, { request: run.id, answer: 'first' })
        return 'first'
      },
      settle: () => Promise.reject(new Error('nobody was killed')),
    }
    const { signal } = new AbortController()
    const told = await Promise.all(Array.from({ length: 50 }, () => answered.run(write, signal, work)))
    expect(told).toEqual([
      { done: 'first' },
      ...Array.from({ length: 49 }, () => ({ kind: 'ANSWER', answer: 'first' })),
    ])
    expect(reads).toBe(1)
  })
})
