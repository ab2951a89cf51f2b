import { afterEach, describe, expect, test } from '@jest/globals'

import { checkConfig } from '../../../src/server/config/config.js'
import { createHttpServer } from '../../../src/server/http-server.js'
import { createLog } from '../../../src/server/observing/log.js'
import type { JoinedAccount } from '../../../src/server/accounts/connect-account.js'
import { deliveriesByAccount } from '../../../src/server/webhooks/deliveries.js'
import { webhookRoute } from '../../../src/server/webhooks/route.js'
import { webhookTokens } from '../../../src/server/webhooks/tokens.js'
import { Secret } from '../../../src/secret.js'
import { memoryStore } from '../../../src/store/memory.js'
import { deliver, hooked, JSON_TYPE, KEYS, RING, startHooked, type HookedOptions, type HookedServer } from './hooked.js'

const servers: HookedServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function start(options: Partial<HookedOptions> = {}): Promise<HookedServer> {
  const server = await startHooked({ accounts: [{ id: 'praha', live: { webhook: true } }], ...options })
  servers.push(server)
  return server
}

const tokenOf = async (options: Partial<HookedOptions> = {}): Promise<string> =>
  (await (await start(options)).address('praha'))!.split('/').at(-1)!

const [ONE, TWO, THREE] = KEYS as [string, string, string]

describe('the address of a webhook', () => {
  test('is the same after a restart and at every replica', async () => {
    const [first, second] = await Promise.all([tokenOf({ encryptionKeys: [ONE] }), tokenOf({ encryptionKeys: [ONE] })])
    expect(first).toBe(second)
  })

  test('begins with the public URL', async () => {
    const config = { server: { port: 0, publicUrl: 'https://phones.example.com/graph/' } }
    const server = await start({ encryptionKeys: [ONE], config })
    expect(await server.address('praha')).toMatch(/^https:\/\/phones\.example\.com\/graph\/webhooks\/praha\/[\w-]{43}$/)
  })

  test('is made with the first key, and works while any of the keys that made it is there', async () => {
    const old = await tokenOf({ encryptionKeys: [ONE] })
    const rotated = await start({ encryptionKeys: [TWO, ONE] })
    const fresh = (await rotated.address('praha'))!
    expect(fresh).not.toContain(old)
    const at = (server: HookedServer, token: string) => `${server.url}/webhooks/praha/${token}`
    expect((await deliver(fresh, RING, JSON_TYPE)).status).toBe(204)
    expect((await deliver(at(rotated, old), RING, JSON_TYPE)).status).toBe(204)
    const without = await start({ encryptionKeys: [TWO, THREE] })
    expect((await deliver(at(without, fresh.split('/').at(-1)!), RING, JSON_TYPE)).status).toBe(204)
    expect((await deliver(at(without, old), RING, JSON_TYPE)).status).toBe(404)
  })

  test('is another for each account, workspace and set of keys', async () => {
    const accounts = ['praha', 'brno'].map((id) => ({ id, live: { webhook: true } }))
    const server = await start({ encryptionKeys: [ONE], accounts })
    const tokens = webhookTokens(checkConfig({ store: { encryptionKeys: [ONE] } }, [], { environment: {} }).signingKeys)
    expect(await server.address('praha')).toContain(tokens.of({ key: 'praha', workspace: 'default' }))
    const all = [
      tokens.of({ key: 'praha', workspace: 'default' }),
      tokens.of({ key: 'brno', workspace: 'default' }),
      tokens.of({ key: 'praha', workspace: 'other' }),
      webhookTokens([Buffer.alloc(32, 9)]).of({ key: 'praha', workspace: 'default' }),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('is random without a key, which is told at the start', async () => {
    expect(await tokenOf()).not.toBe(await tokenOf())
  })

  test('of a linked account is open by the defaults, and closed once it is unlinked', async () => {
    const store = memoryStore(() => performance.now())
    const settings = new Secret(
      JSON.stringify({ urls: { api: 'https://api.acme.example' }, auth: { flow: 'static_token', token: 't' } }),
    )
    const linked = { link: 'l1', key: 'desk', workspace: 'default', provider: 'hooked', label: 'Desk', settings }
    await store.link({ ...linked, pendingUntil: null }, new Map(), 5, Date.now())
    const config = { accountDefaults: { live: { webhook: true } } }
    const server = await start({ accounts: [], encryptionKeys: [ONE], config, store })
    const address = (await server.address('desk'))!
    expect((await deliver(address, RING, JSON_TYPE)).status).toBe(204)
    const { data } = await server.query('{ account(key: "desk") { id } }')
    const { id } = data['account'] as { id: string }
    await server.query(`mutation { accountUnlink(input: { accountId: "${id}" }) { unlinkedAccountId } }`)
    expect((await deliver(address, RING, JSON_TYPE)).status).toBe(404)
  })

  test('of an account that waits for its login is not open yet', async () => {
    const store = memoryStore(() => performance.now())
    const settings = new Secret(
      JSON.stringify({ urls: { api: 'https://api.acme.example' }, auth: { flow: 'static_token', token: 't' } }),
    )
    const linked = { link: 'l1', key: 'praha', workspace: 'default', provider: 'hooked', label: 'Desk', settings }
    await store.link({ ...linked, pendingUntil: Date.now() + 600_000 }, new Map(), 5, Date.now())
    const config = { accountDefaults: { live: { webhook: true } } }
    const server = await start({ accounts: [], encryptionKeys: [ONE], config, store })
    const token = await tokenOf({ encryptionKeys: [ONE] })
    expect((await deliver(`${server.url}/webhooks/praha/${token}`, RING, JSON_TYPE)).status).toBe(404)
  })
})

describe('time does not tell whether an account is there', () => {
  const tokens = webhookTokens([Buffer.alloc(32, 1), Buffer.alloc(32, 2)])
  const account = (key: string, webhook: boolean) =>
    ({
      ...{ key, workspace: 'default', provider: hooked, login: {}, facts: {} },
      live: { webhook, basic: null, pollSeconds: 0, always: false, keys: {} },
    }) as unknown as JoinedAccount
  const accounts = new Map([account('open', true), account('closed', false)].map((one) => [one.key, one]))

  test('each request compares one token, and looks one account up', async () => {
    const steps: string[] = []
    const config = checkConfig({ server: { port: 0 } }, [], { environment: {} })
    const log = createLog({ write: () => {} })
    const route = webhookRoute({
      tokens: {
        ...tokens,
        matches(holder, token) {
          steps.push(`compare ${holder.key}`)
          return tokens.matches(holder, token)
        },
      },
      find(key) {
        steps.push(`find ${key}`)
        return accounts.get(key) ?? null
      },
      receive: async () => ({ added: 1, repeated: 0 }),
      deliveriesOf: deliveriesByAccount(),
      onDelivery: () => {},
      clock: { now: Date.now },
      log,
    })
    const server = createHttpServer({ config, assertReady: async () => {}, routes: [route], log })
    const url = await server.listen()
    const right = (key: string) => tokens.of({ key, workspace: 'default' })
    for (const [path, status] of [
      [`open/${right('open')}`, 204],
      [`open/${'A'.repeat(43)}`, 404],
      ['open/short', 404],
      [`closed/${right('closed')}`, 404],
      [`closed/${'A'.repeat(43)}`, 404],
      [`nobody/${tokens.of({ key: 'nobody', workspace: '' })}`, 404],
      ['nobody/x/y/z', 404],
    ] as const) {
      steps.length = 0
      const { status: answered } = await deliver(`${url}/webhooks/${path}`, RING, JSON_TYPE)
      const [key] = path.split('/')
      expect([path, answered, steps]).toEqual([path, status, [`find ${key}`, `compare ${key}`]])
    }
    await server.drain()
  })

  test('no key is left out because another one fits, and none because the token is none', () => {
    const holder = { key: 'open', workspace: 'default' }
    let made = 0
    // A key is asked for its bytes each time an HMAC is made with it.
    const counted = {
      get key() {
        made += 1
        return holder.key
      },
      workspace: holder.workspace,
    }
    for (const token of [tokens.of(holder), 'A'.repeat(43), 'no token', '']) {
      made = 0
      tokens.matches(counted, token)
      expect([token, made]).toEqual([token, 2])
    }
  })
})
