import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { holdUp } from '../support/processes/held-up.js'
import { crash, crashAndRestart, CRASH_POINTS, FORGIVING, race, STRICT } from '../support/processes/scenarios.js'

let postgres: TestPostgres | null = null
beforeAll(async () => {
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres?.close())

const suite = postgresUnavailable ? describe.skip : describe
suite(
  postgresUnavailable ? `processes on one PostgreSQL (skipped: ${postgresUnavailable})` : 'processes on one PostgreSQL',
  () => {
    test('that find a token run out, all at once, send one request for another', async () => {
      const store = await postgres!.createDatabase()
      const { tokenRequests, failures } = await race({
        login: STRICT,
        store,
        processes: 2,
        rounds: 3,
        queries: 50,
        delayMs: 500,
      })
      expect({ tokenRequests, failures }).toEqual({ tokenRequests: [1, 1, 1], failures: [] })
    }, 60_000)

    test('and do not wait for each other lose no login: who comes too late uses what the other has stored', async () => {
      const store = await postgres!.createDatabase()
      const { tokenRequests, failures, events } = await race({
        login: STRICT,
        store,
        processes: 2,
        rounds: 25,
        queries: 1,
        lease: false,
      })
      expect(failures).toEqual([])
      expect(tokenRequests.some((requests) => requests > 1)).toBe(true)
      expect(Object.keys(events).filter((event) => event.includes('reauthorization'))).toEqual([])
    }, 60_000)
  },
)

describe('a process that is killed while it refreshes', () => {
  test.each(CRASH_POINTS)(
    '%s loses nothing where the provider forgives',
    async (point) => {
      expect(await crash(FORGIVING['Rails API v1, Doorkeeper 5, by browser']!, point, 1)).toMatchObject({
        outcomes: { ok: 1 },
        later: 0,
      })
    },
    60_000,
  )

  test.each(['before send', 'after answer'] as const)(
    '%s is taken up at once where the provider is strict',
    async (point) => {
      const outcome = point === 'after answer' ? 'REAUTHORIZATION_REQUIRED ROTATION_LOST' : 'ok'
      expect(await crash(STRICT, point, 1)).toMatchObject({ outcomes: { [outcome]: 1 }, later: 0 })
    },
    60_000,
  )
})

describe('a process that is killed, and started again at once', () => {
  test('waits for nobody: it was alone with its store', async () => {
    expect(await crashAndRestart(STRICT, 'after answer')).toMatchObject({
      outcome: 'REAUTHORIZATION_REQUIRED ROTATION_LOST',
      events: expect.arrayContaining(['expired: resumed']),
    })
  }, 60_000)
})

describe('a process that stands still while it refreshes, for longer than its lease', () => {
  test('before it has looked at its lease again: it sends nothing, and uses what the other got', async () => {
    const { generations, events, ...outcome } = await holdUp(STRICT, 'before lease')
    expect(outcome).toEqual({ held: 'ok', other: 'ok', after: ['ok', 'ok'], tokenRequests: 1 })
    expect(events.join()).toContain('lease lost')
    expect(generations).toEqual([...generations].sort((a, b) => a - b))
  }, 60_000)
})
