import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { retryStoredLogin } from '../../../src/server/accounts/retry-stored.js'
import { createLog } from '../../../src/server/observing/log.js'
import { openStore } from '../../../src/store/open-store.js'
import { startEmulators, startLoginServer, type LoginServer } from './login-servers.js'

const RETRY = `mutation ($id: ID!) {
  accountRetry(input: { accountId: $id }) {
    account { key authorization { status lastError { code reason } } }
    userErrors { field code message }
  }
}`
interface Retried {
  accountRetry: {
    account: { key: string; authorization: { status: string; lastError: unknown } } | null
    userErrors: { field: string[] | null; code: string; message: string }[]
  }
}

let emulators: Awaited<ReturnType<typeof startEmulators<'bulutfon' | 'postacell' | 'rails-api-v1'>>>
let folder: string
let server: LoginServer
const key = randomBytes(32).toString('base64')
const url = () => `sqlite:${join(folder, 'logins.db')}`
const accounts = () => [
  { id: 'mail', ...emulators.postacell.accounts.login },
  { id: 'master', ...emulators.bulutfon.accounts.masterToken },
  { id: 'browser', ...emulators['rails-api-v1'].accounts.authorizationCode },
]

beforeAll(async () => {
  emulators = await startEmulators(['bulutfon', 'postacell', 'rails-api-v1'])
}, 60_000)
beforeEach(async () => {
  for (const emulator of [emulators.bulutfon, emulators.postacell, emulators['rails-api-v1']]) emulator.reset()
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-retry-'))
  server = await startLoginServer({ accounts: accounts(), store: await openStore(url(), [key]) })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => emulators.close())

const retry = async (account: string) =>
  (await server.ask<Retried>(RETRY, { id: globalId('Account', account) })).data.accountRetry
/** Code of the account's failure; null when it answers. */
async function read(account: string): Promise<string | null> {
  const field = account === 'mail' ? 'groups(first: 1) { nodes { id } }' : 'profile { email }'
  const { errors } = await server.ask(`{ account(key: "${account}") { ${field} } }`)
  return errors?.[0]?.extensions.code ?? null
}
/** The login of this account ends by the provider's own words. */
async function end(account: string): Promise<void> {
  if (account === 'mail')
    emulators.postacell.faults.next({ path: /api\/token/, status: 401, body: '{"detail":"No active account found"}' })
  else if (account === 'master') emulators.bulutfon.faults.next({ status: 401, body: '{"error":"Unauthorized"}' })
  else emulators['rails-api-v1'].faults.next({ path: /token/, status: 401, body: '{"error":"invalid_grant"}' })
  expect(await read(account)).toBe('REAUTHORIZATION_REQUIRED')
  expect(await read(account)).toBe('REAUTHORIZATION_REQUIRED')
}
/** Tries it from another process, as `dialgraph accounts retry` does. */
const retryBeside = (account: string) =>
  retryStoredLogin(
    checkConfig({ store: { url: url(), encryptionKeys: [key] }, accounts: accounts() }, providers, { environment: {} }),
    account,
    { providers, log: createLog({ write: () => {} }) },
  )

describe('a login that has ended', () => {
  test.each(['mail', 'master', 'browser'])(
    'is tried when a person asks, and works from then on (%s)',
    async (account) => {
      await end(account)
      expect(await retry(account)).toEqual({
        account: { key: account, authorization: { status: 'ACTIVE', lastError: null } },
        userErrors: [],
      })
      expect(await read(account)).toBeNull()
    },
  )

  test.each(['mail', 'master', 'browser'])(
    'is tried beside a running server, which uses it with its next request (%s)',
    async (account) => {
      await end(account)
      expect(await retryBeside(account)).toMatchObject({ id: account, failure: null, state: { status: 'ACTIVE' } })
      expect(await read(account)).toBeNull()
    },
  )

  test.each([
    ['by the mutation', async (account: string) => (await retry(account)).userErrors[0]?.message],
    ['beside the server', async (account: string) => (await retryBeside(account)).failure],
  ])('says why where it fails again, and waits anew (%s)', async (_, tried) => {
    await end('mail')
    emulators.postacell.changePassword('login', 'another')
    expect(await tried('mail')).toMatch(/refuses the configured credentials/)
    const asked = emulators.postacell.journal.tokenRequests.length
    expect(await read('mail')).toBe('REAUTHORIZATION_REQUIRED')
    expect(emulators.postacell.journal.tokenRequests).toHaveLength(asked)
  })

  test('is shown with its account and the code of what keeps it from logging in', async () => {
    await end('mail')
    emulators.postacell.changePassword('login', 'another')
    expect(await retry('mail')).toMatchObject({
      account: { key: 'mail', authorization: { status: 'REAUTHORIZATION_REQUIRED' } },
      userErrors: [{ field: ['input', 'accountId'], code: 'INVALID_CREDENTIALS' }],
    })
  })

  test('has still ended where the provider cannot answer just now', async () => {
    await end('mail')
    emulators.postacell.faults.next({ path: /api\/token/, status: 503, times: 1 })
    expect((await retry('mail')).userErrors).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }])
    expect(await read('mail')).toBe('REAUTHORIZATION_REQUIRED')
  })

  test('is looked at again after two hours by one of all requests, also after a restart', async () => {
    await end('mail')
    await server.close()
    server = await startLoginServer({ accounts: accounts(), store: await openStore(url(), [key]) })
    emulators.postacell.changePassword('login', 'another')
    emulators.postacell.journal.clear()
    server.clock.advance(2 * 3_600 - 60)
    expect(await read('mail')).toBe('REAUTHORIZATION_REQUIRED')
    expect(emulators.postacell.journal.tokenRequests).toHaveLength(0)
    server.clock.advance(61)
    await Promise.all(Array.from({ length: 20 }, () => read('mail')))
    expect(emulators.postacell.journal.tokenRequests).toHaveLength(1)
  })
})

test('a login that waits after a failure is tried at once', async () => {
  emulators.postacell.faults.next({ path: /api\/token/, status: 500 })
  expect(await read('mail')).toBe('PROVIDER_UNAVAILABLE')
  expect(await retry('mail')).toMatchObject({ account: { authorization: { status: 'ACTIVE' } }, userErrors: [] })
})

test('a login that works is left as it is', async () => {
  expect(await read('mail')).toBeNull()
  const asked = emulators.postacell.journal.tokenRequests.length
  expect((await retry('mail')).userErrors).toEqual([])
  expect(emulators.postacell.journal.tokenRequests).toHaveLength(asked)
})

test('an account that is unknown is said to be', async () => {
  expect(await retry('nobody')).toMatchObject({ account: null, userErrors: [{ code: 'NOT_FOUND' }] })
  await expect(retryBeside('nobody')).rejects.toThrow('there is no account nobody')
})
