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
import { guest, tokenHouse, type Guest, type TokenHouse } from './token-server.js'

const KEYS = [randomBytes(32).toString('base64')]
/** The real ones, made shorter, so that nobody waits for them here. */
const TIMEOUTS = { connectMs: 300, statementMs: 500 }

const title = 'a PostgreSQL behind a network'
const suite = postgresUnavailable ? describe.skip : describe
suite(postgresUnavailable ? `${title} (skipped: ${postgresUnavailable})` : title, () => {
  let postgres: TestPostgres
  let proxy: TcpProxy
  let database: string
  let house: TokenHouse
  const stores: Store[] = []
  const guests: Guest[] = []

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  beforeEach(async () => {
    house = await tokenHouse()
    database = await postgres.createDatabase()
    await (await openStore(database, KEYS)).close()
    proxy = await startTcpProxy(database)
  })
  afterEach(async () => {
    for (const visitor of guests.splice(0)) await visitor.close()
    for (const store of stores.splice(0)) await store.close()
    await proxy.close()
    await house.close()
  })
  afterAll(() => postgres?.close())

  function join(address: string): Guest {
    const store = sqlStore(openPostgres(address, TIMEOUTS), keyring(KEYS))
    const visitor = guest(house, 'authorization code', { store })
    stores.push(store)
    guests.push(visitor)
    return visitor
  }
  const pass = (seconds: number) => {
    for (const { clock } of guests) clock.advance(seconds * 1_000)
    house.clock.advance(seconds * 1_000)
  }
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      ({ code }: { code: string }) => code,
    )
  /** Asks until it is served, and says how many seconds that took. */
  async function served(visitor: Guest): Promise<number> {
    const began = performance.now()
    while ((await code(visitor.get())) !== 'ok') await new Promise((resolve) => setTimeout(resolve, 50))
    return (performance.now() - began) / 1_000
  }
  const statement = async (text: string) => {
    const client = new pg.Client(new URL('/postgres', database).href)
    await client.connect()
    await client.query(text).finally(() => client.end())
  }

  test('that is slow: everybody is served, with one refresh over two processes', async () => {
    const [near, far] = [join(database), join(proxy.url(database))]
    await near.get()
    await far.get()
    pass(301)
    proxy.delay(100)
    const outcomes = await Promise.all([far, near, far, near].map((visitor) => code(visitor.get())))
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('that is parted from one of two processes: that one says so in time, and goes on by itself once it is healed', async () => {
    const [near, far] = [join(database), join(proxy.url(database))]
    await near.get()
    await Promise.all(Array.from({ length: 10 }, () => far.get()))
    // Several connections, so that several have no other end afterwards.
    await Promise.all(Array.from({ length: 10 }, () => stores[1]!.read('house')))
    proxy.part()
    expect(await code(far.get())).toBe('ok')
    pass(301)
    expect(await code(far.get())).toBe('CREDENTIALS_UNAVAILABLE')
    expect(await code(near.get())).toBe('ok')
    proxy.heal()
    expect(await served(far)).toBeLessThan(10)
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
    expect(await far.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  }, 30_000)

  test('whose connections are cut while a token is on its way to it: the token is stored over another one', async () => {
    const visitor = join(proxy.url(database))
    await visitor.get()
    pass(301)
    house.faults.next({
      path: /token/,
      until: (async () => {
        while (house.grants().length < 2) await new Promise((resolve) => setImmediate(resolve))
        proxy.cut()
      })(),
    })
    expect(await code(visitor.get())).toBe('ok')
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  })

  test('that can only be read: the token in hand serves, nothing is redeemed, and it heals', async () => {
    const visitor = join(database)
    await visitor.get()
    const name = new URL(database).pathname.slice(1)
    const readOnly = async (value: string) => {
      await statement(`alter database ${name} set default_transaction_read_only = ${value}`)
      await statement(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
      )
    }
    await readOnly('on')
    expect(await code(visitor.get())).toBe('ok')
    pass(301)
    for (let turn = 0; turn < 5; turn++) expect(await code(visitor.get())).toBe('CREDENTIALS_UNAVAILABLE')
    expect(house.grants()).toEqual(['refresh_token'])
    await readOnly('off')
    expect(await served(visitor)).toBeLessThan(10)
    expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  })
})
