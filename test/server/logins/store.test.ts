import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { providers } from '../../../src/providers/index.js'
import { storedAccountStates } from '../../../src/commands/account-states.js'
import { checkConfig, type Config } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { reencryptStore } from '../../../src/commands/reencrypt-store.js'
import { startServer, type RunningServer } from '../../../src/server/server.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../../support/postgres.js'
import { startEmulators } from './login-servers.js'

const key = () => randomBytes(32).toString('base64')
const KEY = key()
const PROFILE = '{ account(key: "desk") { profile { email } authorization { status } } }'

let emulators: Awaited<ReturnType<typeof startEmulators<'rails-api-v1' | 'bulutfon'>>>
let postgres: TestPostgres | null = null
let folder: string
const servers: RunningServer[] = []
const log = createLog({ write: () => true })

beforeAll(async () => {
  emulators = await startEmulators(['rails-api-v1', 'bulutfon'])
  if (!postgresUnavailable) postgres = await startPostgres()
}, 60_000)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-logins-'))
  emulators['rails-api-v1'].reset()
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(async () => {
  await emulators.close()
  await postgres?.close()
})

const configured = (store: object, accounts: readonly object[] = desk()): Config =>
  checkConfig({ server: { port: 0 }, store, limits: { cacheBytes: 0 }, accounts }, providers, { environment: {} })
const desk = () => [{ id: 'desk', ...emulators['rails-api-v1'].accounts.password }]
const inFile = (keys = [KEY]) => ({ url: `sqlite:${join(folder, 'logins.db')}`, encryptionKeys: keys })

async function serve(config: Config): Promise<RunningServer> {
  const server = await startServer(config, { providers, log })
  servers.push(server)
  return server
}
const stop = async (server: RunningServer) => {
  servers.splice(servers.indexOf(server), 1)
  await server.close()
}
const ask = async ({ url }: RunningServer, query: string, variables = {}) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as { data: never; errors?: { extensions: { code: string } }[] }
}
const files = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
const tokenRequests = () => emulators['rails-api-v1'].journal.tokenRequests.length

describe('a server that is started again', () => {
  test('goes on with the logins it had', async () => {
    const first = await serve(configured(inFile()))
    expect((await ask(first, PROFILE)).errors).toBeUndefined()
    await stop(first)
    const second = await serve(configured(inFile()))
    expect((await ask(second, PROFILE)).errors).toBeUndefined()
    expect(tokenRequests()).toBe(1)
  })

  test('with an account of the configuration that has the key of a linked one shows that, and says so', async () => {
    const first = await serve(configured(inFile(), []))
    const { urls, auth } = emulators['rails-api-v1'].accounts.password
    const { flow: _flow, ...credentials } = auth
    const input = { provider: 'rails-api-v1', key: 'desk', label: 'Linked', flow: 'OAUTH2_PASSWORD', urls, credentials }
    const answer = await ask(
      first,
      'mutation ($input: AccountLinkInput!) { accountLink(input: $input) { userErrors { code } } }',
      { input },
    )
    expect(answer).toEqual({ data: { accountLink: { userErrors: [] } } })
    await stop(first)

    const again = await serve(configured(inFile(), []))
    expect(again.accounts.map(({ label }) => label)).toEqual(['Linked'])
    expect((await ask(again, PROFILE)).errors).toBeUndefined()
    expect(tokenRequests()).toBe(1)
    await stop(again)

    const lines: string[] = []
    const other = await startServer(configured(inFile()), {
      providers,
      log: createLog({ write: (line: string) => void lines.push(line) }),
    })
    servers.push(other)
    expect(other.accounts.map(({ label }) => label)).toEqual(['Staff directory'])
    expect(lines.join('')).toContain('the linked account desk is hidden by one of the configuration')
  })
})

describe('a server does not start, and leaves the store as it is', () => {
  test('with another key than the store was sealed with', async () => {
    await stop(await serve(configured(inFile())))
    const before = files()
    await expect(serve(configured(inFile([key()])))).rejects.toMatchObject({
      name: 'ConfigurationError',
      problems: [
        expect.stringMatching(/^store\.encryptionKeys: none of these keys opens the store .* nothing was changed\.$/),
      ],
    })
    expect(files()).toEqual(before)
  })

  test('with a file that is no store', async () => {
    writeFileSync(join(folder, 'logins.db'), 'this is a letter to somebody else\n'.repeat(100))
    const before = files()
    await expect(serve(configured(inFile()))).rejects.toMatchObject({
      name: 'ConfigurationError',
      problems: [expect.stringMatching(/^store\.url: the file .*logins\.db cannot be opened/)],
    })
    expect(files()['logins.db']).toBe(before['logins.db'])
  })

  test('with a database that does not answer, whose password is not told', async () => {
    const store = { url: 'postgres://ada:canary-pass@127.0.0.1:1/logins', encryptionKeys: [KEY] }
    const refused = await serve(configured(store)).catch((error: Error) => error)
    expect(refused).toMatchObject({
      name: 'ConfigurationError',
      problems: [
        expect.stringMatching(/^store\.url: the database at 127\.0\.0\.1:1 cannot be opened \(ECONNREFUSED\)/),
      ],
    })
    expect(String(refused)).not.toContain('canary')
  })
})

describe('without a server', () => {
  test('the store tells the state of the accounts, linked ones among them', async () => {
    const config = configured(inFile())
    expect(await storedAccountStates(config, providers, log)).toMatchObject([{ id: 'desk', status: 'NEW' }])
    expect(readdirSync(folder)).toEqual([])
    const server = await serve(config)
    await ask(server, PROFILE)
    const { token } = emulators.bulutfon.accounts.masterToken.auth
    const input = {
      provider: 'bulutfon',
      key: 'shop',
      label: 'Shop',
      flow: 'STATIC_TOKEN',
      urls: emulators.bulutfon.accounts.masterToken.urls,
      credentials: { token },
    }
    await ask(server, 'mutation ($input: AccountLinkInput!) { accountLink(input: $input) { userErrors { code } } }', {
      input,
    })
    await stop(server)
    expect(await storedAccountStates(config, providers, log)).toMatchObject([
      { id: 'desk', status: 'ACTIVE', expiresAt: expect.any(String) },
      { id: 'shop', provider: 'bulutfon', flow: 'STATIC_TOKEN', status: 'ACTIVE', expiresAt: null },
    ])
    await expect(storedAccountStates(configured(inFile([key()])), providers, log)).rejects.toMatchObject({
      name: 'ConfigurationError',
    })
  })
})

describe('everything is sealed anew', () => {
  test('while a server goes on, after which the old key is needed no more', async () => {
    const both = [key(), KEY]
    await stop(await withLogin(configured(inFile())))
    const serving = await serve(configured(inFile(both)))
    const seen: number[] = []
    const [moved] = await Promise.all([
      reencryptStore(configured(inFile(both)), ({ moved: rows }) => seen.push(rows)),
      ...Array.from({ length: 20 }, async () => expect((await ask(serving, PROFILE)).errors).toBeUndefined()),
    ])
    expect(moved).toBeGreaterThan(0)
    expect(seen.at(-1)).toBe(moved)
    expect(await reencryptStore(configured(inFile(both)), () => {})).toBe(0)
    await stop(serving)
    expect((await ask(await serve(configured(inFile(both.slice(0, 1)))), PROFILE)).errors).toBeUndefined()
    expect(tokenRequests()).toBe(1)
  })

  test('not without a key that still sealed a row, and what was done stays done', async () => {
    await stop(await withLogin(configured(inFile())))
    await expect(reencryptStore(configured(inFile([key()])), () => {})).rejects.toMatchObject({
      problems: [expect.stringMatching(/^store\.encryptionKeys: /)],
    })
    await expect(reencryptStore(configured({ url: 'memory:' }), () => {})).rejects.toMatchObject({
      problems: ['store.url: memory: keeps nothing that could be sealed'],
    })
  })

  async function withLogin(config: Config): Promise<RunningServer> {
    const server = await serve(config)
    await ask(server, PROFILE)
    return server
  }
})

const suite = postgresUnavailable ? describe.skip : describe
suite(
  postgresUnavailable
    ? `two servers on one PostgreSQL (skipped: ${postgresUnavailable})`
    : 'two servers on one PostgreSQL',
  () => {
    const shared = async () => ({ url: await postgres!.createDatabase(), encryptionKeys: [KEY] })
    const keysOf = (server: RunningServer) => server.accounts.map((account) => account.key)
    const until = async (condition: () => boolean) => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
    }

    test('see within seconds what the other has linked, renamed and unlinked, and share its login', async () => {
      const store = await shared()
      const [one, two] = [await serve(configured(store, [])), await serve(configured(store, []))]
      const { urls, auth } = emulators['rails-api-v1'].accounts.password
      const { flow: _flow, ...credentials } = auth
      const input = { provider: 'rails-api-v1', key: 'desk', label: 'Desk', flow: 'OAUTH2_PASSWORD', urls, credentials }
      await ask(one, 'mutation ($input: AccountLinkInput!) { accountLink(input: $input) { userErrors { code } } }', {
        input,
      })
      await until(() => keysOf(two).includes('desk'))
      expect((await ask(two, PROFILE)).errors).toBeUndefined()
      expect(tokenRequests()).toBe(1)
      const { id } = one.accounts[0]!
      const gone = await ask(
        two,
        'mutation ($id: ID!) { accountUnlink(input: { accountId: $id }) { userErrors { code } } }',
        { id },
      )
      expect(gone).toEqual({ data: { accountUnlink: { userErrors: [] } } })
      expect(keysOf(two)).toEqual([])
      await until(() => keysOf(one).length === 0)
    })

    test('and a browser that was sent to one of them is known to the other at once', async () => {
      const store = await shared()
      const [one, two] = [await serve(configured(store, [])), await serve(configured(store, []))]
      const { urls, auth } = emulators.bulutfon.accounts.unlinked
      const { clientId, clientSecret } = auth
      const input = { provider: 'bulutfon', key: 'shop', label: 'Shop', urls, clientId, clientSecret }
      await ask(
        one,
        'mutation ($input: AccountAuthorizationBeginInput!) { accountAuthorizationBegin(input: $input) { authorizeUrl } }',
        { input },
      )
      expect((await fetch(`${two.url}/connect/shop`, { redirect: 'manual' })).status).toBe(303)
      expect((await fetch(`${two.url}/connect/other`, { redirect: 'manual' })).status).toBe(404)
    })

    const stoppable = process.env['DIALGRAPH_TEST_POSTGRES'] ? test.skip : test
    stoppable(
      'say that they are ready as long as it answers, and serve what they have in hand without it',
      async () => {
        const server = await serve(configured(await shared()))
        const ready = async () => (await fetch(`${server.url}/readyz`)).status
        expect(await ready()).toBe(200)
        expect((await ask(server, PROFILE)).errors).toBeUndefined()
        await postgres!.server!.stop()
        try {
          expect(await ready()).toBe(503)
          expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
          const { data, errors } = await ask(server, PROFILE)
          expect(errors).toBeUndefined()
          expect(data).toMatchObject({
            account: { profile: { email: expect.any(String) }, authorization: { status: 'BACKOFF' } },
          })
        } finally {
          await postgres!.server!.start()
        }
        expect(await ready()).toBe(200)
        expect((await ask(server, PROFILE)).errors).toBeUndefined()
      },
    )
  },
)
