import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { openStore } from '../../../src/store/open-store.js'
import { startEmulators, startLoginServer, type Emulators, type LoginServer } from './login-servers.js'

const KEYS = [randomBytes(32).toString('base64')]
const HOURS = 3_600

/** Providers that refuse an old refresh token, and what then helps. */
const ACCOUNTS = {
  izmir: { slug: 'bulutfon', account: 'authorizationCode', helps: 'a person' },
  desk: { slug: 'rails-api-v1', account: 'authorizationCode', helps: 'a person' },
  staff: { slug: 'rails-api-v1', account: 'password', helps: 'the password' },
  praha: { slug: 'ipex', account: 'password', helps: 'the password' },
  lists: { slug: 'postacell', account: 'login', helps: 'the password' },
} as const
const KEYS_OF_ACCOUNTS = Object.keys(ACCOUNTS) as (keyof typeof ACCOUNTS)[]

let emulators: Awaited<ReturnType<typeof startEmulators<keyof Emulators>>>
let folder: string
/** Seconds since the first server began. */
let passed = 0

beforeAll(async () => {
  emulators = await startEmulators(['bulutfon', 'ipex', 'postacell', 'rails-api-v1'], {
    ipex: { refreshReuse: 'reject' },
    postacell: { rotateRefresh: true, blacklistAfterRotation: true },
    'rails-api-v1': { refreshRevocation: 'immediate' },
  })
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-restored-'))
})
afterAll(async () => {
  await emulators.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = () => join(folder, 'logins.db')

async function start(): Promise<LoginServer> {
  const entries = KEYS_OF_ACCOUNTS.map((id) => {
    const { slug, account } = ACCOUNTS[id]
    return { id, ...(emulators[slug].accounts as Readonly<Record<string, object>>)[account] }
  })
  const server = await startLoginServer({ accounts: entries, store: await openStore(`sqlite:${file()}`, KEYS) })
  server.clock.advance(passed)
  return server
}

function pass(server: LoginServer, seconds: number): void {
  passed += seconds
  server.clock.advance(seconds)
  emulators.advance(seconds)
}

const ask = async (server: LoginServer, key: string) => {
  const { errors } = await server.ask(
    `{ account(key: "${key}") { profile { email name } groups(first: 1) { nodes { id } } } }`,
  )
  const codes = (errors ?? [])
    .map(({ extensions }) => extensions.code)
    .filter((code) => code !== 'CAPABILITY_UNSUPPORTED')
  return codes[0] ?? 'ok'
}
const askAll = async (server: LoginServer) =>
  Object.fromEntries(await Promise.all(KEYS_OF_ACCOUNTS.map(async (key) => [key, await ask(server, key)] as const)))
const all = (outcome: string) => Object.fromEntries(KEYS_OF_ACCOUNTS.map((key) => [key, outcome]))

test('a store that was brought back from an old copy costs each account two token requests at most, and no loop', async () => {
  const first = await start()
  expect(await askAll(first)).toEqual(all('ok'))
  await first.close()
  // A closed store leaves no write-ahead log: the file alone is a complete copy.
  expect(statSync(`${file()}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
  copyFileSync(file(), `${file()}.copy`)

  const second = await start()
  for (let turn = 0; turn < 2; turn++) {
    pass(second, 3 * HOURS)
    expect(await askAll(second)).toEqual(all('ok'))
  }
  await second.close()

  copyFileSync(`${file()}.copy`, file())
  const third = await start()
  pass(third, 3 * HOURS)
  for (const key of KEYS_OF_ACCOUNTS) {
    const { slug, helps } = ACCOUNTS[key]
    const { journal } = emulators[slug]
    journal.clear()
    const outcome = await ask(third, key)
    expect({ key, outcome }).toEqual({ key, outcome: helps === 'a person' ? 'REAUTHORIZATION_REQUIRED' : 'ok' })
    expect(journal.tokenRequests.length).toBeLessThanOrEqual(2)
    const before = journal.tokenRequests.length
    for (let turn = 0; turn < 5; turn++) expect(await ask(third, key)).toBe(outcome)
    expect(journal.tokenRequests.length).toBe(before)
  }
  await third.close()
})
