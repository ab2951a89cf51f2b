import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'

import { memoryStore } from '../../../src/store/memory.js'
import { fill, wholeLog } from '../../archive/filled.js'
import { quietStore } from '../archive/archived-calls.js'
import { beginLogin, decide, startEmulators, startLoginServer, Browser, type LoginServer } from './login-servers.js'

let emulators: Awaited<ReturnType<typeof startEmulators<'bulutfon'>>>
const servers: LoginServer[] = []

beforeAll(async () => {
  emulators = await startEmulators(['bulutfon'], { bulutfon: {} })
})
beforeEach(() => emulators.bulutfon.reset())
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})
afterAll(() => emulators.close())

/** With a cache, unlike the other servers of these tests. */
async function serve(options: Parameters<typeof startLoginServer>[0]): Promise<LoginServer> {
  const server = await startLoginServer({ config: { limits: { cacheBytes: 1024 * 1024 } }, ...options })
  servers.push(server)
  return server
}

/** A person logs in at the provider as one of its customers. */
async function logIn(server: LoginServer, customer: 'company' | 'other'): Promise<void> {
  const browser = new Browser()
  const callback = await decide(browser, await beginLogin(browser, server, 'shop'), 'approve', customer)
  const { page } = await browser.follow(await browser.get(callback), callback)
  expect(page.status).toBe(200)
}

async function seen(server: LoginServer): Promise<unknown> {
  const question = '{ account(key: "shop") { profile { name } dids(first: 50) { nodes { number } } } }'
  const { data } = await server.ask<{ account: unknown }>(question)
  expect(JSON.stringify(data.account)).toMatch(/"\+90/)
  return data.account
}

test('who logs in to an account anew is not shown what was read for who was logged in before', async () => {
  const server = await serve({ accounts: [{ id: 'shop', ...emulators.bulutfon.accounts.unlinked }] })
  await logIn(server, 'company')
  const ours = await seen(server)
  expect(await seen(server)).toEqual(ours)
  expect(emulators.bulutfon.journal.lines().filter((line) => !line.includes('/oauth/'))).toEqual([
    'GET /me',
    'GET /dids',
  ])
  await logIn(server, 'other')
  const theirs = await seen(server)
  expect(theirs).not.toEqual(ours)
  await logIn(server, 'company')
  expect(await seen(server)).toEqual(ours)
})

test('nor on another replica, from when that one uses the new login', async () => {
  const store = memoryStore(() => performance.now())
  const accounts = [{ id: 'shop', ...emulators.bulutfon.accounts.unlinked }]
  const [one, other] = [await serve({ accounts, store }), await serve({ accounts, store })]
  await logIn(one, 'company')
  const ours = await seen(other)
  await logIn(one, 'other')
  // The other replica holds its own token, and uses it until the provider refuses it.
  emulators.bulutfon.revokeAccessTokens('company')
  const callLog = await other.ask('{ account(key: "shop") { callRecords(first: 1) { nodes { id } } } }')
  expect(callLog.errors).toBeUndefined()
  const theirs = await seen(other)
  expect(theirs).not.toEqual(ours)
  expect(theirs).toEqual(await seen(one))
})

test('nor what was archived for them', async () => {
  const store = quietStore()
  const server = await serve({
    accounts: [{ id: 'shop', ...emulators.bulutfon.accounts.unlinked, archive: {} }],
    store,
  })
  const archived = async () => {
    const { data } = await server.ask<{
      callRecords: { nodes: object[]; sources: { stalenessSeconds: number | null }[] }
    }>(
      `{ callRecords(first: 100, filter: { startedAt: { until: "${new Date(Date.now() - 86_400_000).toISOString()}" } }) {
        nodes { id } sources { stalenessSeconds } } }`,
    )
    const { nodes, sources } = data.callRecords
    return { nodes, isArchived: sources[0]!.stalenessSeconds !== null }
  }
  await logIn(server, 'company')
  const account = server.accounts.find(({ key }) => key === 'shop')!
  const covered = [{ from: '2000-01-01T00:00:00.000Z', until: new Date().toISOString() }]
  await fill(store, { key: 'shop', calls: await wholeLog(account), covered, syncedAt: new Date().toISOString() })
  const ours = await archived()
  expect(ours).toMatchObject({ isArchived: true, nodes: expect.arrayContaining([expect.anything()]) })
  await logIn(server, 'other')
  const theirs = await archived()
  expect(theirs.isArchived).toBe(false)
  expect(ours.nodes).not.toEqual(expect.arrayContaining(theirs.nodes))
})

test('an account that is unlinked and linked again to somebody else shows what is theirs', async () => {
  const server = await serve({})
  const link = async (name: 'password' | 'otherPassword') => {
    const { provider, urls, auth } = emulators.bulutfon.accounts[name]
    const { email, password } = auth as { email: string; password: string }
    const input = {
      provider,
      key: 'shop',
      label: 'Shop',
      urls,
      flow: 'PASSWORD_PER_CALL',
      credentials: { email, password },
    }
    const { data } = await server.ask<{ accountLink: { account: { id: string } | null; userErrors: unknown[] } }>(
      'mutation ($input: AccountLinkInput!) { accountLink(input: $input) { account { id } userErrors { message } } }',
      { input },
    )
    expect(data.accountLink.userErrors).toEqual([])
    return data.accountLink.account!.id
  }
  const id = await link('password')
  const ours = await seen(server)
  await server.ask('mutation ($id: ID!) { accountUnlink(input: { accountId: $id }) { unlinkedAccountId } }', { id })
  expect(await link('otherPassword')).toBe(id)
  expect(await seen(server)).not.toEqual(ours)
})
