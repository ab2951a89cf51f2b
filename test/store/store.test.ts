import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import pg from 'pg'

import { Secret } from '../../src/secret.js'
import { keyring, SealBroken } from '../../src/store/keyring.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import { reencryptRows } from '../../src/store/sql/reencrypt.js'
import type { Store } from '../../src/store/store.js'
import type { StoredApiKey } from '../../src/store/api-key-store.js'
import type { AuthorizationTransaction, StoredGrant } from '../../src/store/token-store.js'
import type { PendingRevocation, StoredAccount } from '../../src/store/account-store.js'
import { damage } from './damage.js'
import { killReencryption } from './reencrypt-killed.js'
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
  lastError: {
    code: 'PROVIDER_TIMEOUT',
    reason: null,
    occurredAt: 1_770_000_000_000,
    attempts: 2,
    nextAttemptAt: 1_770_000_005_000,
  },
  ...more,
})

let postgres: TestPostgres | null = null
let folder = ''
const stores: Store[] = []

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

const open = async (url: string, keys = KEYS): Promise<Store> => {
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
    const wins = await Promise.all(
      Array.from({ length: 20 }, (_, at) => opened.write('izmir', 1, grant(2, { scopes: [String(at)] }))),
    )
    expect(wins.filter(Boolean)).toHaveLength(1)
    expect((await opened.read('izmir'))?.scopes).toEqual([String(wins.indexOf(true))])
  })

  it('notes an intent on the generation it was made for, and on no other', async () => {
    const opened = await store()
    await opened.write('izmir', 0, grant(1))
    const intent = { refreshTokenFingerprint: 'abc', startedAt: 5, owner: 'one' }
    expect(await opened.intend('izmir', { generation: 2, intent: null }, intent)).toBe(false)
    expect(await opened.intend('izmir', { generation: 1, intent: null }, intent)).toBe(true)
    expect(await opened.read('izmir')).toEqual(grant(1, { intent }))
    const other = { ...intent, owner: 'two' }
    expect(await opened.intend('izmir', { generation: 1, intent: null }, other)).toBe(false)
    expect(await opened.intend('izmir', { generation: 1, intent }, other)).toBe(true)
    expect((await opened.read('izmir'))?.intent).toEqual(other)
    expect(await opened.intend('nobody', { generation: 1, intent: null }, intent)).toBe(false)
  })

  it('forgets what is removed, and lets it begin anew', async () => {
    const opened = await store()
    await opened.write('izmir', 0, grant(1))
    expect(await opened.remove('izmir', 2)).toBe(false)
    expect(await opened.remove('izmir', 1)).toBe(true)
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
    // Expired, but not taken by another owner.
    expect(await opened.prolong('izmir', 'two', -1)).toBe(true)
    expect(await opened.lease('izmir', 'one', 20_000)).toBe(true)
    expect(await opened.prolong('izmir', 'two', 20_000)).toBe(false)
    await opened.release('izmir', 'one')
    expect(await opened.prolong('izmir', 'one', 20_000)).toBe(false)
  })
})

const transaction = (stateDigest: string, more: Partial<AuthorizationTransaction> = {}): AuthorizationTransaction => ({
  stateDigest,
  login: 'izmir',
  provider: 'bulutfon',
  browserDigest: 'browser',
  codeVerifier: new Secret('canary-verifier'),
  redirectUri: 'http://127.0.0.1/connect/callback/bulutfon',
  expiresAt: 1_000,
  ...more,
})

describe.each(Object.keys(urls))('a login begun in a browser, in the %s store', (name) => {
  const store = async () => open(await (urls[name] as () => Promise<string>)())
  const it = runnable(name)

  it('is given to the first who asks, and shown as taken to everyone after', async () => {
    const opened = await store()
    await opened.begin(transaction('one'), 5, 0)
    const asked = await Promise.all(Array.from({ length: 10 }, () => opened.take('one')))
    expect(asked.map((given) => given?.taken).sort()).toEqual([false, ...Array<boolean>(9).fill(true)])
    expect(asked[0]?.transaction).toEqual(transaction('one'))
    expect(asked[0]?.transaction.codeVerifier.reveal()).toBe('canary-verifier')
    expect(await opened.take('another')).toBeNull()
  })

  it('is one of five at most, however many are begun; those that were finished are remembered for a while, not for ever', async () => {
    const opened = await store()
    await opened.begin(transaction('other', { login: 'prague' }), 5, 0)
    for (let count = 0; count < 100; count++) {
      await opened.begin(transaction(`finished-${count}`, { expiresAt: 1_000 + count }), 5, 0)
      await opened.take(`finished-${count}`)
    }
    for (let count = 0; count < 100; count++)
      await opened.begin(transaction(`open-${count}`, { expiresAt: 2_000 + count }), 5, 0)
    const known = async (digests: string[]) =>
      (await Promise.all(digests.map(async (digest) => ((await opened.take(digest)) ? digest : '')))).filter(Boolean)
    const numbered = (prefix: string) => Array.from({ length: 100 }, (_, count) => `${prefix}-${count}`)
    expect(await known(numbered('open'))).toEqual(numbered('open').slice(-5))
    expect((await known(numbered('finished'))).length).toBe(50)
    expect(await known(['other'])).toEqual(['other'])
  })

  it('of another browser is not displaced by five, and all together are a hundred at most', async () => {
    const opened = await store()
    for (let count = 0; count < 150; count++)
      await opened.begin(transaction(`open-${count}`, { browserDigest: `b-${count}`, expiresAt: 2_000 + count }), 5, 0)
    const known = await Promise.all(Array.from({ length: 150 }, (_, count) => opened.take(`open-${count}`)))
    expect(known.map((given) => given !== null)).toEqual([...Array(50).fill(false), ...Array(100).fill(true)])
  })

  it('is forgotten an hour after its time, also when nobody begins another', async () => {
    const opened = await store()
    await opened.begin(transaction('abandoned'), 5, 0)
    await opened.sweep(1_000 + 3_599_999)
    expect(await opened.take('abandoned')).not.toBeNull()
    await opened.sweep(1_000 + 3_600_000)
    expect(await opened.take('abandoned')).toBeNull()
  })

  it('is forgotten when its time is over', async () => {
    const opened = await store()
    await opened.begin(transaction('old'), 5, 0)
    await opened.begin(transaction('new', { login: 'prague', expiresAt: 3_000 }), 5, 1_000)
    expect(await opened.take('old')).toBeNull()
    expect(await opened.take('new')).not.toBeNull()
  })
})

const account = (key: string, more: Partial<StoredAccount> = {}): StoredAccount => ({
  link: `link-of-${key}`,
  key,
  workspace: 'default',
  provider: 'rails-api-v1',
  label: `Label of ${key}`,
  settings: new Secret('{"auth":{"password":"canary-password"}}'),
  pendingUntil: null,
  ...more,
})
const revocation = (id: string, more: Partial<PendingRevocation> = {}): PendingRevocation => ({
  id,
  account: 'shop',
  provider: 'rails-api-v1',
  settings: new Secret('{"auth":{"password":"canary-password"}}'),
  accessToken: new Secret('canary-access'),
  refreshToken: null,
  accessExpiresAt: 60_000,
  attempts: 0,
  nextAttemptAt: 100,
  giveUpAt: 1_000,
  ...more,
})

describe.each(Object.keys(urls))('an account linked at run time, in the %s store', (name) => {
  const store = async () => open(await (urls[name] as () => Promise<string>)())
  const it = runnable(name)
  const LOGIN = 'shop~link-of-shop'
  const logins = new Map([[LOGIN, grant(1)]])
  const nothing = () => []

  it('is kept with its first login, all or nothing, under a key nobody else has', async () => {
    const opened = await store()
    expect(await opened.link(account('shop'), logins, 5, 0)).toBe(true)
    expect(await opened.accounts()).toEqual([account('shop')])
    expect((await opened.accounts())[0]?.settings.reveal()).toContain('canary-password')
    expect(await opened.read(LOGIN)).toEqual(grant(1))
    const second = account('shop', { link: 'another', workspace: 'other' })
    expect(await opened.link(second, new Map([['shop~another', grant(1)]]), 5, 0)).toBe(false)
    expect(await opened.read('shop~another')).toBeNull()
  })

  it('is one even when it is linked twice at once', async () => {
    const opened = await store()
    const link = (mark: string) =>
      opened.link(account('shop', { link: mark }), new Map([[`shop~${mark}`, grant(1)]]), 5, 0)
    expect((await Promise.all(['a', 'b', 'c', 'd'].map(link))).filter(Boolean)).toHaveLength(1)
    expect(await opened.accounts()).toHaveLength(1)
  })

  it('takes its logins along when it goes, and none of them comes back', async () => {
    const opened = await store()
    await opened.link(account('shop'), logins, 5, 0)
    expect(await opened.write(`${LOGIN}#as:ada@mail.example`, 0, grant(1))).toBe(true)
    await opened.write(LOGIN, 1, grant(2))
    await opened.begin(transaction('begun', { login: LOGIN }), 5, 0)
    const told: number[] = []
    expect(
      await opened.unlink('link-of-shop', (rows) => (told.push(...rows.map(({ generation }) => generation)), [])),
    ).toBe(true)
    expect(told.sort()).toEqual([1, 2])
    expect(await opened.write(LOGIN, 2, grant(3))).toBe(false)
    expect(await opened.write(LOGIN, 0, grant(1))).toBe(false)
    expect(await opened.write(`${LOGIN}#actor`, 0, grant(1))).toBe(false)
    await opened.begin(transaction('late', { login: LOGIN }), 5, 0)
    expect([await opened.read(LOGIN), await opened.take('begun'), await opened.accounts()]).toEqual([null, null, []])
    expect(await opened.unlink('link-of-shop', nothing)).toBe(false)
    expect(await opened.link(account('shop', { link: 'new' }), new Map(), 5, 0)).toBe(true)
    expect(await opened.write(LOGIN, 0, grant(1))).toBe(false)
    expect(await opened.write('shop~new', 0, grant(1))).toBe(true)
  })

  it('changes the version when it is linked, renamed, agreed to or unlinked, and no token when it is renamed', async () => {
    const opened = await store()
    const versions = [await opened.accountsVersion()]
    const note = async () => versions.push(await opened.accountsVersion())
    await opened.link(account('shop', { pendingUntil: 500 }), logins, 5, 0)
    await note()
    expect(await opened.relabel('link-of-shop', 'Other')).toBe(true)
    await note()
    expect(await opened.confirm('link-of-shop')).toBe(true)
    await note()
    expect(await opened.accounts()).toEqual([account('shop', { label: 'Other' })])
    expect(await opened.read(LOGIN)).toEqual(grant(1))
    await opened.unlink('link-of-shop', nothing)
    await note()
    expect(new Set(versions).size).toBe(5)
    expect([await opened.relabel('link-of-shop', 'x'), await opened.confirm('link-of-shop')]).toEqual([false, false])
  })

  it('waits for a person as one of five, for so long as it may, and makes way for another of its key and workspace', async () => {
    const opened = await store()
    const wait = (key: string, more: Partial<StoredAccount> = {}, now = 0) =>
      opened.link(account(key, { pendingUntil: 500, ...more }), new Map(), 5, now)
    const keys = async () => (await opened.accounts()).map((one) => `${one.key} ${one.link}`)
    expect(await wait('shop')).toBe(true)
    expect(await wait('shop', { link: 'again' })).toBe(true)
    expect(await wait('shop', { link: 'theirs', workspace: 'other' })).toBe(false)
    expect(await keys()).toEqual(['shop again'])
    for (const at of [1, 2, 3, 4, 5]) expect(await wait(`shop-${at}`, { pendingUntil: 500 + at })).toBe(true)
    expect((await keys()).length).toBe(5)
    expect(await keys()).not.toContain('shop again')
    expect(await wait('late', { pendingUntil: 2_000 }, 1_000)).toBe(true)
    expect(await keys()).toEqual(['late link-of-late'])
    await opened.sweep(2_000)
    expect(await keys()).toEqual([])
  })

  it('leaves behind what its provider is still to be told of, until that is done', async () => {
    const opened = await store()
    await opened.link(account('shop'), logins, 5, 0)
    await opened.unlink('link-of-shop', () => [
      revocation('one'),
      revocation('two', { nextAttemptAt: 500, accessToken: null, refreshToken: new Secret('canary-refresh') }),
    ])
    expect(await opened.dueRevocations(99)).toEqual([])
    const [due, ...others] = await opened.dueRevocations(100)
    expect([due, others]).toEqual([revocation('one'), []])
    expect(due?.accessToken?.reveal()).toBe('canary-access')
    const claims = await Promise.all(Array.from({ length: 5 }, () => opened.claimRevocation(due!, 300)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await opened.dueRevocations(100)).toEqual([])
    await opened.keepRevocation({ ...due!, attempts: 1, nextAttemptAt: 400 })
    expect(await opened.dueRevocations(400)).toEqual([revocation('one', { attempts: 1, nextAttemptAt: 400 })])
    await opened.dropRevocation('one')
    expect((await opened.dueRevocations(10_000)).map(({ id }) => id)).toEqual(['two'])
  })
})

const apiKey = (id: string, more: Partial<StoredApiKey> = {}): StoredApiKey => ({
  id,
  name: `Name of ${id}`,
  workspace: 'default',
  scopes: ['telephony:read', 'recordings:read'],
  digest: `digest-of-${id}`,
  createdAt: 1_000,
  revokedAt: null,
  ...more,
})

describe.each(Object.keys(urls))('an API key, in the %s store', (name) => {
  const store = async () => open(await (urls[name] as () => Promise<string>)())
  const it = runnable(name)

  it('is given back as it was kept, and listed with the others in the order they were made', async () => {
    const opened = await store()
    await opened.keepApiKey(apiKey('b'))
    await opened.keepApiKey(apiKey('a', { createdAt: 2_000, workspace: 'sales', scopes: ['accounts:manage'] }))
    expect(await opened.apiKey('b')).toEqual(apiKey('b'))
    expect(await opened.apiKey('c')).toBeNull()
    await opened.keepApiKey(apiKey('d', { createdAt: 3_000, extension: 'istanbul/0101' }))
    expect(await opened.apiKey('d')).toEqual(apiKey('d', { createdAt: 3_000, extension: 'istanbul/0101' }))
    expect(await opened.apiKeys()).toEqual([
      apiKey('b'),
      apiKey('a', { createdAt: 2_000, workspace: 'sales', scopes: ['accounts:manage'] }),
      apiKey('d', { createdAt: 3_000, extension: 'istanbul/0101' }),
    ])
  })

  it('never takes the place of another of its id', async () => {
    const opened = await store()
    await opened.keepApiKey(apiKey('a'))
    await expect(opened.keepApiKey(apiKey('a', { workspace: 'theirs' }))).rejects.toThrow()
    expect(await opened.apiKey('a')).toEqual(apiKey('a'))
  })

  it('is revoked once, for good, and still told of', async () => {
    const opened = await store()
    await opened.keepApiKey(apiKey('a'))
    const revoked = await Promise.all([5_000, 5_000, 5_000].map((at) => opened.revokeApiKey('a', at)))
    expect(revoked.filter(Boolean)).toHaveLength(1)
    expect(await opened.apiKey('a')).toEqual(apiKey('a', { revokedAt: 5_000 }))
    expect(await opened.apiKeys()).toEqual([apiKey('a', { revokedAt: 5_000 })])
    expect(await opened.revokeApiKey('nobody', 5_000)).toBe(false)
  })
})

describe.each(sharable)('two processes on one %s store', (name) => {
  const it = runnable(name)

  it('start at once, share rows, and exclude each other', async () => {
    const url = name === 'postgres' ? await postgres!.createEmptyDatabase() : await urls[name]!()
    const [one, two] = (await Promise.all([open(url), open(url)])) as [Store, Store]
    expect(await one.write('izmir', 0, grant(1))).toBe(true)
    expect(await two.read('izmir')).toEqual(grant(1))
    expect(await two.write('izmir', 0, grant(1))).toBe(false)
    expect([await one.lease('izmir', 'one', 20_000), await two.lease('izmir', 'two', 20_000)]).toEqual([true, false])
  })

  it('are not kept waiting by a lease that was taken before the clock was set back', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    const [one, two] = (await Promise.all([open(url), open(url)])) as [Store, Store]
    const dialect = await openDialect(url)
    const endsIn = (milliseconds: number) =>
      dialect.db
        .updateTable('leases')
        .set({ until: sql<number>`${dialect.now} + ${milliseconds}` })
        .execute()
    await one.lease('izmir', 'one', 20_000)
    await endsIn(30_000)
    expect(await two.lease('izmir', 'two', 20_000)).toBe(false)
    await endsIn(600_000)
    expect(await two.lease('izmir', 'two', 20_000)).toBe(true)
    expect(await one.prolong('izmir', 'one', 20_000)).toBe(false)
    await dialect.db.destroy()
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
    await old.keepApiKey(apiKey('a'))
    const both = [key(), ...KEYS]
    const serving = await open(url, both)
    await serving.write('brno', 1, grant(2))
    const dialect = await openDialect(url)
    expect(await reencryptRows(dialect, keyring(both))).toBe(3)
    expect(await reencryptRows(dialect, keyring(both))).toBe(0)
    await dialect.db.destroy()
    const moved = await open(url, both.slice(0, 1))
    expect([await moved.read('izmir'), await moved.apiKey('a')]).toEqual([grant(1), apiKey('a')])
    await expect(openStore(url, KEYS)).rejects.toThrow(SealBroken)
  })

  it('find no API key that was changed, moved, or put there by someone without the encryption key', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    const store = await open(url)
    await store.keepApiKey(apiKey('weak'))
    await store.keepApiKey(apiKey('strong', { scopes: ['accounts:manage'] }))
    const dialect = await openDialect(url)
    const { allowed } = await dialect.db
      .selectFrom('api_keys')
      .select('allowed')
      .where('id', '=', 'strong')
      .executeTakeFirstOrThrow()
    const made = { name: 'mine', created_at: 1, revoked_at: null }
    const forged = JSON.stringify({ digest: 'mine', workspace: 'default', scopes: ['accounts:manage'] })
    await dialect.db.updateTable('api_keys').set({ allowed }).where('id', '=', 'weak').execute()
    await dialect.db
      .insertInto('api_keys')
      .values({ ...made, id: 'clear', allowed: forged })
      .execute()
    await dialect.db
      .insertInto('api_keys')
      .values({ ...made, id: 'foreign', allowed: keyring([key()]).seal(forged, 'api_keys allowed foreign') })
      .execute()
    await dialect.db.destroy()
    const unreadable: string[] = []
    expect((await store.apiKeys((id) => unreadable.push(id))).map(({ id }) => id)).toEqual(['strong'])
    expect(unreadable.sort()).toEqual(['clear', 'foreign', 'weak'])
    expect(await store.apiKey('weak')).toBeNull()
    expect(await store.apiKey('clear')).toBeNull()
  })

  it('seal a login that keeps its refresh token with the new key as a whole, once its access token is replaced', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    await (await open(url)).write('izmir', 0, grant(1))
    const both = [key(), ...KEYS]
    const serving = await open(url, both)
    const kept = (await serving.read('izmir'))!
    await serving.write('izmir', 1, { ...kept, generation: 2, accessToken: new Secret('canary-next') })
    const dialect = await openDialect(url)
    const row = await dialect.db.selectFrom('grants').selectAll().executeTakeFirstOrThrow()
    const keys = keyring(both)
    expect([row.access_token, row.refresh_token, row.configured_with].map((sealed) => keys.keyIdOf(sealed!))).toEqual(
      Array(3).fill(keys.sealingKeyId),
    )
    expect(await reencryptRows(dialect, keys)).toBe(0)
    await dialect.db.destroy()
    const after = (await (await open(url, both.slice(0, 1))).read('izmir'))!
    expect([after.accessToken?.reveal(), after.refreshToken?.reveal()]).toEqual(['canary-next', 'canary-refresh'])
  })

  it('find no row that was moved, cut or changed', async () => {
    const url = await (urls[name] as () => Promise<string>)()
    const store = await open(url)
    await store.write('izmir', 0, grant(1))
    await store.write('prague', 0, grant(1))
    const dialect = await openDialect(url)
    const change = (columns: Record<string, string>) =>
      dialect.db.updateTable('grants').set(columns).where('key', '=', 'izmir').execute()
    const of = async (account: string) =>
      dialect.db.selectFrom('grants').selectAll().where('key', '=', account).executeTakeFirstOrThrow()
    const [mine, other] = [await of('izmir'), await of('prague')]
    for (const broken of [
      { access_token: other.access_token as string },
      { access_token: mine.refresh_token as string },
      { access_token: (mine.access_token as string).slice(0, -2) },
      {
        access_token: (mine.access_token as string).replace(
          /\.(.)/,
          (_, first: string) => `.${first === 'A' ? 'B' : 'A'}`,
        ),
      },
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

describe.each(sharable)('an account in the %s store', (name) => {
  runnable(name)(
    'that was put into another workspace, under another key or at another provider does not open',
    async () => {
      const url = await (urls[name] as () => Promise<string>)()
      const opened = await open(url)
      // In the order of their link ids: accounts linked within one millisecond are listed so.
      await opened.link(account('desk', { workspace: 'other' }), new Map(), 5, 0)
      await opened.link(account('shop'), new Map(), 5, 0)
      const { db } = await openDialect(url)
      const change = (columns: Partial<Record<'workspace' | 'key' | 'provider', string>>) =>
        db.updateTable('accounts').set(columns).where('link', '=', 'link-of-desk').execute()
      const seen = async () => {
        const unreadable: string[] = []
        const accounts = await opened.accounts((key) => unreadable.push(key))
        return { accounts: accounts.map((one) => one.key), unreadable }
      }
      for (const moved of [{ workspace: 'default' }, { key: 'counter' }, { provider: 'ipex' }]) {
        await change(moved)
        expect(await seen()).toEqual({ accounts: ['shop'], unreadable: [expect.any(String)] })
        await change({ workspace: 'other', key: 'desk', provider: 'rails-api-v1' })
      }
      expect(await seen()).toEqual({ accounts: ['desk', 'shop'], unreadable: [] })
      const both = [key(), ...KEYS]
      const dialect = await openDialect(url)
      expect(await reencryptRows(dialect, keyring(both))).toBe(2)
      await dialect.db.destroy()
      await db.destroy()
      const [desk, shop] = await (await open(url, both.slice(0, 1))).accounts()
      expect([shop?.settings.reveal(), desk?.workspace]).toEqual([expect.stringContaining('canary'), 'other'])
    },
  )
})

runnable('postgres')(
  'two processes that sweep at the same moment as a person agrees: the account is there for good, or it is gone and the person told so',
  async () => {
    const url = await (urls['postgres'] as () => Promise<string>)()
    const [one, two] = (await Promise.all([open(url), open(url)])) as [Store, Store]
    for (let turn = 0; turn < 20; turn++) {
      const link = `link-${turn}`
      await one.link(account(`shop-${turn}`, { link, pendingUntil: 500 }), new Map(), 5, 0)
      const [, confirmed] = await Promise.all([one.sweep(500), two.confirm(link), two.sweep(500), one.sweep(500)])
      const isThere = (await two.accounts()).some((one) => one.link === link)
      expect(isThere).toBe(confirmed)
    }
  },
)

test('the file of a store is its owner’s alone, its write-ahead log too, from the first byte and whatever it was before', async () => {
  const url = await (urls['sqlite'] as () => Promise<string>)()
  const file = url.slice('sqlite:'.length)
  const modes = () =>
    ['', '-wal', '-shm'].map((end) => (statSync(`${file}${end}`, { throwIfNoEntry: false })?.mode ?? 0) & 0o777)
  const before = process.umask(0)
  try {
    const store = await open(url)
    await store.write('izmir', 0, grant(1))
    expect(modes()).toEqual([0o600, 0o600, 0o600])
    for (const end of ['', '-wal', '-shm']) chmodSync(`${file}${end}`, 0o644)
    expect((await (await open(url)).read('izmir'))?.generation).toBe(1)
    expect(modes()).toEqual([0o600, 0o600, 0o600])
  } finally {
    process.umask(before)
  }
})

test('a stolen store file holds no secret that was put in', async () => {
  const url = await (urls['sqlite'] as () => Promise<string>)()
  const store = await open(url)
  await store.write('izmir', 0, grant(1))
  const dump = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file)).toString('latin1'))
    .join('\n')
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

test('a file in which a bit has flipped is refused or read rightly, and no row of it seems never to have been', async () => {
  expect(await damage(40)).toMatchObject({ missing: 0, wrong: 0 })
})

test.each([0.1, 0.5])(
  'a reencryption that is killed after %d of it leaves every row readable, and is taken up again',
  async (share) => {
    expect(await killReencryption(share)).toMatchObject({ signal: 'SIGKILL', failed: 0, moved: expect.any(Number) })
  },
  30_000,
)
