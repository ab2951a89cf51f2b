/**
 * The full proof of how logins survive faults of the network, the disk, the clock and the process.
 * Part of `npm run proof:logins`; `-t` runs a part of it, `PROOF_RUNS=…` changes the number of
 * runs.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { keyring } from '../../src/store/keyring.js'
import { memoryStore } from '../../src/store/memory.js'
import { openStore } from '../../src/store/open-store.js'
import { killWriters } from '../store/killed-writers.js'
import { repeatedNonces } from '../store/nonces.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { holdUp } from '../support/processes/held-up.js'
import { joinLogin, movedClock } from '../support/processes/joined-login.js'
import { loseAnswer } from '../support/processes/lost-answer.js'
import { endLeases, FORGIVING, startEmulator, STRICT, UNFORGIVING } from '../support/processes/scenarios.js'
import { startServerProcess } from '../support/processes/start-server-process.js'
import { runs, teller } from '../support/proof.js'
import { startTcpProxy } from '../support/tcp-proxy.js'

const HOURS = 3_600_000
const KEYS = [randomBytes(32).toString('base64')]
const told = teller('login faults')
const counted = (outcomes: readonly string[]) =>
  [...new Set(outcomes)].map((one) => `${outcomes.filter((other) => other === one).length} ${one}`).join(', ')

let postgres: TestPostgres | null = null
beforeAll(async () => {
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterAll(async () => {
  await postgres?.close()
})

const shared = postgresUnavailable ? describe.skip : describe
shared(
  postgresUnavailable ? `servers on one PostgreSQL (skipped: ${postgresUnavailable})` : 'servers on one PostgreSQL',
  () => {
    test.each([2, 4])(
      '%d of them, 250 queries each at a token that has run out, a token endpoint of 3 s',
      async (count) => {
        const store = await postgres!.createDatabase()
        const emulator = await startEmulator(STRICT)
        const settings = { store, keys: KEYS, account: emulator.accounts[STRICT.account]!, ahead: 0 }
        const servers = await Promise.all(Array.from({ length: count }, () => startServerProcess(settings)))
        const rounds = runs(100)
        const failures: string[] = []
        const tokenRequests: number[] = []
        try {
          for (const server of servers) expect(await server.query(1)).toEqual(['ok'])
          for (let round = 0; round < rounds; round++) {
            emulator.clock.advance((STRICT.lifetime + 1) * 1_000)
            for (const server of servers) await server.advance(STRICT.lifetime + 1)
            emulator.journal.clear()
            emulator.faults.next({ path: new RegExp(`${STRICT.tokenPath}$`), delayMs: 3_000, times: Infinity })
            const answers = await Promise.all(servers.map((server) => server.query(250)))
            emulator.faults.clear()
            failures.push(...answers.flat().filter((outcome) => outcome !== 'ok'))
            tokenRequests.push(emulator.journal.tokenRequests.length)
          }
        } finally {
          for (const server of servers) await server.kill()
          await emulator.close()
        }
        told(
          `${count} servers: ${rounds} rounds, ${count * rounds * 250} queries over HTTP, ${failures.length} failed; token requests a round: ${Math.min(...tokenRequests)} to ${Math.max(...tokenRequests)}`,
        )
        expect({ failures, requests: new Set(tokenRequests) }).toEqual({ failures: [], requests: new Set([1]) })
      },
      2 * HOURS,
    )

    test(
      'which is stopped after the provider has answered, and started again',
      async () => {
        const count = postgres!.server ? runs(20) : 0
        const emulator = await startEmulator(STRICT)
        const clock = movedClock()
        const store = await openStore(await postgres!.createDatabase(), KEYS)
        const joined = joinLogin(emulator.accounts[STRICT.account]!, store, clock)
        const healed: number[] = []
        expect(await joined.query()).toBe('ok')
        for (let run = 0; run < count; run++) {
          clock.advance(STRICT.lifetime + 1)
          emulator.clock.advance((STRICT.lifetime + 1) * 1_000)
          emulator.journal.clear()
          const stopped = (async () => {
            while (emulator.journal.tokenRequests.length === 0) await new Promise((resolve) => setImmediate(resolve))
            await postgres!.server!.stop()
          })()
          emulator.faults.next({ path: /token$/, until: stopped })
          expect(await joined.query(60_000)).toBe('CREDENTIALS_UNAVAILABLE')
          await postgres!.server!.start()
          const began = performance.now()
          while ((await joined.query(60_000)) !== 'ok') expect(performance.now() - began).toBeLessThan(10_000)
          healed.push(performance.now() - began)
          expect(emulator.journal.tokenRequests).toHaveLength(1)
        }
        await joined.close()
        await store.close()
        await emulator.close()
        told(
          `PostgreSQL stopped in the middle of ${count} refreshes: none lost, healed within ${Math.round(Math.max(0, ...healed))} ms`,
        )
      },
      HOURS,
    )

    test.each<[string, number]>([
      ['takes two seconds for each answer', 2_000],
      ['takes half a second for each answer', 500],
    ])(
      'which %s',
      async (_, delayMs) => {
        const url = await postgres!.createDatabase()
        const proxy = await startTcpProxy(url)
        const emulator = await startEmulator(STRICT)
        const clock = movedClock()
        const stores = [await openStore(url, KEYS), await openStore(proxy.url(url), KEYS)]
        const joined = stores.map((store) => joinLogin(emulator.accounts[STRICT.account]!, store, clock))
        for (const login of joined) expect(await login.query(60_000)).toBe('ok')
        clock.advance(STRICT.lifetime + 1)
        emulator.clock.advance((STRICT.lifetime + 1) * 1_000)
        emulator.journal.clear()
        proxy.delay(delayMs)
        const began = performance.now()
        const outcomes = await Promise.all([joined[1]!.query(60_000), joined[0]!.query(60_000)])
        const seconds = ((performance.now() - began) / 1_000).toFixed(1)
        told(
          `a store of ${delayMs} ms: ${counted(outcomes)} after ${seconds} s, ${emulator.journal.tokenRequests.length} token request`,
        )
        expect({ outcomes, requests: emulator.journal.tokenRequests.length }).toEqual({
          outcomes: ['ok', 'ok'],
          requests: 1,
        })
        proxy.delay(0)
        for (const login of joined) await login.close()
        for (const store of stores) await store.close()
        await proxy.close()
        await emulator.close()
      },
      HOURS,
    )

    test(
      'which is parted from the network, with the time-outs of a real server',
      async () => {
        const url = await postgres!.createDatabase()
        const proxy = await startTcpProxy(url)
        const emulator = await startEmulator(STRICT)
        const clock = movedClock()
        const store = await openStore(proxy.url(url), KEYS)
        const joined = joinLogin(emulator.accounts[STRICT.account]!, store, clock)
        await joined.query()
        await Promise.all(Array.from({ length: 10 }, () => store.read('shared')))
        clock.advance(STRICT.lifetime + 1)
        emulator.clock.advance((STRICT.lifetime + 1) * 1_000)
        emulator.journal.clear()
        proxy.part()
        const partedAt = performance.now()
        const outcome = await joined.query(60_000)
        const waited = performance.now() - partedAt
        proxy.heal()
        const healedAt = performance.now()
        while ((await joined.query(60_000)) !== 'ok') expect(performance.now() - healedAt).toBeLessThan(10_000)
        told(
          `a parted store: ${outcome} after ${(waited / 1_000).toFixed(1)} s, healed ${((performance.now() - healedAt) / 1_000).toFixed(1)} s after the network`,
        )
        expect(outcome).toBe('CREDENTIALS_UNAVAILABLE')
        expect(emulator.journal.tokenRequests).toHaveLength(1)
        await joined.close()
        await store.close()
        await proxy.close()
        await emulator.close()
      },
      HOURS,
    )
  },
)

describe('an answer that is lost after the provider has rotated', () => {
  test.each(Object.entries(FORGIVING))(
    'costs nothing at %s',
    async (name, login) => {
      const count = runs(50)
      const results = []
      for (let run = 0; run < count; run++) results.push(await loseAnswer(login, 1))
      told(`${name}, answer lost: ${counted(results.map(({ outcome }) => outcome))}`)
      for (const { outcome, later, nextDay } of results)
        expect({ outcome, later, nextDay }).toEqual({ outcome: 'ok', later: 0, nextDay: 'ok' })
      // Also when the second response is lost: it is tried again later.
      const { outcome, nextDay } = await loseAnswer(login, 2)
      expect({ isLost: outcome.startsWith('REAUTHORIZATION'), nextDay }).toEqual({ isLost: false, nextDay: 'ok' })
    },
    HOURS,
  )

  test.each(Object.entries(UNFORGIVING))(
    'is named as that at %s, which forgives nothing, after two redemptions at most',
    async (name, login) => {
      const count = runs(50)
      const results = []
      for (let run = 0; run < count; run++) results.push(await loseAnswer(login, 1))
      told(
        `${name} (strict), answer lost: ${counted(results.map(({ outcome }) => outcome))}; at most ${Math.max(...results.map(({ tokenRequests }) => tokenRequests))} token requests`,
      )
      for (const { outcome, tokenRequests, later } of results)
        expect({ outcome, tokenRequests, later }).toEqual({
          ...{ outcome: 'REAUTHORIZATION_REQUIRED ROTATION_LOST', tokenRequests: 2, later: 0 },
        })
    },
    HOURS,
  )
})

describe('a process that stands still for longer than its lease', () => {
  const logins = {
    'Bulutfon (strict)': STRICT,
    'Bulutfon, revoking at first use': FORGIVING['Bulutfon, revoking at first use']!,
  }
  const points = ['before lease', 'before send', 'after send', 'after answer'] as const
  test.each(Object.entries(logins).flatMap(([name, login]) => points.map((point) => [name, point, login] as const)))(
    'at %s, %s',
    async (name, point, login) => {
      const count = runs(10)
      for (let run = 0; run < count; run++) {
        const { held, after, tokenRequests, generations } = await holdUp(login, point)
        expect({ held, after }).toEqual({ held: 'ok', after: ['ok', 'ok'] })
        expect(tokenRequests).toBeLessThanOrEqual(point === 'before lease' ? 1 : 2)
        expect(generations).toEqual([...generations].sort((one, other) => one - other))
      }
      told(`${name}, held up ${point} for longer than its lease: ${count} times, both served afterwards`)
    },
    HOURS,
  )
})

describe('a clock that jumps', () => {
  /** Lifetime of a token, and how early it may be replaced, in seconds. */
  const LOGINS = [
    ['Bulutfon', 'bulutfon', 'authorizationCode', 7_200],
    ['IPEX', 'ipex', 'password', 3_000],
    ['IPEX, acting for somebody', 'ipex', 'impersonating', 3_000],
    ['Postacell', 'postacell', 'login', 300],
    ['Rails API v1', 'rails-api-v1', 'password', 60],
  ] as const
  const JUMPS = [-600, -60, 60, 600]

  test.each(LOGINS.flatMap((login) => JUMPS.map((jump) => [...login, jump] as const)))(
    'at %s (%s, %s, %d s) by %d s costs nothing',
    async (name, slug, account, lifetime, jump) => {
      const emulator = await startEmulator({ slug, account, tokenPath: '', lifetime })
      let [now, stepped] = [Date.now(), 0]
      emulator.clock.set(now)
      const clock = { now: () => now + stepped, monotonic: () => now }
      const joined = joinLogin(emulator.accounts[account]!, memoryStore(clock.monotonic), clock)
      const lifetimes = 10
      const step = lifetime / 60
      await joined.query()
      emulator.journal.clear()
      for (let turn = 1; turn <= lifetimes * 60; turn++) {
        // Once every other lifetime, at a different age each time.
        if (turn % 127 === 0) stepped += jump
        now += step * 1_000
        emulator.clock.advance(step * 1_000)
        expect(await joined.query()).toBe('ok')
      }
      const refused = emulator.journal.apiRequests.filter(({ status }) => status !== 200).length
      const replaced = emulator.journal.tokenRequests.filter(({ path }) => !path.endsWith('/token-exchange')).length
      const margin = 1.2 * Math.min(60, lifetime / 5) + step
      await joined.close()
      await emulator.close()
      told(
        `${name}, its clock jumping by ${jump} s: ${replaced} refreshes in ${lifetimes} lifetimes, ${refused} refusals`,
      )
      expect(refused).toBe(0)
      expect(replaced).toBeGreaterThanOrEqual(lifetimes - 1)
      expect(replaced).toBeLessThanOrEqual(Math.ceil((lifetimes * lifetime) / (lifetime - margin)))
    },
    HOURS,
  )
})

describe('a disk', () => {
  test(
    'on which a process is killed while it writes',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'dialgraph-killed-'))
      const result = await killWriters(folder, runs(100))
      rmSync(folder, { recursive: true, force: true })
      told(
        `writers killed ${result.kills} times: ${result.torn} rows torn, ${result.orphans} orphans, ${result.lost} lost`,
      )
      expect(result).toMatchObject({ torn: 0, orphans: 0, lost: 0 })
    },
    HOURS,
  )

  const small = smallDisk()
  const onSmallDisk = small ? test : test.skip
  onSmallDisk(
    `that is full, on which a process is killed while it writes${small ? '' : ' (skipped: no small disk can be mounted here)'}`,
    async () => {
      const ballast = join(small!, 'ballast')
      const fill = () => {
        const { bavail, bsize } = statfsSync(small!)
        try {
          writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 8 * 1_024)))
        } catch (error) {
          // Its writers have filled the disk meanwhile, and full is what it is to be.
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
      const result = await killWriters(small!, runs(100), {
        beforeKill: fill,
        afterKill: () => rmSync(ballast, { force: true }),
      })
      told(
        `writers killed ${result.kills} times on a disk that is full: ${result.torn} rows torn, ${result.orphans} orphans, ${result.lost} lost`,
      )
      expect(result).toMatchObject({ torn: 0, orphans: 0, lost: 0 })
    },
    HOURS,
  )
  afterAll(() => {
    if (small) execFileSync('umount', ['--lazy', small])
  })
})

test.each(['rails-api-v1/password', 'rails-api-v1/authorizationCode', 'bulutfon/authorizationCode', 'postacell/login'])(
  'a server of %s that is killed under load, and started again',
  async (name) => {
    const [slug = '', account = ''] = name.split('/')
    const lifetime = { 'rails-api-v1': 60, bulutfon: 7_200, postacell: 300 }[slug]!
    const login = FORGIVING_SERVER[slug] ?? {}
    const emulator = await startEmulator({ slug, account, tokenPath: '', lifetime, knobs: login })
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-server-'))
    const store = `sqlite:${join(folder, 'logins.db')}`
    const entry = emulator.accounts[account]!
    let ahead = 0
    const ready: number[] = []
    const later: string[] = []
    const count = runs(50)
    for (let run = 0; run <= count; run++) {
      const began = performance.now()
      const server = await startServerProcess({ store, keys: KEYS, account: entry, ahead })
      while ((await fetch(`${server.url}/readyz`)).status !== 200);
      ready.push(performance.now() - began)
      later.push(...(await server.query(5)))
      ahead += lifetime + 1
      await server.advance(lifetime + 1)
      emulator.clock.advance((lifetime + 1) * 1_000)
      const load = server.query(100).catch(() => [])
      await new Promise((resolve) => setTimeout(resolve, (run * 7) % 100))
      await server.kill()
      await load
      // As if twenty seconds had passed.
      await endLeases(store)
    }
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
    told(
      `a server of ${name} killed ${count} times under load: ${counted(later)} after the restart, ready within ${(Math.max(...ready) / 1_000).toFixed(1)} s`,
    )
    expect(new Set(later)).toEqual(new Set(['ok']))
  },
  HOURS,
)

test(
  'a million sealed values share no nonce',
  () => {
    const count = runs(1_000_000)
    const repeated = repeatedNonces(keyring(KEYS), count)
    told(`${count} sealed values: ${repeated} nonces came back`)
    expect(repeated).toBe(0)
  },
  HOURS,
)

/** Knobs with which the old refresh token works until the new access token is used. */
const FORGIVING_SERVER: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bulutfon: { rotation: 'first-use' },
}

/** A disk of a megabyte, where this process may mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    return null
  }
}
