import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Migrator, sql } from 'kysely'

import { Secret } from '../../src/secret.js'
import { storeProblem } from '../../src/server/config/open-store.js'
import { keyring, SealBroken } from '../../src/store/keyring.js'
import { claimKeys } from '../../src/store/sql/migrate.js'
import { LaterVersion } from '../../src/store/later-version.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import type { SqlDialect } from '../../src/store/sql/dialect.js'
import { migrations } from '../../src/store/sql/migrations.js'
import { sqlStore } from '../../src/store/sql/sql.js'
import type { StoredGrant } from '../../src/store/token-store.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'

const key = () => randomBytes(32).toString('base64')
const KEY = key()
const VERSIONS = Object.keys(migrations)

const grant = (generation: number): StoredGrant => ({
  ...{ generation, status: 'ACTIVE', receivedAt: 1, lifetimeSeconds: 300, refreshExpiresAt: null, scopes: [] },
  ...{ identity: {}, configuredWith: 'fingerprint', intent: null, lastError: null },
  accessToken: new Secret(`access ${generation}`),
  refreshToken: new Secret(`refresh ${generation}`),
})

let postgres: TestPostgres | null = null
let folder = ''
let files = 0
const open: { close(): Promise<unknown> }[] = []
const urls: Record<string, () => Promise<string>> = {
  sqlite: async () => `sqlite:${join(folder, `${++files}.db`)}`,
  postgres: async () => postgres!.createEmptyDatabase(),
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-versions-'))
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(async () => {
  await postgres?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function dialectOf(url: string): Promise<SqlDialect> {
  const dialect = await openDialect(url)
  open.push({ close: () => dialect.db.destroy() })
  return dialect
}
async function latest(url: string, keys = [KEY]) {
  const store = await openStore(url, keys)
  open.push(store)
  return store
}

/** A store as written by a server of that version. */
async function storeOf(version: string, url: string) {
  const dialect = await dialectOf(url)
  const { error } = await new Migrator({
    db: dialect.db,
    provider: { getMigrations: async () => ({ ...migrations }) },
  }).migrateTo(version)
  expect(error).toBeUndefined()
  await claimKeys(dialect, keyring([KEY]))
  return sqlStore(dialect, keyring([KEY]))
}

const tablesIn = async ({ db }: SqlDialect) => (await db.introspection.getTables()).map(({ name }) => name).sort()

describe.each(Object.keys(urls))('a %s store', (name) => {
  const it = name === 'postgres' && postgresUnavailable ? test.skip : test

  it.each(VERSIONS)(
    'of version %s is brought to this one by whoever has its key, and by nobody else',
    async (version) => {
      const url = await urls[name]!()
      await (await storeOf(version, url)).write('izmir', 0, grant(1))
      const dialect = await dialectOf(url)
      const before = await tablesIn(dialect)
      await expect(openStore(url, [key()])).rejects.toThrow(SealBroken)
      expect(await tablesIn(dialect)).toEqual(before)
      expect(await (await latest(url)).read('izmir')).toEqual(grant(1))
      const fresh = await urls[name]!()
      await latest(fresh)
      expect(await tablesIn(dialect)).toEqual(await tablesIn(await dialectOf(fresh)))
    },
  )

  it('goes on serving those of the version before while it is brought to this one, and after', async () => {
    const url = await urls[name]!()
    const before = await storeOf(VERSIONS.at(-2)!, url)
    await before.write('izmir', 0, grant(1))
    let generation = 1
    let moving = true
    const serving = (async () => {
      while (moving) {
        expect(await before.lease('izmir', 'the version before', 20_000)).toBe(true)
        expect(await before.write('izmir', generation, grant(generation + 1))).toBe(true)
        generation += 1
        await before.release('izmir', 'the version before')
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const stores = await Promise.all(Array.from({ length: 3 }, () => latest(url)))
    moving = false
    await serving
    for (const store of stores) expect((await store.read('izmir'))?.generation).toBe(generation)
    expect(await before.write('izmir', generation, grant(generation + 1))).toBe(true)
    expect((await stores[0]!.read('izmir'))?.generation).toBe(generation + 1)
  })

  it('that a later version has used is refused, told as that, and left as it is', async () => {
    const url = await urls[name]!()
    await (await latest(url)).write('izmir', 0, grant(1))
    const dialect = await dialectOf(url)
    await sql`insert into kysely_migration (name, timestamp) values ('999-later', '2030-01-01')`.execute(dialect.db)
    const refused = await openStore(url, [KEY]).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(LaterVersion)
    expect(storeProblem(url, refused)).toMatch(
      /^store\.url: .* has been used by a later version of this server \(999-later\)\. .* nothing was changed\.$/,
    )
    await sql`delete from kysely_migration where name = '999-later'`.execute(dialect.db)
    expect(await (await latest(url)).read('izmir')).toEqual(grant(1))
  })
})
