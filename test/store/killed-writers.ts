import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'

import { openDialect, openStore } from '../../src/store/open-store.js'
import type { StoredGrant } from '../../src/store/token-store.js'
import { forkProcess } from '../support/processes/fork-process.js'
import type { WritingSettings } from '../support/processes/writing-process.js'

export interface KilledWriters {
  readonly kills: number
  /** Logins that are inconsistent, or do not open. */
  readonly torn: number
  /** Linked accounts without all of their logins, and logins without their account. */
  readonly orphans: number
  /** Rows whose generation decreased from one kill to the next. */
  readonly lost: number
}

const ROWS = 5

/**
 * Kills a writing process again and again, and checks the store after each kill. `around` prepares
 * the disk.
 */
export async function killWriters(
  folder: string,
  kills: number,
  around: { beforeKill?: () => void; afterKill?: () => void } = {},
): Promise<KilledWriters> {
  const settings: WritingSettings = {
    ...{ store: `sqlite:${join(folder, 'logins.db')}`, keys: [randomBytes(32).toString('base64')], rows: ROWS },
  }
  const found = { torn: 0, orphans: 0, lost: 0 }
  const generations = Array<number>(ROWS).fill(0)
  for (let kill = 0; kill < kills; kill++) {
    const child = await forkProcess('writing-process', JSON.stringify(settings))
    const died = once(child, 'exit')
    await Promise.race([once(child, 'message'), died.then(([code]) => Promise.reject(new Error(`ended with ${code}`)))])
    around.beforeKill?.()
    // Each time a little later.
    await new Promise((resolve) => setTimeout(resolve, 5 + ((kill * 37) % 60)))
    child.kill('SIGKILL')
    await died
    around.afterKill?.()
    await look(settings, generations, found)
  }
  return { kills, ...found }
}

async function look(
  { store: url, keys }: WritingSettings,
  generations: number[],
  found: { torn: number; orphans: number; lost: number },
): Promise<void> {
  const store = await openStore(url, keys)
  for (let row = 0; row < ROWS; row++) {
    const key = `account-${row}`
    const grant = await store.read(key).catch(() => 'torn' as const)
    const generation = grant === null || grant === 'torn' ? 0 : grant.generation
    if (grant === 'torn' || (grant && !isWhole(grant, `${key} in ${generation}`))) found.torn += 1
    if (generation < generations[row]!) found.lost += 1
    generations[row] = generation
  }
  const accounts = await store.accounts()
  for (const { key, link } of accounts)
    for (const part of ['', '#actor']) if (!(await store.read(`${key}~${link}${part}`))) found.orphans += 1
  await store.close()
  const { db } = await openDialect(url)
  const logins = await db.selectFrom('grants').select('link').where('link', 'is not', null).execute()
  const links = new Set(accounts.map(({ link }) => link))
  found.orphans += logins.filter(({ link }) => !links.has(link!)).length
  await db.destroy()
}

const isWhole = ({ accessToken, refreshToken, configuredWith }: StoredGrant, mark: string): boolean =>
  accessToken?.reveal() === `access of ${mark}` &&
  refreshToken?.reveal() === `refresh of ${mark}` &&
  configuredWith === mark
