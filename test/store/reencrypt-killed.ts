import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Secret } from '../../src/secret.js'
import { keyring } from '../../src/store/keyring.js'
import { openDialect, openStore } from '../../src/store/open-store.js'
import { reencryptRows } from '../../src/store/sql/reencrypt.js'
import type { Store } from '../../src/store/store.js'
import { forkProcess } from '../support/processes/fork-process.js'
import type { ReencryptSettings } from '../support/processes/reencrypt-process.js'

const ROWS = 40

/**
 * Reencrypts a store in a process that is killed after `share` of its rows, while another reads and
 * writes; then to the end. `failed`: rows that were unreadable or wrong at any moment.
 */
export async function killReencryption(
  share: number,
): Promise<{ signal: string | null; failed: number; moved: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-reencrypt-'))
  const url = `sqlite:${join(folder, 'logins.db')}`
  const [fresh, old] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64')) as [string, string]
  const before = await openStore(url, [old])
  for (let row = 0; row < ROWS; row++) await write(before, row, 0)
  await before.close()
  const serving = await openStore(url, [fresh, old])
  let failed = 0
  try {
    const settings: ReencryptSettings = { store: url, keys: [fresh, old], share }
    const child = await forkProcess('reencrypt-process', JSON.stringify(settings))
    const died = once(child, 'exit').then(([, signal]) => signal as string | null)
    let running = true
    void died.then(() => (running = false))
    for (let turn = 0; running; turn = (turn + 1) % ROWS) {
      if (!(await isRight(serving, turn))) failed += 1
      if (turn % 7 === 0) await write(serving, turn, (await serving.read(`account-${turn}`))!.generation)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    for (let row = 0; row < ROWS; row++) if (!(await isRight(serving, row))) failed += 1
    const dialect = await openDialect(url)
    const moved = await reencryptRows(dialect, keyring([fresh, old]))
    await dialect.db.destroy()
    const after = await openStore(url, [fresh])
    for (let row = 0; row < ROWS; row++) if (!(await isRight(after, row))) failed += 1
    await after.close()
    return { signal: await died, failed, moved }
  } finally {
    await serving.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function write(store: Store, row: number, generation: number): Promise<boolean> {
  return store.write(`account-${row}`, generation, {
    ...{ generation: generation + 1, status: 'ACTIVE', receivedAt: 1, lifetimeSeconds: 300, refreshExpiresAt: null },
    ...{ scopes: [], identity: {}, configuredWith: 'fingerprint', intent: null, lastError: null },
    accessToken: new Secret(`access of ${row}`),
    refreshToken: new Secret(`refresh of ${row}`),
  })
}

async function isRight(store: Store, row: number): Promise<boolean> {
  const grant = await store.read(`account-${row}`).catch(() => null)
  return grant?.accessToken?.reveal() === `access of ${row}` && grant.refreshToken?.reveal() === `refresh of ${row}`
}
