import { randomBytes } from 'node:crypto'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import type { Send } from '../../src/http/http.js'
import { openStore } from '../../src/store/open-store.js'
import type { Store } from '../../src/store/store.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { loginClient, startTokenServer, type LoginClient, type TokenServer } from './token-server.js'

const isOthers = Boolean(process.env['DIALGRAPH_TEST_POSTGRES'])
const lacking = postgresUnavailable ?? (isOthers ? 'the PostgreSQL is not ours to stop' : null)
const suite = lacking ? describe.skip : describe

suite(lacking ? `a PostgreSQL that is stopped (skipped: ${lacking})` : 'a PostgreSQL that is stopped', () => {
  let postgres: TestPostgres
  let tokenServer: TokenServer
  let store: Store
  let client: LoginClient
  let onToken: () => Promise<void>

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  beforeEach(async () => {
    tokenServer = await startTokenServer()
    store = await openStore(await postgres.createDatabase(), [randomBytes(32).toString('base64')])
    onToken = async () => {}
    const send =
      (inner: Send): Send =>
      async (request, options) => {
        const answer = await inner(request, options)
        if (request.url.endsWith('/token')) await onToken()
        return answer
      }
    client = loginClient(tokenServer, 'authorization code', { store, send })
    expect(await client.get()).toEqual({ fine: true })
  })
  afterEach(async () => {
    await client.close()
    await store.close()
    await tokenServer.close()
  })
  afterAll(() => postgres?.close())

  const passSeconds = (seconds: number) => {
    client.clock.advance(seconds * 1_000)
    tokenServer.clock.advance(seconds * 1_000)
  }
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      ({ code }: { code: string }) => code,
    )

  test('between the answer and the write: the new token is used by nobody until it is stored, and then by everybody', async () => {
    passSeconds(301)
    onToken = () => postgres.server!.stop()
    const first = await Promise.all(Array.from({ length: 20 }, () => code(client.get())))
    expect(new Set(first)).toEqual(new Set(['CREDENTIALS_UNAVAILABLE']))
    expect(tokenServer.journal.apiRequests).toHaveLength(1)
    onToken = async () => {}
    await postgres.server!.start()
    while ((await code(client.get())) !== 'ok') await new Promise((resolve) => setTimeout(resolve, 100))
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
    expect(await client.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  }, 60_000)

  test('while a token is good: it serves on, and the store is told of once a minute', async () => {
    await postgres.server!.stop()
    try {
      for (let second = 0; second < 250; second += 5) {
        expect(await code(client.get())).toBe('ok')
        passSeconds(5)
      }
      const told = client.events.filter(({ outcome }) => outcome === 'store unavailable')
      expect(told.length).toBeGreaterThan(0)
      expect(told.length).toBeLessThanOrEqual(4)
      passSeconds(60)
      expect(await code(client.get())).toBe('CREDENTIALS_UNAVAILABLE')
      expect(await client.state()).toMatchObject({ status: 'BACKOFF', lastError: { code: 'CREDENTIALS_UNAVAILABLE' } })
    } finally {
      await postgres.server!.start()
    }
    while ((await code(client.get())) !== 'ok') await new Promise((resolve) => setTimeout(resolve, 100))
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  }, 60_000)

  test('before anything is sent: nothing is redeemed that could not be stored', async () => {
    await postgres.server!.stop()
    try {
      passSeconds(301)
      expect(await code(client.get())).toBe('CREDENTIALS_UNAVAILABLE')
      expect(tokenServer.grants()).toEqual(['refresh_token'])
    } finally {
      await postgres.server!.start()
    }
    expect(await code(client.get())).toBe('ok')
  }, 60_000)
})
