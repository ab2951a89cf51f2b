import { once } from 'node:events'

import { describe, expect, test } from '@jest/globals'

import { fill } from '../archive/filled.js'
import { eventStores, KEYS, STORES } from '../store/event-stores.js'
import { postgresUnavailable } from '../support/postgres.js'
import type { ExportProcessSettings } from '../support/processes/export-process.js'
import { forkProcess } from '../support/processes/fork-process.js'
import { endLeases } from '../support/processes/scenarios.js'
import { linesIn, sha256 } from './exporting.js'
import { accountOf, ask, FROM, KEY, longCalls, made, making, NOW } from './making.js'

const CALLS = longCalls(250)
const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

/** Starts a process that makes the file, and kills it as an operator does who has lost patience. */
async function begunAndKilled(store: string): Promise<void> {
  const settings: ExportProcessSettings = { store, keys: KEYS, chunks: 2 }
  const child = await forkProcess('export-process', JSON.stringify(settings))
  const died = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    died.then(() => {
      throw new Error('the process has ended')
    }),
  ])
  child.kill('SIGKILL')
  await died
}

describe.each(STORES.filter((name) => name !== 'memory'))('a process that is killed with a %s store', (name) => {
  const it = name === 'postgres' && postgresUnavailable ? test.skip : test

  it('leaves an export that another one finishes: the same bytes as undisturbed, each call once', async () => {
    const url = await stores.url(name)
    const store = await stores.open(url)
    const covered = [{ from: FROM, until: '2100-01-01T00:00:00.000Z' }]
    await fill(store, { key: KEY, calls: CALLS, covered, syncedAt: new Date(NOW).toISOString() })
    const id = await ask(store)
    await begunAndKilled(url)
    expect(await made(store, id)).toMatchObject({ status: 'RUNNING', chunks: 2, records: 200 })
    await endLeases(url)
    const undisturbed = await ask(store)
    const { exports, ended } = making(store, [accountOf()])
    const first = ended()
    exports.open()
    await first
    while ((await made(store, undisturbed)).status === 'RUNNING' || (await made(store, id)).status === 'RUNNING')
      await ended()
    await exports.close()
    const [one, other] = [await made(store, id), await made(store, undisturbed)]
    expect(one.status).toBe('COMPLETED')
    expect(one.bytes.equals(other.bytes)).toBe(true)
    expect(linesIn(one.bytes).map((line) => line['id'])).toEqual(CALLS.map((call) => call.id))
    expect([one.sha256, one.records]).toEqual([sha256(one.bytes), CALLS.length])
  })
})
