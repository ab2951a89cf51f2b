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
import { loginClient, startTokenServer, type TokenServer } from './token-server.js'

const KEYS = [randomBytes(32).toString('base64')]

let folder: string
let tokenServer: TokenServer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-full-'))
  tokenServer = await startTokenServer()
})
afterEach(async () => {
  await tokenServer.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Limits the pages of the file: SQLite then fails with SQLITE_FULL, as on a full disk. */
async function fill({ db }: SqlDialect): Promise<void> {
  await sql`pragma max_page_count = 1`.execute(db)
}
const makeRoom = ({ db }: SqlDialect) => sql`pragma max_page_count = 100000`.execute(db)

test('a disk that is full after the token was rotated: the new one is used by nobody before it is stored, and then by everybody', async () => {
  const url = `sqlite:${join(folder, 'logins.db')}`
  await (await openStore(url, KEYS)).close()
  const dialect = await openDialect(url)
  const store = sqlStore(dialect, keyring(KEYS))
  const client = loginClient(tokenServer, 'authorization code', { store, sleep: async () => {} })
  await client.get()
  const before = (await store.read('account'))!
  // Larger than the remaining pages.
  tokenServer.alterAnswers((answer) => ({ ...answer, scope: 'x'.repeat(200_000) }))
  await fill(dialect)
  client.clock.advance(301_000)
  tokenServer.clock.advance(301_000)
  for (let turn = 0; turn < 3; turn++)
    await expect(client.get()).rejects.toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE', retryable: true })
  const { intent, ...kept } = (await store.read('account'))!
  expect({ ...kept, intent: null }).toEqual(before)
  expect(intent).toMatchObject({ refreshTokenFingerprint: before.refreshToken!.fingerprint() })
  expect(tokenServer.journal.apiRequests).toHaveLength(1)
  expect(client.events.map(({ outcome }) => outcome)).toContain('not stored')
  await makeRoom(dialect)
  expect(await client.get()).toEqual({ fine: true })
  expect(tokenServer.grants()).toEqual(['refresh_token', 'refresh_token'])
  expect(await client.state()).toMatchObject({ status: 'ACTIVE', lastError: null })
  await client.close()
  await store.close()
})

test('a process that is killed while it writes leaves no row torn, and no account without its logins', async () => {
  expect(await killWriters(folder, 2)).toEqual({ kills: 2, torn: 0, orphans: 0, lost: 0 })
}, 30_000)
