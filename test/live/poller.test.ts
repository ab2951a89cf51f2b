import { describe, expect, test } from '@jest/globals'

import type { StoredCallEvent } from '../../src/live/call-event.js'
import { Poller } from '../../src/live/poller.js'
import { Recorder } from '../../src/live/recorder.js'
import { memoryStore } from '../../src/store/memory.js'
import { operation } from '../support/world.js'
import { current, fakeAccount, standingClock } from './live-accounts.js'

function polled() {
  const clock = standingClock()
  const store = memoryStore(clock.monotonic)
  const fake = fakeAccount()
  const polls: string[] = []
  const recorder = new Recorder({ log: store, clock, awaitsRecord: () => false })
  const pollerOf = (owner: string) =>
    new Poller({
      ...{ account: fake.account, log: store, leases: store, owner, recorder, clock, timeoutMs: 1_000 },
      onPoll: ({ key }, result) => polls.push(`${key} ${result}`),
    })
  const poller = pollerOf('one')
  const list = async (...calls: ReturnType<typeof current>[]) => {
    fake.calls = { calls, unreadable: 0 }
    clock.advance(3_000)
    return poller.poll()
  }
  const told = async () =>
    (await store.eventsAfter(0, 100)).map(({ body }) => {
      const { type, inferred, call } = JSON.parse(body) as StoredCallEvent
      return `${call.providerCallId} ${type}${inferred ? ' inferred' : ''}`
    })
  return { clock, store, fake, poller, pollerOf, list, told, recorder, polls }
}

describe('looking at the calls under way', () => {
  test('is counted by what became of it', async () => {
    const { fake, list, poller, clock, polls } = polled()
    await list(current('a', 'RINGING', '101'))
    fake.calls = { calls: [], unreadable: 2 }
    clock.advance(3_000)
    await poller.poll()
    fake.calls = new Error('the provider is away')
    clock.advance(3_000)
    await poller.poll()
    expect(polls).toEqual(['izmir listed', 'izmir partial', 'izmir failed'])
  })

  test('tells what has changed since the last look, and of what stays the same nothing', async () => {
    const { list, told } = polled()
    await list(current('a', 'RINGING', '101'))
    await list(current('a', 'RINGING', '101'), current('b', 'ANSWERED', '102'))
    await list(current('a', 'RINGING', '103'), current('b', 'ANSWERED', '102'))
    await list(current('a', 'ANSWERED', '103'), current('b', 'ANSWERED', '104'))
    expect(await told()).toEqual([
      'a STARTED',
      'a RINGING',
      'b STARTED',
      'b ANSWERED',
      'a RINGING',
      'a ANSWERED',
      'b TRANSFERRED',
    ])
  })

  test('takes a call for ended that two complete lists in a row lack, at the time of the first', async () => {
    const { list, told, store, fake, poller, clock } = polled()
    await list(current('a', 'RINGING', '101'))
    await list()
    fake.calls = { calls: [], unreadable: 1 }
    clock.advance(3_000)
    await poller.poll()
    await list()
    expect(await told()).toEqual(['a STARTED', 'a RINGING'])
    const missedAt = clock.now()
    await list()
    expect((await told()).at(-1)).toBe('a ENDED inferred')
    const [last] = (await store.eventsAfter(2, 1)).map(({ body }) => JSON.parse(body) as StoredCallEvent)
    expect(last!.occurredAt).toBe(new Date(missedAt).toISOString())
    await list()
    expect(await told()).toHaveLength(3)
  })

  test('by several at once is one look, so that no call is missed twice by one list', async () => {
    const { list, told, fake, poller, clock } = polled()
    await list(current('a', 'RINGING', '101'))
    fake.calls = { calls: [], unreadable: 0 }
    clock.advance(3_000)
    const before = fake.reads.length
    await Promise.all([poller.poll(), ...[1, 2, 3].map(() => poller.look(operation()))])
    expect([await told(), fake.reads.length - before]).toEqual([['a STARTED', 'a RINGING'], 1])
    fake.calls = new Error('down')
    const looks = await Promise.allSettled([1, 2].map(() => poller.look(operation())))
    expect(looks.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  test('soon after another one says of no call once more that it is missing', async () => {
    const { list, told, poller, clock } = polled()
    await list(current('a', 'RINGING', '101'))
    await list()
    // Whoever wants no cached answer has the calls listed at once.
    for (let look = 0; look < 3; look++) {
      clock.advance(100)
      await poller.look(operation())
    }
    expect(await told()).toEqual(['a STARTED', 'a RINGING'])
    await list()
    expect((await told()).at(-1)).toBe('a ENDED inferred')
  })

  test('reads the calls of its own account alone', async () => {
    const { list, store } = polled()
    const asked: unknown[] = []
    const { openStreams } = store
    store.openStreams = (...which) => {
      asked.push(which)
      return openStreams(...which)
    }
    await list()
    expect(asked).toEqual([['calls', 'izmir']])
  })

  test('counts no absence over a look that failed, and a call that comes back is the same call', async () => {
    const { list, told, fake, poller } = polled()
    await list(current('a', 'ANSWERED', '101'))
    await list()
    fake.calls = new Error('down')
    await poller.poll()
    await list()
    await list(current('a', 'ANSWERED', '101'))
    await list()
    expect(await told()).toEqual(['a STARTED', 'a ANSWERED'])
    expect(poller.state.error).toBeNull()
  })

  test('is slower with each failure, up to a minute, and at once as fast as before when one goes well', async () => {
    const { list, fake, poller } = polled()
    fake.calls = new Error('down')
    const pauses: number[] = []
    for (let look = 0; look < 6; look++) pauses.push(await poller.poll())
    expect(pauses).toEqual([6_000, 12_000, 24_000, 48_000, 60_000, 60_000])
    expect(poller.state.error).toBe(fake.calls)
    expect(await list()).toBe(3_000)
  })

  test('asks nothing while the provider wants us to wait, or its circuit is open', async () => {
    const { fake, poller, clock } = polled()
    fake.health = { ...fake.health, rateLimitResetAt: new Date(clock.now() + 20_000).toISOString() }
    expect(await poller.poll()).toBe(20_000)
    fake.health = { ...fake.health, rateLimitResetAt: null, circuit: 'OPEN' }
    expect(await poller.poll()).toBe(3_000)
    expect(fake.reads).toEqual([])
  })

  test('is never in the way of queries: it comes after those that wait, but for one look a minute', async () => {
    const { fake, poller, clock } = polled()
    fake.isCrowded = true
    const until = clock.now() + 60_000
    while (clock.now() < until) {
      expect(await poller.poll()).toBe(250)
      clock.advance(250)
    }
    expect(fake.reads).toEqual([])
    expect(await poller.poll()).toBe(3_000)
    clock.advance(3_000)
    expect(await poller.poll()).toBe(250)
    expect(fake.reads).toEqual(['calls'])
    fake.isCrowded = false
    expect(await poller.poll()).toBe(3_000)
    expect(fake.reads).toEqual(['calls', 'calls'])
  })

  test('is done by one process, and by another once the first is silent or has stopped', async () => {
    const { fake, poller, pollerOf, clock } = polled()
    const other = pollerOf('two')
    await poller.poll()
    await other.poll()
    expect(fake.reads).toHaveLength(1)
    clock.advance(10_001)
    await other.poll()
    await poller.poll()
    expect(fake.reads).toHaveLength(2)
    await other.stop()
    await poller.poll()
    expect(fake.reads).toHaveLength(3)
  })
})
