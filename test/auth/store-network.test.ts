import { randomBytes } from 'node:crypto'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'

import { keyring } from '../../src/store/keyring.js'
import { openStore } from '../../src/store/open-store.js'
import { openPostgres } from '../../src/store/sql/postgres.js'
import { sqlStore } from '../../src/store/sql/sql.js'
import type { Store } from '../../src/store/store.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js'
import { loginClient, startTokenServer, type LoginClient, type TokenServer } from './token-server.js'

const KEYS = [randomBytes(32).toString('base64')]
/** Shorter than in production, and long enough for a busy machine. */
const TIMEOUTS = { connectMs: 1_000, statementMs: 1_000 }

const title = 'a PostgreSQL behind a network'
const suite = postgresUnavailable ? describe.skip : describe
suite(postgresUnavailable ? `${title} (skipped: ${postgresUnavailable})` : title, () => {
  let postgres: TestPostgres
  let proxy: TcpProxy
  let database: string
  let tokenServer: TokenServer
  const stores: Store[] = []
  const clients: LoginClient[] = []

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  beforeEach(async () => {
    tokenServer = await startTokenServer()
    database = await postgres.createDatabase()
    await (await openStore(database, KEYS)).close()
    proxy = await startTcpProxy(database)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close()
    for (const store of stores.splice(0)) await store.close()
    await proxy.close()
    await tokenServer.close()
  })
  afterAll(() => postgres?.close())

  function openClient(address: string): LoginClient {
    const store = sqlStore(openPostgres(address, TIMEOUTS), keyring(KEYS))
    const client = loginClient(tokenServer, 'authorization code', { store })
    stores.push(store)
    clients.push(client)
    return client
  }
  const passSeconds = (seconds: number) => {
    for (const { clock } of clients) clock.advance(seconds * 1_000)
    tokenServer.clock.advance(seconds * 1_000)
  }
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      ({ code }: { code: string }) => code,
    )
  /** Seconds until a request succeeds. */
  async function served(client: LoginClient): Promise<number> {
    const began = performance.now()
    while ((await code(client.get())) !== 'ok') await new Promise((resolve) => setTimeout(resolve, 50))
    return (performance.now() - began) / 1_000
  }
  const statement = async (text: string) => {
    const client = new pg.Client(new URL('/postgres', database).href)
    await client.connect()
    await client.query(text).finally(() => client.end())
  }

  test('that is slow: everybody is served, with one refresh over two processes', async () => {
    const [near, far] = [openClient(database), openClient(proxy.url(database))]
    await near.get()
    await far.get()
    passSeconds(301)
    proxy.delay(100)
    const outcomes = await Promise.all([far, near, far, near].map((client) => code(client.get())))
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('that is parted from one of two processes: that one says so in time, and goes on by itself once it is healed', async () => {
    const [near, far] = [openClient(database), openClient(proxy.url(database))]
    await near.get()
    await Promise.all(Array.from({ length: 10 }, () => far.get()))
    // Opens several connections, so that several lose their peer; on a busy machine not each in its time.
    await Promise.allSettled(Array.from({ length: 10 }, () => stores[1]!.read('account')))
    proxy.part()
    expect(await code(far.get())).toBe('ok')
    passSeconds(301)
    expect(await code(far.get())).toBe('CREDENTIALS_UNAVAILABLE')
    expect(await code(near.get())).toBe('ok')
    proxy.heal()
    expect(await served(far)).toBeLessThan(10)
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
    expect(await far.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  }, 30_000)

  test('whose connections are cut while a token is on its way to it: the token is stored over another one', async () => {
    const client = openClient(proxy.url(database))
    await client.get()
    passSeconds(301)
    tokenServer.faults.next({
      path: /token/,
      until: (async () => {
        while (tokenServer.grants().length < 2) await new Promise((resolve) => setImmediate(resolve))
        proxy.cut()
      })(),
    })
    expect(await code(client.get())).toBe('ok')
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('that can only be read: the token in hand serves, nothing is redeemed, and it heals', async () => {
    const client = openClient(database)
    await client.get()
    const name = new URL(database).pathname.slice(1)
    const readOnly = async (value: string) => {
      await statement(`alter database ${name} set default_transaction_read_only = ${value}`)
      await statement(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
      )
    }
    await readOnly('on')
    expect(await code(client.get())).toBe('ok')
    passSeconds(301)
    for (let turn = 0; turn < 5; turn++) expect(await code(client.get())).toBe('CREDENTIALS_UNAVAILABLE')
    expect(tokenServer.grants()).toEqual(['refresh_token'])
    await readOnly('off')
    expect(await served(client)).toBeLessThan(10)
    expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  })
})
