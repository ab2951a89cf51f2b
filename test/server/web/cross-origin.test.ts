import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { checkConfig } from '../../../src/server/config/config.js'
import { createHttpServer } from '../../../src/server/http-server.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { send, type RawAnswer, type RawRequest } from './raw-request.js'

const APP = 'https://app.example.com'
const OURS = 'https://phones.example.com'
const KEY = 'a-key-of-a-caller-that-may-read-0123456789'
const HASTY = 'a-key-of-a-caller-in-a-hurry-0123456789'
const BEARER = { authorization: `Bearer ${KEY}` }
/** Every account is asked at its provider. */
const QUERY = '{ accounts { nodes { profile { plan } } } }'
const BURST = 40

let harness: Harness
beforeAll(async () => {
  const scopes = ['telephony:read', 'recordings:read']
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/masterToken' },
    limits: { requestsPerSecond: 1, requestBurst: BURST, requestBodyBytes: 20_000 },
    config: {
      server: { publicUrl: OURS, cors: { origins: [APP, 'capacitor://localhost'], maxAgeSeconds: 300 } },
      callers: {
        apiKeys: [
          { name: 'tests', key: KEY, scopes },
          { name: 'hasty', key: HASTY, scopes },
        ],
        jwt: { issuer: 'x', audience: 'x', workspaceClaim: 'org', jwksUrl: 'http://127.0.0.1:9/jwks.json' },
      },
    },
  })
})
afterEach(() => {
  harness.clear()
  // So that one test does not use up what the next may ask.
  harness.advance(BURST)
})
afterAll(() => harness.close())

const ask = (request: RawRequest) => send(harness.url, request)
const post = (headers: RawRequest['headers'], body = JSON.stringify({ query: QUERY })) =>
  ask({ method: 'POST', headers: { 'content-type': 'application/json', ...BEARER, ...headers }, body })
const get = (headers: RawRequest['headers'], path = `/graphql?${new URLSearchParams({ query: QUERY })}`) =>
  ask({ path, headers: { ...BEARER, ...headers } })
const preflight = (origin: string | readonly string[], headers: RawRequest['headers'] = {}, path = '/graphql') =>
  ask({
    method: 'OPTIONS',
    path,
    headers: { origin, 'access-control-request-method': 'POST', ...headers },
  })

/** The headers of the CORS protocol in an answer. */
const corsHeaders = ({ headers }: RawAnswer) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')))

const READABLE = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'X-Request-Id, Retry-After, Accept-Ranges, Content-Range, Content-Length',
})

describe.each([APP, OURS, 'capacitor://localhost'])('a page of %s', (origin) => {
  test('is told by a preflight that it may send what it asks for', async () => {
    const wanted = 'authorization,content-type,x-dialgraph-explain,traceparent'
    const answer = await preflight(origin, { 'access-control-request-headers': wanted })
    expect({ status: answer.status, text: answer.text, cors: corsHeaders(answer) }).toEqual({
      status: 204,
      text: '',
      cors: {
        ...READABLE(origin),
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers': wanted,
        'access-control-max-age': '300',
      },
    })
    expect(answer.headers.get('vary')).toBe('Origin, Access-Control-Request-Headers')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-request-id')).not.toBeNull()
  })

  test('asks by POST and by GET, and may read the answer', async () => {
    for (const answer of [await post({ origin }), await get({ origin })]) {
      expect({ status: answer.status, cors: corsHeaders(answer) }).toEqual({ status: 200, cors: READABLE(origin) })
      expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/)
      expect(answer.text).toContain('ENTERPRISE')
    }
    expect(harness.requests()).toHaveLength(2)
  })
})

describe('an origin that is not listed', () => {
  test.each<readonly [string, string | readonly string[]]>([
    ['null', 'null'],
    ['a listed one with an end of its own', `${APP}.evil.com`],
    ['a listed one as a path', `https://evil.com/${APP}`],
    ['a listed one as a user', `${APP}@evil.com`],
    ['a user at a listed one', 'https://user@app.example.com'],
    ['a listed one behind a name', `https://evilapp.example.com`],
    ['below a listed one', 'https://sub.app.example.com'],
    ['above a listed one', 'https://example.com'],
    ['another scheme', 'http://app.example.com'],
    ['another port', `${APP}:8443`],
    ['the default port', `${APP}:443`],
    ['capitals', APP.toUpperCase()],
    ['a dot at the end', `${APP}.`],
    ['a path', `${APP}/`],
    ['our own without TLS', 'http://phones.example.com'],
    ['where we listen', 'http://127.0.0.1:4000'],
    ['two headers', [APP, 'https://evil.com']],
    ['two headers, both listed', [APP, APP]],
    ['two in one', `${APP}, https://evil.com`],
    ['an empty one', ''],
    ['a wildcard', '*'],
  ])('%s', async (_name, origin) => {
    for (const refused of [
      await preflight(origin, { 'access-control-request-headers': 'authorization' }),
      await post({ origin }),
      await get({ origin, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }),
    ]) {
      expect({ status: refused.status, codes: refused.codes, cors: corsHeaders(refused) }).toEqual({
        status: 403,
        codes: ['CSRF_PREVENTED'],
        cors: {},
      })
      expect(refused.headers.get('vary')).toMatch(/^Origin\b/)
      expect(refused.text).toContain(`"requestId":"${refused.headers.get('x-request-id')}"`)
    }
    expect(harness.requests()).toEqual([])
    // Nobody but the sender can read it: a browser gives the page nothing without these headers.
    const safe = await get({ origin })
    expect({ status: safe.status, cors: corsHeaders(safe) }).toEqual({ status: 200, cors: {} })
    expect(safe.headers.get('vary')).toMatch(/\bOrigin\b/)
  })

  test('is told what to do about it', async () => {
    expect((await post({ origin: 'https://new.example.com' })).text).toContain(
      'Pages of https://new.example.com may not send this. If they should, add it to `server.cors.origins`',
    )
    expect((await post({ origin: 'null' })).text).toContain('cannot be listed')
    expect((await post({ origin: '<script>alert(1)</script>' })).text).not.toContain('script')
  })

  test('may send nothing that is not GET, on any path', async () => {
    for (const path of ['/graphql', '/recordings/x', '/connect/izmir', '/healthz', '/nowhere', '/']) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status } = await ask({ method, path, headers: { origin: 'https://evil.com', ...BEARER } })
        expect({ method, path, status }).toEqual({ method, path, status: 403 })
      }
    }
  })

  test('may be that of a proxy, when the browser says that its page asks its own address', async () => {
    const answer = await post({ origin: 'http://localhost:5173', 'sec-fetch-site': 'same-origin' })
    expect({ status: answer.status, cors: corsHeaders(answer) }).toEqual({ status: 200, cors: {} })
  })
})

describe('a request without an origin', () => {
  test('is answered as ever, with a header for caches', async () => {
    for (const answer of [await post({}), await get({})]) {
      expect({ status: answer.status, cors: corsHeaders(answer) }).toEqual({ status: 200, cors: {} })
      expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/)
    }
  })

  test('is no preflight', async () => {
    const answer = await ask({ method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } })
    expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'GET, HEAD, POST',
    })
  })

  test('keeps Vary when the answer is compressed', async () => {
    const answer = await post({ 'accept-encoding': 'gzip' }, JSON.stringify({ query: TYPES }))
    expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, 'gzip'])
    expect(answer.headers.get('vary')).toBe('Origin, Accept-Encoding')
  })
})

const TYPES = '{ __schema { types { name description } } }'
const TOKEN = [
  { alg: 'RS256', kid: 'x' },
  { iss: 'x', aud: 'x', exp: 4_000_000_000 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('AAAA')
  .join('.')

describe('a page may read why its request failed:', () => {
  test.each<readonly [string, number, () => Promise<RawAnswer>]>([
    ['no credential', 401, () => post({ origin: APP, authorization: '' })],
    ['keys that cannot be fetched', 503, () => post({ origin: APP, authorization: `Bearer ${TOKEN}` })],
    ['a body too large', 413, () => post({ origin: APP }, JSON.stringify({ query: `{ a }${' '.repeat(20_000)}` }))],
    ['another media type', 415, () => post({ origin: APP, 'content-type': 'text/plain' })],
    ['a compressed body', 415, () => post({ origin: APP, 'content-encoding': 'gzip' })],
    ['no JSON', 400, () => post({ origin: APP }, '{')],
    ['no GraphQL', 400, () => post({ origin: APP }, '{"query":"{"}')],
    ['a host that is none', 400, () => post({ origin: APP, host: 'a b' })],
    ['another method', 405, () => ask({ method: 'DELETE', headers: { origin: APP } })],
    ['no such recording', 404, () => get({ origin: APP }, '/recordings/x')],
    ['no preflight', 405, () => ask({ method: 'OPTIONS', path: '/recordings/x', headers: { origin: APP } })],
  ])('%s', async (_name, status, request) => {
    const answer = await request()
    expect({ status: answer.status, cors: corsHeaders(answer) }).toEqual({ status, cors: READABLE(APP) })
    expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/)
    expect(answer.codes).toHaveLength(1)
  })

  test('too many requests', async () => {
    const hasty = () => post({ origin: APP, authorization: `Bearer ${HASTY}` }, '{"query":"{ __typename }"}')
    for (let count = 0; count < BURST; count += 1) expect((await hasty()).status).toBe(200)
    const answer = await hasty()
    expect({ status: answer.status, cors: corsHeaders(answer) }).toEqual({ status: 429, cors: READABLE(APP) })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    // A preflight needs no credential and costs none.
    expect((await preflight(APP)).status).toBe(204)
  })

  test('a defect', async () => {
    const config = checkConfig({ server: { port: 0, cors: { origins: [APP] } } }, [], { environment: {} })
    const server = createHttpServer({
      config,
      assertReady: async () => {},
      log: createLog({ write: () => {} }),
      routes: [
        {
          register(app) {
            app.get('/defect', { config: { crossOrigin: 'GET' } }, () => {
              throw new TypeError('a defect')
            })
          },
        },
      ],
    })
    const url = await server.listen()
    const answer = await send(url, { path: '/defect', headers: { origin: APP } })
    await server.drain()
    expect({ status: answer.status, cors: corsHeaders(answer) }).toEqual({ status: 500, cors: READABLE(APP) })
  })
})

describe('what is not for pages of other origins', () => {
  test.each(['/healthz', '/readyz', '/metrics', '/', '/connect/izmir', '/nowhere', '/explorer/x.js'])(
    '%s has no header of CORS',
    async (path) => {
      const answer = await get({ origin: APP }, path)
      expect(corsHeaders(answer)).toEqual({})
      expect(answer.headers.get('vary') ?? '').not.toMatch(/\bOrigin\b/)
      expect((await preflight(APP, {}, path)).status).toBe(404)
    },
  )
})

describe('a recording', () => {
  test('can be asked for by part, and what is read of it is told', async () => {
    const asked = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' }
    const answer = await preflight(APP, asked, '/recordings/x')
    expect({ status: answer.status, cors: corsHeaders(answer) }).toMatchObject({
      status: 204,
      cors: {
        ...READABLE(APP),
        'access-control-allow-methods': 'GET, HEAD',
        'access-control-allow-headers': 'range',
      },
    })
  })
})
