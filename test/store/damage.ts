import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Secret } from '../../src/secret.js'
import { openStore } from '../../src/store/open-store.js'

export interface Damage {
  readonly flips: number
  /** Files that did not open. */
  readonly refusedFiles: number
  readonly refusedRows: number
  readonly right: number
  /** Rows that were silently missing. */
  readonly missing: number
  readonly wrong: number
}

const ROWS = 50

/** Flips one bit per copy of a store file, all over the file, and reads every copy that opens. */
export async function damage(flips: number): Promise<Damage> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-damage-'))
  const keys = [randomBytes(32).toString('base64')]
  const file = join(folder, 'logins.db')
  const url = `sqlite:${file}`
  const counts = { refusedFiles: 0, refusedRows: 0, right: 0, missing: 0, wrong: 0 }
  try {
    const store = await openStore(url, keys)
    for (let row = 0; row < ROWS; row++) {
      await store.write(`account-${row}`, 0, {
        ...{ generation: 1, status: 'ACTIVE', receivedAt: 1, lifetimeSeconds: 300, refreshExpiresAt: null },
        ...{ scopes: ['cdr'], identity: {}, configuredWith: 'fingerprint', intent: null, lastError: null },
        accessToken: new Secret(`access of ${row}`),
        refreshToken: new Secret(`refresh of ${row}`),
      })
    }
    await store.close()
    const whole = readFileSync(file)
    for (let flip = 0; flip < flips; flip++) {
      const copy = Buffer.from(whole)
      const at = Math.floor((flip / flips) * copy.length) + (flip % 97)
      copy[at % copy.length]! ^= 1 << (flip % 8)
      const damaged = join(folder, `${flip}.db`)
      writeFileSync(damaged, copy)
      const opened = await openStore(`sqlite:${damaged}`, keys).catch(() => null)
      if (!opened) counts.refusedFiles += 1
      for (let row = 0; opened && row < ROWS; row++) counts[await look(opened, row)] += 1
      await opened?.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { flips, ...counts }
}

async function look(
  store: Awaited<ReturnType<typeof openStore>>,
  row: number,
): Promise<'refusedRows' | 'missing' | 'right' | 'wrong'> {
  const grant = await store.read(`account-${row}`).catch(() => 'refused' as const)
  if (grant === 'refused') return 'refusedRows'
  if (!grant) return 'missing'
  const isRight =
    grant.accessToken?.reveal() === `access of ${row}` && grant.refreshToken?.reveal() === `refresh of ${row}`
  return isRight ? 'right' : 'wrong'
}
