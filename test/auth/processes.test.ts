import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { holdUp } from '../support/processes/held-up.js'
import { CRASH_POINTS, crashTogether, FORGIVING, race, STRICT } from '../support/processes/scenarios.js'
import { startLoginHost, type LoginHost } from '../support/processes/start-process.js'

let postgres: TestPostgres | null = null
/** Two processes for all that does not kill them: each test has logins, and a store, of its own. */
let hosts: readonly [LoginHost, LoginHost]
beforeAll(async () => {
  if (!postgresUnavailable) postgres = await startPostgres()
  hosts = await Promise.all([startLoginHost(), startLoginHost()])
}, 60_000)
afterAll(async () => {
  for (const host of hosts) await host.kill()
  await postgres?.close()
})

const suite = postgresUnavailable ? describe.skip : describe
suite(
  postgresUnavailable ? `processes on one PostgreSQL (skipped: ${postgresUnavailable})` : 'processes on one PostgreSQL',
  () => {
    test('that find a token run out, all at once, send one request for another', async () => {
      const store = await postgres!.createDatabase()
      const { tokenRequests, failures } = await race({
        login: STRICT,
        store,
        hosts,
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
        hosts,
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

// One process has all of these logins, and is killed once each of them has come to its point. In the
// proof of the logins each of many has a process of its own, which kills itself.
describe('a process that is killed while it refreshes', () => {
  const strictPoints = ['before send', 'after answer'] as const
  let found: Awaited<ReturnType<typeof crashTogether>>
  beforeAll(async () => {
    found = await crashTogether([
      ...CRASH_POINTS.map((point) => ({ login: FORGIVING['Rails API v1, Doorkeeper 5, by browser']!, point })),
      ...strictPoints.map((point) => ({ login: STRICT, point })),
      { login: STRICT, point: 'after answer', atOnce: true },
    ])
  }, 60_000)

  test.each(CRASH_POINTS)('%s loses nothing where the provider forgives', (point) => {
    expect(found[CRASH_POINTS.indexOf(point)]).toMatchObject({ outcome: 'ok', later: 0 })
  })

  test.each(strictPoints)('%s is taken up at once where the provider is strict', (point) => {
    const outcome = point === 'after answer' ? 'REAUTHORIZATION_REQUIRED ROTATION_LOST' : 'ok'
    expect(found[CRASH_POINTS.length + strictPoints.indexOf(point)]).toMatchObject({ outcome, later: 0 })
  })

  test('and started again at once, waits for nobody: it was alone with its store', () => {
    expect(found.at(-1)).toMatchObject({
      outcome: 'REAUTHORIZATION_REQUIRED ROTATION_LOST',
      events: expect.arrayContaining(['expired: resumed']),
    })
  })
})

describe('a process that stands still while it refreshes, for longer than its lease', () => {
  test('before it has looked at its lease again: it sends nothing, and uses what the other got', async () => {
    const { generations, events, ...outcome } = await holdUp(STRICT, 'before lease', hosts)
    expect(outcome).toEqual({ held: 'ok', other: 'ok', after: ['ok', 'ok'], tokenRequests: 1 })
    expect(events.join()).toContain('lease lost')
    expect(generations).toEqual([...generations].sort((a, b) => a - b))
  }, 60_000)
})
