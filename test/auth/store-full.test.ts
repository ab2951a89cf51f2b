import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'

import { keyring } from '../../src/store/keyring.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import type { SqlDialect } from '../../src/store/sql/dialect.js'
import { sqlStore } from '../../src/store/sql/sql.js'
import { killWriters } from '../store/killed-writers.js'
import { guest, tokenHouse, type TokenHouse } from './token-server.js'

const KEYS = [randomBytes(32).toString('base64')]

let folder: string
let house: TokenHouse
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-full-'))
  house = await tokenHouse()
})
afterEach(async () => {
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

/** As a disk that has no page left, in the words of SQLite itself: SQLITE_FULL. */
async function fill({ db }: SqlDialect): Promise<void> {
  await sql`pragma max_page_count = 1`.execute(db)
}
const makeRoom = ({ db }: SqlDialect) => sql`pragma max_page_count = 100000`.execute(db)

test('a disk that is full after the token was rotated: the new one is used by nobody before it is stored, and then by everybody', async () => {
  const url = `sqlite:${join(folder, 'logins.db')}`
  await (await openStore(url, KEYS)).close()
  const dialect = await openDialect(url)
  const store = sqlStore(dialect, keyring(KEYS))
  const visitor = guest(house, 'authorization code', { store, sleep: async () => {} })
  await visitor.get()
  const before = (await store.read('house'))!
  // More than the pages there are can take.
  house.alterAnswers((answer) => ({ ...answer, scope: 'x'.repeat(200_000) }))
  await fill(dialect)
  visitor.clock.advance(301_000)
  house.clock.advance(301_000)
  for (let turn = 0; turn < 3; turn++)
    await expect(visitor.get()).rejects.toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE', retryable: true })
  const { intent, ...kept } = (await store.read('house'))!
  expect({ ...kept, intent: null }).toEqual(before)
  expect(intent).toMatchObject({ refreshTokenFingerprint: before.refreshToken!.fingerprint() })
  expect(house.journal.apiRequests).toHaveLength(1)
  expect(visitor.events.map(({ outcome }) => outcome)).toContain('not stored')
  await makeRoom(dialect)
  expect(await visitor.get()).toEqual({ fine: true })
  expect(house.grants()).toEqual(['refresh_token', 'refresh_token'])
  expect(await visitor.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  await visitor.close()
  await store.close()
})

test('a process that is killed while it writes leaves no row torn, and no account without its logins', async () => {
  expect(await killWriters(folder, 2)).toEqual({ kills: 2, torn: 0, orphans: 0, lost: 0 })
}, 30_000)
