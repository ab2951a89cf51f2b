import { expect, test } from '@jest/globals'
import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'

import { sqliteAppend } from '../../src/store/sql/sqlite-append.js'
import type { Tables } from '../../src/store/sql/tables.js'
import { change, eventStores } from './event-stores.js'

const stores = eventStores()

/** Appends to a database of its own, and the statements that this takes. */
async function appending() {
  const url = await stores.url('sqlite')
  const log = await stores.open(url)
  const statements: string[] = []
  const file = url.replace('sqlite:', '')
  const database = new Database(file)
  database.exec('pragma busy_timeout = 50')
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: database as never }),
    log: ({ query }) => void statements.push(query.sql),
  })
  stores.later(() => db.destroy())
  return {
    ...{ append: sqliteAppend(db), log },
    times: (statement: string) => statements.filter((text) => text === statement).length,
    /** As another process has it that writes. */
    lock() {
      const other = new Database(file)
      stores.later(() => other.close())
      other.exec('begin immediate')
      return () => other.exec('rollback')
    },
  }
}

test('appends that wait for the disk share its commit, and each is told its own positions', async () => {
  const { append, log, times } = await appending()
  const streams = Array.from({ length: 20 }, (_, index) => `izmir/${index}`)
  const positions = await Promise.all(streams.map((stream) => append(change(stream, 0, ['"a"', '"b"']))))
  expect(times('commit')).toBe(1)
  expect(positions).toEqual(streams.map((_, index) => [2 * index + 1, 2 * index + 2]))
  expect((await log.eventsAfter(0, 100)).map(({ stream }) => stream)).toEqual(streams.flatMap((one) => [one, one]))
  // Nobody waits for somebody who may still come.
  expect(await append(change('izmir/0', 1, ['"c"']))).toEqual([41])
  expect(times('commit')).toBe(2)
})

test('of changes to one stream that wait together the first is made, and the other is told to read it first', async () => {
  const { append, log } = await appending()
  const changes = [change('izmir/1', 0, ['"a"']), change('izmir/1', 0, ['"b"']), change('izmir/2', 0, ['"c"'])]
  expect(await Promise.all(changes.map(append))).toEqual([[1], null, [2]])
  expect((await log.eventsAfter(0, 10)).map(({ body }) => body)).toEqual(['"a"', '"c"'])
})

test('an append that cannot be made takes no other with it', async () => {
  const { append, log } = await appending()
  const impossible = change('izmir/2', 0, ['"b"'], { account: null as never })
  const all = [change('izmir/1', 0, ['"a"']), impossible, change('izmir/3', 0, ['"c"'])].map(append)
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await expect(all[1]).rejects.toThrow(/NOT NULL/)
  expect((await log.eventsAfter(0, 10)).map(({ position, body }) => [position, body])).toEqual([
    [1, '"a"'],
    [2, '"c"'],
  ])
})

test('while another process writes for too long nobody is waited for twice', async () => {
  const { append, lock, times } = await appending()
  const unlock = lock()
  const refused = await Promise.allSettled(['1', '2', '3'].map((stream) => append(change(stream, 0, ['"a"']))))
  unlock()
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(times('begin')).toBe(1)
})
