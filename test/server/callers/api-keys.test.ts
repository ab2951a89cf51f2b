import { request } from 'node:http'

import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { rateLimit } from '../../../src/server/callers/rate-limit.js'
import { idIn, makeApiKey } from '../../../src/server/callers/api-key.js'
import { digestOf, isDigestOf } from '../../../src/server/digest.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'
import type { LoginServer } from '../logins/login-servers.js'
import { ask, askRaw, startGate, UNKNOWN, VIEWER } from './gate.js'
import { cases } from '../../support/proof.js'

const DASHBOARD = 'canary-dashboard-key-0001'
const callers = {
  apiKeys: [
    { name: 'dashboard', key: DASHBOARD, scopes: ['telephony:read'] },
    {
      name: 'sales',
      key: 'canary-sales-key-000000002',
      workspace: 'sales',
      scopes: ['telephony:read', 'telephony:raw'],
    },
  ],
}

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})
const start = async (...given: Parameters<typeof startGate>): Promise<LoginServer> => {
  const server = await startGate(...given)
  open.push(server)
  return server
}

/** Keeps a key as the command would, in a store that other servers share. */
async function keep(store: Store, more: object = {}): Promise<string> {
  const { id, key, digest } = makeApiKey()
  const kept = {
    id,
    name: 'made',
    workspace: 'default',
    scopes: ['telephony:read'],
    digest,
    createdAt: 1,
    revokedAt: null,
  }
  await store.keepApiKey({ ...kept, ...more })
  return key.reveal()
}

describe('a key of the configuration', () => {
  test('lets in its caller, into its workspace and with its scopes', async () => {
    const server = await start(callers)
    expect((await ask(server, DASHBOARD)).body.data?.viewer).toEqual({
      ...{ name: 'dashboard', workspace: 'default', scopes: ['telephony:read'] },
    })
    expect((await ask(server, 'canary-sales-key-000000002')).body.data?.viewer).toEqual({
      ...{ name: 'sales', workspace: 'sales', scopes: ['telephony:raw', 'telephony:read'] },
    })
  })

  test('is asked for in every way GraphQL is asked, and by nothing else', async () => {
    const server = await start(callers)
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${server.url}${path}`, { redirect: 'manual', ...init })).status
    const query = `/graphql?query=${encodeURIComponent(VIEWER)}`
    const json = { 'content-type': 'application/json' }
    expect(await status(query, { headers: json })).toBe(401)
    expect(await status(query, { method: 'HEAD', headers: json })).toBe(401)
    expect(await status(query, { headers: { ...json, authorization: `bearer ${DASHBOARD}` } })).toBe(200)
    expect(await status('/graphql', { method: 'POST', headers: { ...json, accept: 'text/html' }, body: '{}' })).toBe(
      401,
    )
    for (const path of ['/healthz', '/readyz', '/metrics']) expect([path, await status(path)]).toEqual([path, 200])
  })

  test('is not asked for by the page on which a person types it, where there is that page', async () => {
    const page = { headers: { accept: 'text/html' } }
    const [open, closed] = [
      await start(callers),
      await start(callers, { config: { server: { port: 0, explore: false } } }),
    ]
    // 404: this build may have no GraphiQL in it.
    expect([200, 404]).toContain((await fetch(`${open.url}/graphql`, page)).status)
    expect((await fetch(`${closed.url}/graphql`, page)).status).toBe(401)
  })

  test('is asked for before a body is read', async () => {
    const server = await start(callers)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: 'x'.repeat(300_000) })
    expect(answer.status).toBe(401)
  })
})

describe('whoever is not known is told so in one way', () => {
  const near = `${DASHBOARD.slice(0, -1)}2`
  test.each<[string, readonly string[]]>([
    ['no header', []],
    ['an empty one', ['Authorization', '']],
    ['another scheme', ['Authorization', `Basic ${Buffer.from(`user:${DASHBOARD}`).toString('base64')}`]],
    ['a key without a scheme', ['Authorization', DASHBOARD]],
    ['a key that is nearly one', ['Authorization', `Bearer ${near}`]],
    ['a key and more', ['Authorization', `Bearer ${DASHBOARD} ${DASHBOARD}`]],
    ['a key in capitals', ['Authorization', `Bearer ${DASHBOARD.toUpperCase()}`]],
    ['a key of the form that is made here', ['Authorization', `Bearer ${makeApiKey().key.reveal()}`]],
    ['a token without a login service', ['Authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.e30']],
    ['the header twice, both good', ['Authorization', `Bearer ${DASHBOARD}`, 'authorization', `Bearer ${DASHBOARD}`]],
    ['the header twice, the first good', ['Authorization', `Bearer ${DASHBOARD}`, 'Authorization', `Bearer ${near}`]],
    ['the header twice, the second good', ['Authorization', `Bearer ${near}`, 'Authorization', `Bearer ${DASHBOARD}`]],
    [
      'the header twice, with thousands between them',
      [
        'Authorization',
        `Bearer ${DASHBOARD}`,
        ...Array.from({ length: 2_500 }, () => ['a', '']).flat(),
        'Authorization',
        'x',
      ],
    ],
    ['a key elsewhere', ['X-Api-Key', DASHBOARD, 'Cookie', `authorization=Bearer ${DASHBOARD}`]],
    ['a header of a proxy', ['X-Forwarded-Authorization', `Bearer ${DASHBOARD}`, 'X-Forwarded-User', 'dashboard']],
  ])('%s', async (_what, headers) => {
    const server = await start(callers)
    const { status, headers: answered, body } = await askRaw(server, headers)
    expect({ status, body }).toEqual({ status: 401, body: { errors: [UNKNOWN] } })
    expect(answered.get('www-authenticate')).toBe('Bearer')
    expect(answered.get('content-type')).toMatch(/^application\/json/)
    expect(answered.get('cache-control')).toBe('no-store')
    expect(server.logLines.join()).not.toMatch(/canary/)
  })

  test('and nothing else in a request changes who asks', async () => {
    const server = await start(callers)
    const spoofed = [
      'X-Workspace',
      'sales',
      'X-Dialgraph-Workspace',
      'sales',
      'X-Forwarded-For',
      '127.0.0.1',
      'X-Scopes',
      'x',
    ]
    const many = Array.from({ length: 150 }, (_, at) => [`X-Header-${at}`, 'sales']).flat()
    const { body } = await askRaw(server, ['Authorization', `Bearer ${DASHBOARD}`, ...spoofed, ...many])
    expect(body.data?.viewer).toEqual({ name: 'dashboard', workspace: 'default', scopes: ['telephony:read'] })
  })
})

describe('a key made by command', () => {
  test('lets in at once, also at a server that was running before it was made', async () => {
    const store = memoryStore()
    const server = await start({}, { store })
    expect((await ask(server, await keep(store, { workspace: 'sales' }))).body.data?.viewer).toEqual({
      ...{ name: 'made', workspace: 'sales', scopes: ['telephony:read'] },
    })
  })

  test('does not let in with another secret, or another id', async () => {
    const store = memoryStore()
    const server = await start({}, { store })
    const [one, other] = [await keep(store), await keep(store)]
    const swapped = `${one.slice(0, 26)}${other.slice(26)}`
    expect(idIn(swapped)).toBe(idIn(one))
    const changed = `${one.slice(0, -2)}${one.endsWith('A') ? 'BB' : 'AA'}`
    for (const key of [swapped, changed]) expect((await ask(server, key)).status).toBe(401)
    expect((await ask(server, one)).status).toBe(200)
  })

  test('that is revoked lets nobody in within a minute, at every replica, however busy it is', async () => {
    const store = memoryStore()
    const replicas = [await start({}, { store }), await start({}, { store })]
    const key = await keep(store)
    for (const replica of replicas) expect((await ask(replica, key)).status).toBe(200)
    expect(await store.revokeApiKey(idIn(key)!, Date.now())).toBe(true)
    const [idle, busy] = replicas as [LoginServer, LoginServer]
    for (let second = 0; second < 59; second++) {
      busy.clock.advance(1)
      await ask(busy, key)
    }
    idle.clock.advance(59)
    expect([(await ask(idle, key)).status, (await ask(busy, key)).status]).toEqual([401, 401])
  })

  test('is looked at again beside the requests it lets in, so that nobody waits for the store', async () => {
    const store = memoryStore()
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    let looks = 0
    const slow: Store = {
      ...store,
      apiKey: async (id) => {
        if ((looks += 1) > 1) await held
        return store.apiKey(id)
      },
    }
    const server = await start({}, { store: slow })
    const key = await keep(store)
    await ask(server, key)
    await store.revokeApiKey(idIn(key)!, Date.now())
    server.clock.advance(11)
    for (let count = 0; count < 3; count++) expect((await ask(server, key)).status).toBe(200)
    expect(looks).toBe(2)
    answer()
    await held
    expect((await ask(server, key)).status).toBe(401)
  })

  test('lets in for a while without its store, and then says that nobody can tell, not that it is wrong', async () => {
    const store = memoryStore()
    let gone = false
    const flaky: Store = {
      ...store,
      apiKey: (id) => (gone ? Promise.reject(new Error('canary: the store is gone')) : store.apiKey(id)),
    }
    const server = await start({}, { store: flaky })
    const [used, unused] = [await keep(store), await keep(store)]
    expect((await ask(server, used)).status).toBe(200)
    gone = true
    server.clock.advance(30)
    expect((await ask(server, used)).status).toBe(200)
    const { status, body } = await ask(server, unused)
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE'])
    server.clock.advance(30)
    expect((await ask(server, used)).status).toBe(503)
    gone = false
    expect((await ask(server, used)).status).toBe(200)
    expect(JSON.stringify(body)).not.toMatch(/canary/)
  })

  test('costs the store one look for many requests', async () => {
    const store = memoryStore()
    let looks = 0
    const counted: Store = { ...store, apiKey: (id) => ((looks += 1), store.apiKey(id)) }
    const server = await start({}, { store: counted })
    const key = await keep(store)
    await Promise.all(Array.from({ length: 20 }, () => ask(server, key)))
    await ask(server, key)
    expect(looks).toBe(1)
  })

  test('holds 256 bits that nobody has twice, and is kept as a digest of the whole of it', () => {
    const made = Array.from({ length: 1_000 }, makeApiKey)
    expect(new Set(made.map(({ id }) => id)).size).toBe(1_000)
    for (const { id, key, digest } of made.slice(0, 5)) {
      expect(key.reveal()).toMatch(/^dialgraph_[0-9a-f]{16}_[\w-]{43}$/)
      expect(idIn(key.reveal())).toBe(id)
      expect(isDigestOf(digest, key.reveal())).toBe(true)
      expect(`${key}`).toBe('[secret]')
    }
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => isDigestOf(digestOf(a), b) === (a === b)))
    expect(isDigestOf('', 'anything')).toBe(false)
  })
})

describe('a caller in a hurry', () => {
  const hurried = (limits: object = { requestsPerSecond: 2, requestBurst: 3 }) => start(callers, { config: { limits } })
  const SALES = 'canary-sales-key-000000002'

  test('is told when to come back, and nobody else notices', async () => {
    const server = await hurried()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(server, DASHBOARD)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429])
    const { headers, body } = answers.find(({ status }) => status === 429)!
    expect(headers.get('retry-after')).toBe('1')
    expect(body.errors).toEqual([
      {
        message: 'Too many requests with this credential. Try again later.',
        extensions: {
          code: 'RATE_LIMITED',
          retryable: true,
          retryAfterMs: expect.any(Number),
          requestId: expect.any(String),
        },
      },
    ])
    const wait = body.errors![0]!.extensions['retryAfterMs'] as number
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(500)
    expect((await ask(server, SALES)).status).toBe(200)
  })

  test('is served again when it was told to come back', async () => {
    const server = await hurried()
    for (let count = 0; count < 3; count++) await ask(server, DASHBOARD)
    const { body } = await ask(server, DASHBOARD)
    server.clock.advance((body.errors![0]!.extensions['retryAfterMs'] as number) / 1000)
    expect((await ask(server, DASHBOARD)).status).toBe(200)
  })

  test('does not notice the limits a front-end lives with', async () => {
    const server = await start(callers)
    const answers = await Promise.all(Array.from({ length: 300 }, () => ask(server, DASHBOARD)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('without callers there is nobody to keep from another', async () => {
    const server = await hurried()
    await server.close()
    const free = await start({}, { config: { callers: undefined, limits: { requestsPerSecond: 1, requestBurst: 1 } } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(free, null)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

describe('whoever guesses', () => {
  const guessed = (proxy: object = {}) =>
    start(callers, { config: { server: { port: 0, ...proxy }, limits: { failedAuthenticationsPerMinute: 3 } } })
  const wrong = () => makeApiKey().key.reveal()

  test('may not go on for long, while whoever is known at the same address is let in', async () => {
    const server = await guessed()
    const statuses: number[] = []
    for (let count = 0; count < 5; count++) statuses.push((await ask(server, wrong())).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    const { headers, body } = await ask(server, wrong())
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(10)
    expect(body.errors?.[0]).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryable: true } })
    expect((await ask(server, DASHBOARD)).status).toBe(200)
    server.clock.advance(20)
    expect((await ask(server, wrong())).status).toBe(401)
  })

  test('at once is counted all the same', async () => {
    const server = await guessed()
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(server, wrong())))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3)
  })

  test('cannot name another address, unless a proxy that is believed names it', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const plain = await guessed()
    for (let count = 0; count < 3; count++) await ask(plain, wrong(), VIEWER, from(`192.0.2.${count}`))
    expect((await ask(plain, wrong(), VIEWER, from('192.0.2.9'))).status).toBe(429)
    const behind = await guessed({ trustProxy: ['127.0.0.1'] })
    for (let count = 0; count < 3; count++) await ask(behind, wrong(), VIEWER, from('192.0.2.1'))
    expect((await ask(behind, wrong(), VIEWER, from('192.0.2.1'))).status).toBe(429)
    expect((await ask(behind, wrong(), VIEWER, from('192.0.2.2'))).status).toBe(401)
  })

  test('has a whole network of IPv6, and it counts as one address', async () => {
    const behind = await guessed({ trustProxy: ['127.0.0.1'] })
    const from = (address: string) => ask(behind, wrong(), VIEWER, { 'x-forwarded-for': address })
    for (const address of ['2001:db8::1', '2001:db8:0:0:5::2', '2001:db8:0:0:ffff:ffff:ffff:ffff']) await from(address)
    expect((await from('2001:db8::9:9')).status).toBe(429)
    expect((await from('2001:db8:0:1::1')).status).toBe(401)
    expect((await from('::ffff:192.0.2.1')).status).toBe(401)
  })
})

test('turns come back one by one, and no more of them than at once may be taken', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }),
      (perSecond, burst, pauses) => {
        let now = 0
        const limit = rateLimit({ perSecond, burst }, { monotonic: () => now })
        const taken: number[] = []
        for (const pause of pauses) {
          now += pause
          const wait = limit.take('one')
          if (wait === 0) taken.push(now)
          else expect(wait).toBeLessThanOrEqual(Math.ceil(1000 / perSecond))
        }
        // In no stretch of time more than what stood ready at its beginning and what came back within it.
        taken.forEach((from, first) => {
          const within = taken.length - first
          expect(within).toBeLessThanOrEqual(burst + ((now - from) * perSecond) / 1000 + 1e-6)
        })
      },
    ),
    { numRuns: cases(200) },
  )
})

describe('without callers', () => {
  test('whoever asks on loopback may do everything, whatever they send along', async () => {
    const server = await start({}, { config: { callers: undefined } })
    for (const credential of [null, 'nonsense', DASHBOARD]) {
      const { body } = await ask(server, credential)
      expect(body.data?.viewer).toMatchObject({ name: null, workspace: 'default' })
      expect(body.data?.viewer.scopes).toHaveLength(5)
    }
  })

  test('a page of another site that calls this machine by a name of its own is sent away', async () => {
    const server = await start({}, { config: { callers: undefined } })
    const { port } = new URL(server.url)
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, '127.8.8.8'])
      expect([host, await statusAs(host, server)]).toEqual([host, 200])
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example'])
      expect([host, await statusAs(host, server)]).toEqual([host, 403])
  })

  test('the public address is a name of this server, too', async () => {
    const publicUrl = 'https://phones.example/graph'
    const server = await start({}, { config: { callers: undefined, server: { port: 0, publicUrl } } })
    expect(await statusAs('phones.example', server)).toBe(200)
  })

  /** `fetch` lets nobody choose the Host header. */
  const statusAs = (host: string, { url }: LoginServer): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { host, 'content-type': 'application/json' }
      request(`${url}/graphql?query={viewer{name}}`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
})
