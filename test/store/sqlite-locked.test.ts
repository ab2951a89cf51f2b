import { describe, expect, test } from '@jest/globals'
import Database from 'libsql'

import { Secret } from '../../src/secret.js'
import type { StoredAccount } from '../../src/store/account-store.js'
import { keyring } from '../../src/store/keyring.js'
import { migrate } from '../../src/store/sql/migrate.js'
import { openSqlStore } from '../../src/store/sql/open-sql-store.js'
import { openSqlite } from '../../src/store/sql/sqlite.js'
import { resettingStatements } from '../../src/store/sql/sqlite-reset.js'
import type { Store } from '../../src/store/store.js'
import type { StoredGrant } from '../../src/store/token-store.js'
import { change, eventStores, KEYS } from './event-stores.js'
import { done, uuid, writtenChange } from './written-change.js'

const BUSY_TIMEOUT_MS = 10
const BUSY = expect.objectContaining({ code: 'SQLITE_BUSY', message: 'database is locked' })
const stores = eventStores()

const grant: StoredGrant = {
  ...{ generation: 1, status: 'ACTIVE', accessToken: new Secret('canary-access'), refreshToken: null },
  ...{ receivedAt: 1_000, lifetimeSeconds: 3_600, refreshExpiresAt: null, scopes: [], identity: {} },
  ...{ configuredWith: 'abc', intent: null, lastError: null },
}

interface Write {
  /** What must stand before it. */
  readonly prepare?: (store: Store, id: number) => Promise<unknown>
  readonly make: (store: Store, id: number) => Promise<unknown>
  /** Whether this process sees it. */
  readonly isMade: (store: Store, id: number) => Promise<boolean>
}

const ended = (id: number) => uuid(1_000 + id)

const WRITES: Readonly<Record<string, Write>> = {
  'a login': {
    make: (store, id) => store.write(`account-${id}`, 0, grant),
    isMade: async (store, id) => (await store.read(`account-${id}`)) !== null,
  },
  'an append': {
    make: (store, id) => store.appendEvents(change(`izmir/${id}`, 0, ['"a"'])),
    isMade: async (store, id) => (await store.eventStream('calls', `izmir/${id}`)) !== null,
  },
  'the beginning of a change': {
    make: (store, id) => store.beginChange(writtenChange({ id: uuid(id) }), null),
    isMade: async (store, id) => (await store.change(uuid(id))) !== null,
  },
  'the end of a change': {
    prepare: (store, id) => store.beginChange(writtenChange({ id: ended(id) }), null),
    make: (store, id) => store.endChange(ended(id), done, null),
    isMade: async (store, id) => (await store.change(ended(id)))?.outcome === 'DONE',
  },
  'a lease': {
    make: (store, id) => store.lease(`account-${id}`, 'one', 60_000),
    isMade: async (store, id) => !(await store.lease(`account-${id}`, 'two', 60_000)),
  },
  'an unlinking': {
    prepare: (store, id) => store.link(account(id), new Map(), 9, 0),
    make: (store, id) => store.unlink(`link-${id}`, () => []),
    isMade: async (store, id) => (await store.accounts()).every(({ link }) => link !== `link-${id}`),
  },
}
const NAMES = Object.keys(WRITES)

const account = (id: number): StoredAccount => ({
  ...{ link: `link-${id}`, key: `key-${id}`, workspace: 'default', provider: 'ipex', label: 'Izmir' },
  ...{ settings: new Secret('{}'), pendingUntil: null },
})

const opened = async (file: string) => {
  const store = await openSqlStore(openSqlite(file, BUSY_TIMEOUT_MS), keyring(KEYS))
  stores.later(() => store.close())
  return store
}

/** Runs something while another process writes to the file. */
function locking(file: string) {
  const writer = new Database(file)
  stores.later(() => writer.close())
  return async <T>(run: () => Promise<T>): Promise<T> => {
    writer.exec('pragma journal_mode = wal; begin immediate')
    try {
      return await run()
    } finally {
      writer.exec('rollback')
    }
  }
}

const emptyFile = async () => (await stores.url('sqlite')).replace('sqlite:', '')

/** The same file as two processes have it. */
async function shared() {
  const file = await emptyFile()
  return { store: await opened(file), other: await opened(file), locked: locking(file) }
}

/** Which of them the store does not make at once, so that the other one sees it and can write, too. */
async function failing(names: readonly string[], id: number, store: Store, other: Store): Promise<string[]> {
  const failed: string[] = []
  for (const name of names) {
    const { make, isMade } = WRITES[name]!
    const made = make(store, id).then(() => isMade(other, id))
    if (!(await made.catch(() => false))) failed.push(name)
  }
  return failed
}

describe('while another process writes for too long', () => {
  test.each(NAMES)('%s is refused, and afterwards everything is written, whichever comes first', async (refused) => {
    const { store, other, locked } = await shared()
    for (const id of NAMES.keys()) {
      for (const { prepare } of Object.values(WRITES)) await prepare?.(store, id)
      await locked(() => expect(WRITES[refused]!.make(store, id)).rejects.toEqual(BUSY))
      expect(await failing([...NAMES.slice(id), ...NAMES.slice(0, id)], id, store, other)).toEqual([])
    }
  })

  test('everything is refused, and afterwards what others write is seen', async () => {
    const { store, other, locked } = await shared()
    for (const { prepare } of Object.values(WRITES)) await prepare?.(store, 1)
    await locked(async () => {
      for (const { make } of Object.values(WRITES)) await expect(make(store, 1)).rejects.toEqual(BUSY)
    })
    expect(await failing(NAMES, 1, other, store)).toEqual([])
  })

  test('a migration is refused, and made by the next attempt of the same process or of another', async () => {
    const [file, elsewhere] = [await emptyFile(), await emptyFile()]
    await locking(file)(() => expect(opened(file)).rejects.toMatchObject({ cause: BUSY }))
    expect(await failing(['a login', 'an append'], 1, await opened(file), await opened(file))).toEqual([])
    const dialect = openSqlite(elsewhere, BUSY_TIMEOUT_MS)
    stores.later(() => dialect.db.destroy())
    await locking(elsewhere)(() => expect(migrate(dialect)).rejects.toMatchObject({ cause: BUSY }))
    await migrate(dialect)
    expect(await dialect.db.selectFrom('event_log').selectAll().execute()).toHaveLength(2)
    expect(await failing(['a login', 'an append'], 1, await opened(elsewhere), await opened(elsewhere))).toEqual([])
  })
})

test('a transaction that has read what another process then changes is refused, and the next one is made', async () => {
  const file = await emptyFile()
  const [other, dialect] = [await opened(file), openSqlite(file, BUSY_TIMEOUT_MS)]
  stores.later(() => dialect.db.destroy())
  const replaceLeases = (meanwhile: () => Promise<unknown>) =>
    dialect.db.transaction().execute(async (within) => {
      await within.selectFrom('leases').selectAll().execute()
      await meanwhile()
      return within.deleteFrom('leases').executeTakeFirst()
    })
  const refused = replaceLeases(() => other.lease('izmir', 'one', 60_000))
  await expect(refused).rejects.toMatchObject({ code: 'SQLITE_BUSY_SNAPSHOT', message: 'database is locked' })
  expect(await replaceLeases(async () => {})).toEqual({ numDeletedRows: 1n })
  expect(await other.lease('izmir', 'two', 60_000)).toBe(true)
})

test('a commit that was refused is not made after all, when what it waited for ends meanwhile', async () => {
  const file = await emptyFile()
  const [reader, writer] = [new Database(file), new Database(file, { timeout: BUSY_TIMEOUT_MS })]
  for (const database of [reader, writer]) stores.later(() => database.close())
  // Where there is no write-ahead log, as on some network drives, a commit waits for readers.
  writer.exec('pragma journal_mode = delete; create table t (id integer primary key)')
  reader.exec('begin; select count(*) from t')
  const endReading = () => void (reader.inTransaction && reader.exec('rollback'))
  const statements = resettingStatements({
    ...{ prepare: (query: string) => writer.prepare(query), close: () => writer.close() },
    exec: (query: string) => [endReading(), writer.exec(query)],
  } as unknown as Database.Database)
  const run = (query: string) => statements.prepare(query).run([])
  run('begin')
  run('insert into t default values')
  expect(() => run('commit')).toThrow('database is locked')
  endReading()
  run('rollback')
  expect(reader.prepare('select * from t').all()).toEqual([])
  run('insert into t default values')
  expect(reader.prepare('select * from t').all()).toHaveLength(1)
})
