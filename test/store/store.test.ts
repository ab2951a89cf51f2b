import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'

import { Secret } from '../../src/secret.js'
import { keyring, SealBroken } from '../../src/store/keyring.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import { reencryptRows } from '../../src/store/sql.js'
import type { StoredGrant, TokenStore } from '../../src/store/token-store.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'

const key = () => randomBytes(32).toString('base64')
const KEYS = [key()]

const grant = (generation: number, more: Partial<StoredGrant> = {}): StoredGrant => ({
  generation,
  status: 'ACTIVE',
  accessToken: new Secret('canary-access'),
  refreshToken: new Secret('canary-refresh'),
  receivedAt: 1_770_000_000_123,
  lifetimeSeconds: 300,
  refreshExpiresAt: 1_770_086_400_000,
  scopes: ['cdr', 'call_record'],
  identity: { userId: '17', email: 'ada@mail.example' },
  configuredWith: 'canary-fingerprint',
  intent: null,
  lastError: { code: 'PROVIDER_TIMEOUT', reason: null, occurredAt: 1_770_000_000_000, attempts: 2, nextAttemptAt: 1_770_000_005_000 },
  ...more,
})

let postgres: TestPostgres | null = null
let folder = ''
const stores: TokenStore[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-store-'))
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})
afterAll(async () => {
  await postgres?.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = async (url: string, keys = KEYS): Promise<TokenStore> => {
  const store = await openStore(url, keys)
  stores.push(store)
  return store
}
let files = 0
const urls: Record<string, () => Promise<string>> = {
  memory: async () => 'memory:',
  sqlite: async () => `sqlite:${join(folder, `${++files}.db`)}`,
  postgres: async () => (postgres as TestPostgres).createDatabase(),
}
const sharable = ['sqlite', 'postgres']
const runnable = (name: string) => (name === 'postgres' && postgresUnavailable ? test.skip : test)
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

describe.each(Object.keys(urls))('the %s store', (name) => {
  const store = async () => open(await (urls[name] as () => Promise<string>)())
  const it = runnable(name)

  it('gives back a login as it was written', async () => {
    const opened = await store()
    expect(await opened.read('izmir')).toBeNull()
    expect(await opened.write('izmir', 0, grant(1))).toBe(true)
    const row = await opened.read('izmir')
    expect(row).toEqual(grant(1))
    expect([row?.accessToken?.reveal(), row?.refreshToken?.reveal()]).toEqual(['canary-access', 'canary-refresh'])
  })

  it('writes only over the generation that was read', async () => {
    const opened = await store()
    expect(await opened.write('izmir', 1, grant(2))).toBe(false)
    expect(await opened.write('izmir', 0, grant(1))).toBe(true)
    expect(await opened.write('izmir', 0, grant(1, { scopes: ['other'] }))).toBe(false)
    expect(await opened.write('izmir', 1, grant(2, { accessToken: null, intent: null }))).toBe(true)
    expect(await opened.write('izmir', 1, grant(2))).toBe(false)
    expect(await opened.read('izmir')).toEqual(grant(2, { accessToken: null, intent: null }))
  })

  it('lets exactly one of many writers win', async () => {
    const opened = await store()
    await opened.write('izmir', 0, grant(1))
    const wins = await Promise.all(Array.from({ length: 20 }, (_, at) => opened.write('izmir', 1, grant(2, { scopes: [String(at)] }))))
    expect(wins.filter(Boolean)).toHaveLength(1)
    expect((await opened.read('izmir'))?.scopes).toEqual([String(wins.indexOf(true))])
  })

  it('notes an intent on the generation it was made for, and on no other', async () => {
    const opened = await store()
    await opened.write('izmir', 0, grant(1))
    const intent = { refreshTokenFingerprint: 'abc', startedAt: 5, owner: 'one' }
    expect(await opened.intend('izmir', 2, intent)).toBe(false)
    expect(await opened.intend('izmir', 1, intent)).toBe(true)
    expect(await opened.read('izmir')).toEqual(grant(1, { intent }))
    expect(await opened.intend('nobody', 1, intent)).toBe(false)
  })

  it('forgets what is removed, and lets it begin anew', async () => {
    const opened = await store()
    await opened.write('izmir', 0, grant(1))
    await opened.remove('izmir')
    expect(await opened.read('izmir')).toBeNull()
    expect(await opened.write('izmir', 1, grant(2))).toBe(false)
    expect(await opened.write('izmir', 0, grant(1))).toBe(true)
  })

  it('lends a lease to one owner at a time, until it is given back or runs out', async () => {
    const opened = await store()
    expect(await opened.lease('izmir', 'one', 20_000)).toBe(true)
    expect(await opened.lease('izmir', 'two', 20_000)).toBe(false)
    expect(await opened.lease('izmir', 'one', 20_000)).toBe(true)
    expect(await opened.lease('prague', 'two', 20_000)).toBe(true)
    await opened.release('izmir', 'two')
    expect(await opened.lease('izmir', 'two', 20_000)).toBe(false)
    await opened.release('izmir', 'one')
    expect(await opened.lease('izmir', 'two', -1)).toBe(true)
    expect(await opened.lease('izmir', 'one', 20_000)).toBe(true)
  })
})

describe.each(sharable)('two processes on one %s store', (name) => {
  const it = runnable(name)

  it('start at once, share rows, and exclude each other', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    const [one, two] = (await Promise.all([open(url), open(url)])) as [TokenStore, TokenStore]
    expect(await one.write('izmir', 0, grant(1))).toBe(true)
    expect(await two.read('izmir')).toEqual(grant(1))
    expect(await two.write('izmir', 0, grant(1))).toBe(false)
    expect([await one.lease('izmir', 'one', 20_000), await two.lease('izmir', 'two', 20_000)]).toEqual([true, false])
  })

  it('that do not have the key of the store do not start, and change nothing', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    await (await open(url)).write('izmir', 0, grant(1))
    await expect(openStore(url, [key()])).rejects.toThrow(SealBroken)
    await expect(openStore(url, ['c2hvcnQ='])).rejects.toThrow('store.encryptionKeys.0 must be 32 bytes in base64')
    await expect(openStore(url, [])).rejects.toThrow('at least one key')
    expect(await (await open(url)).read('izmir')).toEqual(grant(1))
  })

  it('move to a new key while both are known, after which the old one is not needed', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    const old = await open(url)
    for (const account of ['izmir', 'prague', 'brno']) await old.write(account, 0, grant(1))
    const both = [key(), ...KEYS]
    const serving = await open(url, both)
    await serving.write('brno', 1, grant(2))
    const dialect = await openDialect(url)
    expect(await reencryptRows(dialect, keyring(both))).toBe(2)
    expect(await reencryptRows(dialect, keyring(both))).toBe(0)
    await dialect.db.destroy()
    expect(await (await open(url, both.slice(0, 1))).read('izmir')).toEqual(grant(1))
    await expect(openStore(url, KEYS)).rejects.toThrow(SealBroken)
  })

  it('find no row that was moved, cut or changed', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    const store = await open(url)
    await store.write('izmir', 0, grant(1))
    await store.write('prague', 0, grant(1))
    const dialect = await openDialect(url)
    const change = (columns: Record<string, string>) => dialect.db.updateTable('grants').set(columns).where('key', '=', 'izmir').execute()
    const of = async (account: string) => dialect.db.selectFrom('grants').selectAll().where('key', '=', account).executeTakeFirstOrThrow()
    const [mine, other] = [await of('izmir'), await of('prague')]
    for (const broken of [
      { access_token: other.access_token as string },
      { access_token: mine.refresh_token as string },
      { access_token: (mine.access_token as string).slice(0, -2) },
      { access_token: (mine.access_token as string).replace(/\.(.)/, (_, first: string) => `.${first === 'A' ? 'B' : 'A'}`) },
      { access_token: '' },
    ]) {
      await change(broken)
      await expect(store.read('izmir')).rejects.toThrow(SealBroken)
      await change({ access_token: mine.access_token as string })
    }
    expect(await store.read('izmir')).toEqual(grant(1))
    await dialect.db.destroy()
  })
})

test('a stolen store file holds no secret that was put in', async () => {
  const url = await (urls['sqlite'] as () => Promise<string>)()
  const store = await open(url)
  await store.write('izmir', 0, grant(1))
  const dump = readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString('latin1')).join('\n')
  expect(dump).toContain('izmir')
  expect(dump).not.toMatch(/canary/)
})

runnable('postgres')('a stolen PostgreSQL row holds no secret that was put in', async () => {
  const url = await (urls['postgres'] as () => Promise<string>)()
  await (await open(url)).write('izmir', 0, grant(1))
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<Record<string, unknown>>('select * from grants')
  await client.end()
  expect(JSON.stringify(rows)).toContain('izmir')
  expect(JSON.stringify(rows)).not.toMatch(/canary/)
})

test('no two sealed values share a nonce', () => {
  const keys = keyring(KEYS)
  const seen = new Set(Array.from({ length: 20_000 }, () => keys.seal('same', 'place').slice(9, 25)))
  expect(seen.size).toBe(20_000)
})
