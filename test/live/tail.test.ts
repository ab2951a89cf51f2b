import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { Tail } from '../../src/live/tail.js'
import type { EventLog, LoggedEvent } from '../../src/store/event-log.js'
import { memoryStore } from '../../src/store/memory.js'
import { cases } from '../support/proof.js'

const streams = new Map<object, number>()

/** Appends so many events, one stream each. */
async function append(log: EventLog, count = 1, at = 0): Promise<void> {
  for (let index = 0; index < count; index++) {
    const number = (streams.get(log) ?? 0) + 1
    streams.set(log, number)
    await log.appendEvents({
      ...{ topic: 'calls', stream: `call ${number}`, workspace: 'default', account: 'izmir', from: 0 },
      ...{ state: '{}', isOpen: false, events: [`{"n":${number}}`], at },
    })
  }
}

function tailOf(log: EventLog) {
  const troubles: unknown[] = []
  const defects: unknown[] = []
  const tail = new Tail({ log, onTrouble: (error) => troubles.push(error), onDefect: (error) => defects.push(error) })
  return { tail, troubles, defects }
}

const positionsOf = async (events: AsyncIterable<LoggedEvent>): Promise<number[]> => {
  const positions: number[] = []
  for await (const { position } of events) positions.push(position)
  return positions
}

describe('who follows the log', () => {
  test('is handed each event after its beginning once, in order', async () => {
    const log = memoryStore()
    await append(log, 3)
    const { tail } = tailOf(log)
    const end = await tail.follow()
    const [one, other]: [number[], number[]] = [[], []]
    tail.listen(({ position }) => one.push(position))
    tail.listen(({ position }) => other.push(position))
    await append(log, 1_200)
    await tail.catchUp()
    const all = Array.from({ length: 1_200 }, (_, index) => index + 4)
    expect([one, other, tail.position]).toEqual([all, all, 1_203])
    end()
  })

  test('is not harmed by another who fails', async () => {
    const log = memoryStore()
    const { tail, defects } = tailOf(log)
    const end = await tail.follow()
    const positions: number[] = []
    tail.listen(() => {
      throw new Error('mine alone')
    })
    tail.listen(({ position }) => positions.push(position))
    await append(log, 2)
    await tail.catchUp()
    expect([positions, defects.map(String)]).toEqual([
      [1, 2],
      ['Error: mine alone', 'Error: mine alone'],
    ])
    end()
  })

  test('is told nothing while the log cannot be read, and everything then; that is said once', async () => {
    const log = memoryStore()
    let isDown = false
    const failing: EventLog = Object.assign(Object.create(log) as EventLog, {
      eventsAfter: (...args: Parameters<EventLog['eventsAfter']>) =>
        isDown ? Promise.reject(new Error('down')) : log.eventsAfter(...args),
    })
    const { tail, troubles } = tailOf(failing)
    const end = await tail.follow()
    const positions: number[] = []
    tail.listen(({ position }) => positions.push(position))
    isDown = true
    await append(log, 2)
    await tail.catchUp()
    await tail.catchUp()
    expect([positions, troubles.length]).toEqual([[], 1])
    isDown = false
    await tail.catchUp()
    expect([positions, troubles.length]).toEqual([[1, 2], 1])
    end()
  })

  test('is handed what is appended while it begins, though nothing comes after it', async () => {
    const log = memoryStore()
    const slow: EventLog = Object.assign(Object.create(log) as EventLog, {
      async logBounds() {
        const bounds = await log.logBounds()
        await append(log)
        return bounds
      },
    })
    const { tail } = tailOf(slow)
    const end = await tail.follow()
    await new Promise(setImmediate)
    expect(tail.position).toBe(1)
    end()
  })

  test('is handed what comes after somebody has read in vain', async () => {
    const log = memoryStore()
    const { tail } = tailOf(log)
    await tail.catchUp()
    const end = await tail.follow()
    const positions: number[] = []
    tail.listen(({ position }) => positions.push(position))
    await append(log)
    await tail.catchUp()
    expect(positions).toEqual([1])
    end()
  })

  test('is handed what is appended while a read comes to its end', async () => {
    const log = memoryStore()
    // Nothing else wakes it.
    const silent: EventLog = Object.assign(Object.create(log) as EventLog, { wakeOnEvents: () => () => {} })
    const { tail } = tailOf(silent)
    const end = await tail.follow()
    const positions: number[] = []
    let caughtUp: Promise<void> | null = null
    tail.listen(({ position }) => {
      positions.push(position)
      // The log was looked at for the last time, and the read is not over yet.
      queueMicrotask(() => {
        if (caughtUp) return
        void append(log)
        caughtUp = tail.catchUp()
      })
    })
    await append(log)
    await tail.catchUp()
    await caughtUp
    expect(positions).toEqual([1, 2])
    end()
  })

  test('anew begins at the end, though an earlier read of somebody else comes back after that', async () => {
    const log = memoryStore()
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const late: EventLog = {
      ...log,
      async eventsAfter(...read) {
        const events = await log.eventsAfter(...read)
        await held
        return events
      },
    }
    const { tail } = tailOf(late)
    await append(log, 2)
    const end = await tail.follow()
    await append(log)
    const reading = tail.catchUp()
    end()
    await append(log, 2)
    await tail.follow()
    const heard: number[] = []
    tail.listen(({ position }) => heard.push(position))
    const began = tail.position
    release()
    await reading
    await append(log)
    await tail.catchUp()
    expect([began, heard]).toEqual([5, [6]])
  })

  test('reads nothing any more once nobody follows', async () => {
    const log = memoryStore()
    const { tail } = tailOf(log)
    const end = await tail.follow()
    const endListening = tail.listen(() => {})
    end()
    await append(log)
    await tail.catchUp()
    expect(tail.position).toBe(1)
    endListening()
    await append(log)
    await tail.catchUp()
    expect(tail.position).toBe(1)
    expect(() => tail.listen(() => {})).toThrow('Nobody follows the log')
  })
})

describe('who comes back', () => {
  test('reads what it has missed, from memory or from the log', async () => {
    const log = memoryStore()
    await append(log, 700)
    const { tail } = tailOf(log)
    const end = await tail.follow()
    await append(log, 20)
    await tail.catchUp()
    const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)
    expect(await positionsOf(tail.read(100, 720))).toEqual(from(101, 720))
    expect(await positionsOf(tail.read(705, 720))).toEqual(from(706, 720))
    expect(await positionsOf(tail.read(0, 650))).toEqual(from(1, 650))
    expect(await positionsOf(tail.read(720, 720))).toEqual([])
    end()
  })

  test('is told so where the log does not reach back to its position any more', async () => {
    const log = memoryStore()
    await append(log, 5, 1_000)
    await append(log, 5, 2_000)
    await log.forgetEvents(1_500)
    const { tail } = tailOf(log)
    await expect(tail.requireKept(4)).rejects.toMatchObject({ code: 'CURSOR_INVALID', details: { reason: 'EXPIRED' } })
    await expect(positionsOf(tail.read(2, 10))).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
    await tail.requireKept(5)
    expect(await positionsOf(tail.read(5, 10))).toEqual([6, 7, 8, 9, 10])
  })

  test('with a position that this log has not come to, as after it was lost, is told so', async () => {
    const log = memoryStore()
    await append(log, 5)
    const { tail } = tailOf(log)
    await tail.requireKept(5)
    await expect(tail.requireKept(6)).rejects.toMatchObject({ code: 'CURSOR_INVALID', details: { reason: 'EXPIRED' } })
  })

  test('and goes on with what comes misses nothing and hears nothing twice, however the writes fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(6), fc.nat(8), async (scheduler, before, meanwhile) => {
        const log = memoryStore()
        await append(log, before)
        const slow: EventLog = Object.assign(Object.create(log) as EventLog, {
          eventsAfter: scheduler.scheduleFunction((...args: Parameters<EventLog['eventsAfter']>) =>
            log.eventsAfter(...args),
          ),
        })
        const { tail } = tailOf(slow)
        const end = await tail.follow()
        const seen: number[] = []
        const writes = scheduler.scheduleSequence(
          Array.from({ length: meanwhile }, (_, index) => ({
            label: `write ${index}`,
            builder: async () => {
              await append(log)
              void tail.catchUp()
            },
          })),
        )
        const comeBack = async () => {
          let position = 0
          while (position < tail.position) {
            const until = tail.position
            for await (const event of tail.read(position, until)) seen.push(event.position)
            position = until
          }
          tail.listen((event) => seen.push(event.position))
        }
        const done = comeBack()
        await scheduler.waitAll()
        await Promise.all([done, writes.task])
        const last = tail.catchUp()
        await scheduler.waitAll()
        await last
        expect(seen).toEqual(Array.from({ length: before + meanwhile }, (_, index) => index + 1))
        end()
      }),
      { numRuns: cases(200) },
    )
  })
})
