/**
 * The full proof of the promises about logins: takes an hour, so it is not part of `npm test` but run
 * by `npm run proof:logins`. `PROOF_RUNS=…` changes the number of runs; `-- -t kill` runs a part.
 * Each figure is printed as soon as it is measured.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { providers } from '../../src/providers/index.js'
import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'
import { openStore } from '../../src/store/open-store.js'
import { interleave } from '../auth/interleavings.js'
import { damage } from '../store/damage.js'
import { killReencryption } from '../store/reencrypt-killed.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { joinLogin } from '../support/processes/joined-login.js'
import { crash, CRASH_POINTS, FORGIVING, race, STRICT, UNFORGIVING } from '../support/processes/scenarios.js'
import { runs, teller } from '../support/proof.js'

const HOURS = 3_600_000
const told = teller('logins')
const counted = (events: Readonly<Record<string, number>>) =>
  Object.entries(events)
    .map(([event, count]) => `${count} ${event}`)
    .join(', ')

let postgres: TestPostgres | null = null
beforeAll(async () => {
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterAll(async () => {
  await postgres?.close()
})

const shared = postgresUnavailable ? describe.skip : describe
shared(postgresUnavailable ? `one PostgreSQL (skipped: ${postgresUnavailable})` : 'one PostgreSQL', () => {
  test.each([2, 4])(
    'and %d processes, 250 queries each at a token that has run out, a token endpoint of 3 s',
    async (processes) => {
      const store = await postgres!.createDatabase()
      const rounds = runs(100)
      const { tokenRequests, failures, queries } = await race({
        ...{ login: STRICT, store, processes, rounds, queries: 250, delayMs: 3_000 },
      })
      told(
        `${processes} processes: ${rounds} rounds, ${queries} queries, ${failures.length} failed; token requests a round: at most ${Math.max(...tokenRequests)}`,
      )
      expect({ failures, most: Math.max(...tokenRequests), least: Math.min(...tokenRequests) }).toEqual({
        failures: [],
        most: 1,
        least: 1,
      })
    },
    2 * HOURS,
  )

  test.each([2, 3])(
    'and %d processes that do not wait for each other, and refresh tokens that are good once',
    async (processes) => {
      const store = await postgres!.createDatabase()
      const races = runs(1_000)
      const { tokenRequests, failures, events } = await race({
        ...{ login: STRICT, store, processes, rounds: races, races, queries: 1, lease: false },
      })
      const forced = tokenRequests.filter((requests) => requests > 1).length
      told(
        `${processes} processes without the lease: ${tokenRequests.length} rounds, ${forced} of them raced, ${failures.length} queries failed (${counted(events)})`,
      )
      expect(failures).toEqual([])
      expect(Object.keys(events).filter((event) => event.includes('reauthorization'))).toEqual([])
    },
    2 * HOURS,
  )
})

describe('kill -9', () => {
  const points = (logins: Readonly<Record<string, (typeof FORGIVING)[string]>>) =>
    Object.entries(logins).flatMap(([name, login]) => CRASH_POINTS.map((point) => [name, point, login] as const))

  test.each(points(FORGIVING))(
    'at %s, %s',
    async (name, point, login) => {
      const count = runs(50)
      const { outcomes, tokenRequests, later } = await crash(login, point, count)
      told(`${name}, killed ${point}: ${counted(outcomes)}; at most ${tokenRequests} token requests, ${later} later`)
      expect({ outcomes, later }).toEqual({ outcomes: { ok: count }, later: 0 })
    },
    2 * HOURS,
  )

  test.each(points(UNFORGIVING))(
    'at %s, which forgives nothing, %s',
    async (name, point, login) => {
      const count = runs(50)
      const { outcomes, tokenRequests, later } = await crash(login, point, count)
      told(
        `${name} (strict), killed ${point}: ${counted(outcomes)}; at most ${tokenRequests} token requests, ${later} later`,
      )
      const isLost = point === 'after send' || point === 'after answer'
      expect({ outcomes, later }).toEqual({
        outcomes: { [isLost ? 'REAUTHORIZATION_REQUIRED ROTATION_LOST' : 'ok']: count },
        later: 0,
      })
    },
    2 * HOURS,
  )
})

describe('one day at one query a second', () => {
  /** Refreshes and logins per day that the lifetimes require. */
  const DAYS: readonly (readonly [string, string, string, [number, number], [number, number]])[] = [
    ['Bulutfon, by browser', 'bulutfon', 'authorizationCode', [12, 13], [0, 0]],
    ['Bulutfon, master token', 'bulutfon', 'masterToken', [0, 0], [0, 0]],
    ['Bulutfon, password on every call', 'bulutfon', 'password', [0, 0], [0, 0]],
    ['IPEX, password', 'ipex', 'password', [28, 31], [1, 1]],
    ['IPEX, acting for somebody', 'ipex', 'impersonating', [28, 31], [2, 2]],
    ['IPEX, single sign-on', 'ipex', 'sso', [23, 26], [1, 1]],
    ['IPEX, wholesale', 'ipex', 'b2b', [0, 0], [24, 26]],
    ['Postacell', 'postacell', 'login', [340, 380], [1, 2]],
    ['Rails API v1, password', 'rails-api-v1', 'password', [1_700, 1_900], [1, 1]],
    ['Rails API v1, by browser', 'rails-api-v1', 'authorizationCode', [1_700, 1_900], [0, 0]],
  ]
  const DAY_SECONDS = 24 * 60 * 60

  test.each(DAYS)(
    '%s',
    async (name, slug, account, refreshes, logins) => {
      const emulator = await (await providers.find((provider) => provider.slug === slug)!.emulator())({ scale: 0.02 })
      let now = Date.now()
      emulator.clock.set(now)
      const clock = { now: () => now, monotonic: () => now }
      const joined = joinLogin(emulator.accounts[account]!, memoryStore(clock.monotonic), clock)
      const outcomes: Record<string, number> = {}
      let [refused, asked] = [0, 0]
      for (let second = 0; second < DAY_SECONDS; second++) {
        const outcome = await joined.query()
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
        now += 1_000
        emulator.clock.advance(1_000)
        if (second % 3_600 === 3_599) {
          refused += emulator.journal.apiRequests.filter(({ status }) => status !== 200).length
          asked += emulator.journal.apiRequests.length
          emulator.journal.clear()
        }
      }
      const count = (wanted: string) => joined.events.filter(({ outcome }) => outcome === wanted).length
      await joined.close()
      await emulator.close()
      told(
        `${name}: ${DAY_SECONDS} queries, ${count('refreshed')} refreshes, ${count('logged in')} logins, ${asked} requests, ${refused} refused`,
      )
      expect({ outcomes, refused }).toEqual({ outcomes: { ok: DAY_SECONDS }, refused: 0 })
      const needsLogin =
        joined.events.length > 0 && !['STATIC_TOKEN', 'PASSWORD_PER_CALL'].includes(joined.events[0]!.flow)
      if (needsLogin) {
        expect(count('refreshed')).toBeGreaterThanOrEqual(refreshes[0])
        expect(count('refreshed')).toBeLessThanOrEqual(refreshes[1])
        expect(count('logged in')).toBeGreaterThanOrEqual(logins[0])
        expect(count('logged in')).toBeLessThanOrEqual(logins[1])
      }
    },
    2 * HOURS,
  )
})

describe('10,000 interleavings', () => {
  test(
    'of a refresh, a new label and an unlinking',
    async () => {
      let seen = 0
      const plan = fc.record({
        processes: fc.integer({ min: 1, max: 3 }),
        lease: fc.boolean(),
        rename: fc.boolean(),
        unlink: fc.boolean(),
        hiccup: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), plan, async (scheduler, chosen) => {
          seen += 1
          expect(await interleave(scheduler, chosen)).toEqual([])
        }),
        { numRuns: runs(10_000), endOnFailure: true },
      )
      told(`${seen} interleavings: no token lost, no label lost, no row resurrected`)
    },
    2 * HOURS,
  )
})

test(
  'a damaged file is refused or read rightly',
  async () => {
    const { flips, refusedFiles, refusedRows, right, missing, wrong } = await damage(runs(200))
    told(
      `${flips} flipped bits: ${refusedFiles} files and ${refusedRows} rows refused, ${right} rows read rightly, ${missing} missing, ${wrong} wrong`,
    )
    expect({ missing, wrong }).toEqual({ missing: 0, wrong: 0 })
  },
  HOURS,
)

test(
  'a reencryption that is killed at twenty points',
  async () => {
    let failed = 0
    const points = runs(20)
    for (let point = 1; point <= points; point++) {
      const result = await killReencryption(point / (points + 1))
      expect(result.signal).toBe('SIGKILL')
      failed += result.failed
    }
    told(`a reencryption killed at ${points} points: ${failed} rows that could not be read`)
    expect(failed).toBe(0)
  },
  HOURS,
)

describe('10,000 logins begun in a browser', () => {
  const stores: Record<string, () => Promise<string>> = {
    memory: async () => 'memory:',
    sqlite: async () => `sqlite:${join(mkdtempSync(join(tmpdir(), 'dialgraph-flood-')), 'logins.db')}`,
    postgres: async () => postgres!.createDatabase(),
  }
  test.each(Object.keys(stores).filter((name) => name !== 'postgres' || !postgresUnavailable))(
    'leave five of them in the %s store',
    async (name) => {
      const store = await openStore(await stores[name]!(), [randomBytes(32).toString('base64')])
      const count = runs(10_000)
      for (let begun = 0; begun < count; begun++) {
        await store.begin(
          {
            ...{ stateDigest: `state-${begun}`, login: 'shop', provider: 'bulutfon', browserDigest: 'browser' },
            ...{ codeVerifier: new Secret('verifier'), redirectUri: 'http://127.0.0.1/', expiresAt: 1_000_000 + begun },
          },
          5,
          0,
        )
      }
      let open = 0
      for (let begun = 0; begun < count; begun++) if (await store.take(`state-${begun}`)) open += 1
      await store.close()
      told(`${count} logins begun in the ${name} store: ${open} open`)
      expect(open).toBe(5)
    },
    HOURS,
  )
})
