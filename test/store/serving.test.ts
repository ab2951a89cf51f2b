import { execFileSync } from 'node:child_process'
import { once } from 'node:events'

import { describe, expect, test } from '@jest/globals'

import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { openStore } from '../../src/store/open-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { forkProcess } from '../support/processes/fork-process.js'
import { eventStores, KEYS, type StoreName } from './event-stores.js'

const stores = eventStores()

/** Starts a server with this store, stopped after the test, and gives what it warned of. */
async function warningsOf(url: string): Promise<readonly string[]> {
  const lines: { readonly level: string; readonly msg: string }[] = []
  const config = checkConfig(
    { server: { port: 0, explore: false }, store: { url, encryptionKeys: KEYS }, limits: { drainNoticeMs: 0 } },
    [],
    { environment: {} },
  )
  const log = createLog({ write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) })
  const server = await startServer(config, { providers: [], log })
  stores.later(() => server.close())
  return lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg)
}

describe('a second server', () => {
  test('on the same SQLite file is told to use PostgreSQL', async () => {
    const url = await stores.url('sqlite')
    expect(await warningsOf(url)).toEqual([])
    expect(await warningsOf(url)).toEqual([expect.stringContaining('PostgreSQL')])
  })

  test.each<StoreName>(['memory', 'postgres'])('on a %s store is told nothing', async (name) => {
    if (name === 'postgres' && postgresUnavailable) return
    const url = await stores.url(name)
    expect([await warningsOf(url), await warningsOf(url)]).toEqual([[], []])
  })

  test('is told nothing once the first has been closed, or beside a command', async () => {
    const url = await stores.url('sqlite')
    const [first, command] = [await openStore(url, KEYS), await stores.open(url)]
    expect([await first.claimServing(), await first.claimServing()]).toEqual([true, true])
    expect(await command.read('izmir')).toBeNull()
    await first.close()
    expect(await warningsOf(url)).toEqual([])
  })

  test('is told nothing after the first was killed, even while a command has the file open', async () => {
    const url = await stores.url('sqlite')
    const command = await stores.open(url)
    const child = await forkProcess('serving-process', JSON.stringify({ store: url, keys: KEYS }))
    const [claimed] = (await once(child, 'message')) as [boolean]
    expect([claimed, await command.claimServing()]).toEqual([true, false])
    const died = once(child, 'exit')
    child.kill('SIGKILL')
    await died
    expect(await warningsOf(url)).toEqual([])
  })
})

describe('a file that this process has open', () => {
  /** Whether a process of its own finds nobody else at the file. */
  const isAlone = (url: string): boolean => {
    const program = `
      const database = new (require('libsql'))(${JSON.stringify(url.slice('sqlite:'.length))}, { timeout: 0 })
      try { console.log(database.prepare('pragma journal_mode = delete').all()[0].journal_mode) } catch (error) { console.log(error.code) }`
    return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim() === 'delete'
  }

  test('is taken for its own by no other process, also when it was opened here once more, and closed', async () => {
    const url = await stores.url('sqlite')
    const store = await stores.open(url)
    expect(await store.read('izmir')).toBeNull()
    expect(isAlone(url)).toBe(false)
    const again = await openStore(url, KEYS)
    await again.close()
    expect(isAlone(url)).toBe(false)
  })
})
