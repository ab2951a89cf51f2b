import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { createStory } from '../../src/emulator/create-story.js'
import type { RunningServer } from '../../src/server/server.js'
import { serveCalls, startCallEmulators, type CallEmulators } from './call-servers.js'
import { askPage, firstDisorder, walkCalls, type WalkedCall } from './http-walk.js'

const NOW = Date.parse('2026-03-17T15:30:00Z')
const SCALE = 0.08
/** The servers' clock stands still; the providers' goes on as calls arrive. */
const clock = { now: () => NOW, monotonic: () => performance.now() }
const key = randomBytes(32).toString('base64')

let emulators: CallEmulators
let server: RunningServer
beforeAll(async () => {
  emulators = await startCallEmulators({ scale: SCALE, now: NOW })
})
beforeEach(async () => {
  for (const emulator of [emulators.bulutfon, emulators.ipex]) {
    emulator.reset()
    emulator.clock.set(NOW)
  }
  server ??= await serveCalls(emulators.accounts, { key, clock })
})
afterAll(async () => {
  await server.close()
  await emulators.close()
})

/** When the calls of an account began, newest first, as the story has them. */
const told = (office: 'izmir' | 'prague') =>
  createStory({ now: NOW, scale: SCALE })
    .offices[office].calls.map(({ startedAt }) => new Date(startedAt).toISOString())
    .sort()
    .reverse()

const timesOf = (calls: readonly WalkedCall[], account: string) =>
  calls.filter((call) => call.account.key === account).map(({ startedAt }) => startedAt)

const ids = (calls: readonly WalkedCall[]) => calls.map(({ id }) => id)

let arrived = 0
/** Two calls end, one at each provider, later than all there were. */
function callsArrive(): void {
  arrived += 1
  const startedAt = NOW + arrived * 2_000
  for (const emulator of [emulators.bulutfon, emulators.ipex]) emulator.clock.set(startedAt + 1_000)
  emulators.bulutfon.addCall({ startedAt, endedAt: startedAt + 1_000 })
  emulators.ipex.addCall({ startedAt, endedAt: startedAt + 1_000 })
}

describe('a walk through the whole log over HTTP', () => {
  test.each([
    ['forwards', false],
    ['backwards', true],
  ])('%s gives every call once and in order, while calls arrive between its pages', async (_way, backwards) => {
    const { calls, pages } = await walkCalls(server.url, {
      ...{ size: 100, backwards },
      between() {
        callsArrive()
        return server.url
      },
    })
    expect(calls.length).toBeGreaterThan(1_500)
    expect(pages).toBe(Math.ceil(calls.length / 100))
    expect(firstDisorder(calls)).toBe(-1)
    expect(timesOf(calls, 'izmir')).toEqual(told('izmir'))
    expect(timesOf(calls, 'praha')).toEqual(told('prague'))
    expect(new Set(calls.map(({ account }) => account.key)).size).toBe(4)
  })

  test('goes on at another server with the same key, also when the one it began at is gone', async () => {
    const whole = await walkCalls(server.url, { size: 100 })
    const begunAt = await serveCalls(emulators.accounts, { key, clock })
    const replica = await serveCalls(emulators.accounts, { key, clock })
    try {
      const moved = await walkCalls(begunAt.url, {
        size: 100,
        between: async (page) => {
          if (page === 3) await begunAt.close()
          callsArrive()
          // Back and forth between two from then on.
          return page < 3 ? begunAt.url : page % 2 ? replica.url : server.url
        },
      })
      expect(ids(moved.calls)).toEqual(ids(whole.calls))
    } finally {
      await replica.close()
    }
  })

  test('does not go on at a server with another key, and one without a key makes its own', async () => {
    const { data } = await askPage(server.url, { first: 10 })
    const strangers = await Promise.all([
      serveCalls(emulators.accounts, { key: randomBytes(32).toString('base64'), clock }),
      serveCalls(emulators.accounts, { clock }),
    ])
    try {
      for (const { url } of strangers) {
        const answer = await askPage(url, { first: 10, after: data!.callRecords.pageInfo.endCursor })
        expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['CURSOR_INVALID'])
      }
    } finally {
      await Promise.all(strangers.map((stranger) => stranger.close()))
    }
  })
})

test('the first 50 calls of four accounts cost one list request each, and the tokens', async () => {
  const accounts = [
    { id: 'izmir', ...emulators.bulutfon.accounts['authorizationCode']! },
    { id: 'antalya', ...emulators.bulutfon.accounts['other']! },
    ...emulators.accounts.slice(2),
  ]
  const fresh = await serveCalls(accounts, { clock })
  try {
    const { data } = await askPage(fresh.url, { first: 50 })
    expect(data!.callRecords.nodes).toHaveLength(50)
    for (const [{ journal }, path] of [
      [emulators.bulutfon, '/cdrs'],
      [emulators.ipex, '/ipbxapi/calls'],
    ] as const) {
      const { apiRequests, tokenRequests } = journal
      expect(apiRequests.map((request) => request.path)).toEqual([path, path])
      expect(new Set(apiRequests.map(({ account }) => account)).size).toBe(2)
      expect(tokenRequests).toHaveLength(2)
    }
  } finally {
    await fresh.close()
  }
})
