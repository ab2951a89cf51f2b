import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import pg from 'pg'

import { openPostgres } from '../../src/store/sql/postgres.js'
import { pgbouncerUnavailable, startPgbouncer } from '../support/pgbouncer.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'
import { openPatiently } from './patient-store.js'

const unavailable = postgresUnavailable ?? pgbouncerUnavailable
if (unavailable) console.warn(`skipped: ${unavailable}`)
const it = unavailable ? test.skip : test

/** Kysely 0.28 takes it for the session, before it migrates. */
const KYSELY_MIGRATION_LOCK = '3853314791062309107'

let postgres: TestPostgres
let pooler: Awaited<ReturnType<typeof startPgbouncer>>
let direct = ''
let pooled = ''

beforeAll(async () => {
  if (unavailable) return
  postgres = await startPostgres()
  direct = await postgres.createDatabase()
  pooler = await startPgbouncer(direct)
  pooled = pooler.url(new URL(direct).pathname.slice(1))
}, 60_000)
afterAll(async () => {
  if (unavailable) return
  await pooler.close()
  await postgres.close()
})

describe('a PostgreSQL behind PgBouncer in transaction mode', () => {
  it('is a store like any other, for more replicas than it has connections', async () => {
    const keys = [randomBytes(32).toString('base64')]
    const stores = await Promise.all(Array.from({ length: 20 }, () => openPatiently(pooled, keys)))
    const leases = await Promise.all(stores.map((store, at) => store.lease('izmir', String(at), 20_000)))
    expect(leases.filter(Boolean)).toHaveLength(1)
    await Promise.all(stores.map((store) => store.close()))
  })

  it('opens while another session holds the lock that Kysely would take, and the pooler could leave behind', async () => {
    const emptyDatabase = await postgres.createEmptyDatabase()
    const holder = new pg.Client(emptyDatabase)
    await holder.connect()
    await holder.query(`select pg_advisory_lock(${KYSELY_MIGRATION_LOCK})`)
    const store = await openPatiently(pooler.url(new URL(emptyDatabase).pathname.slice(1)), [
      randomBytes(32).toString('base64'),
    ])
    expect(await store.lease('izmir', 'first', 20_000)).toBeTruthy()
    await store.close()
    await holder.end()
  })

  it('bounds every statement, within transactions and outside, and leaves the setting to nobody', async () => {
    const { db } = openPostgres(pooled, { connectMs: 60_000, statementMs: 60_000 })
    const timeout = async (asked: typeof db) =>
      (await sql<{ statement_timeout: string }>`show statement_timeout`.execute(asked)).rows[0]!.statement_timeout
    expect(await timeout(db)).toBe('1min')
    expect(await db.transaction().execute((within) => timeout(within as typeof db))).toBe('1min')
    await expect(sql`select 1/0`.execute(db)).rejects.toMatchObject({ code: '22012' })
    expect(await timeout(db)).toBe('1min')
    const other = new pg.Client(pooled)
    await other.connect()
    for (let turn = 0; turn < 4; turn += 1)
      expect(
        (await other.query<{ statement_timeout: string }>('show statement_timeout')).rows[0]!.statement_timeout,
      ).toBe('0')
    await other.end()
    await db.destroy()
  })

  it('ends a statement that takes too long at the server, too', async () => {
    const { db } = openPostgres(pooled, { connectMs: 60_000, statementMs: 300 })
    await expect(sql`select pg_sleep(10)`.execute(db)).rejects.toThrow(/timeout/)
    const watching = new pg.Client(direct)
    await watching.connect()
    for (;;) {
      const { rows } = await watching.query(
        "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
      )
      if (rows.length === 0) break
    }
    await watching.end()
    await db.destroy()
  })
})
