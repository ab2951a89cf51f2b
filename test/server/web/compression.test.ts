import { createHook } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { InvalidInput } from '../../../src/errors.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { hasZstd, rawAnswer, type RawRequest } from '../../support/raw-answer.js'
import { startBareServer, type BareServer } from '../bare-server.js'

const LONG = 'a call that went on for long; '.repeat(200)
const MEGABYTE = LONG.repeat(180)
/** Takes long to compress, and does not become small. */
const NOISE = randomBytes(1_500_000).toString('base64')

let server: BareServer
let resume: () => void = () => {}
let arrived: () => void = () => {}
beforeAll(async () => {
  server = await startBareServer({
    short: () => 'short',
    long: () => LONG,
    megabyte: () => MEGABYTE,
    noise: () => NOISE,
    wrong: () => Promise.reject(new InvalidInput(LONG)),
    held: () => {
      arrived()
      return new Promise((resolve) => (resume = () => resolve(LONG)))
    },
  })
})
afterAll(() => server.close())

const asked = (query: string, accept?: string): RawRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(accept !== undefined && { 'accept-encoding': accept }) },
  body: JSON.stringify({ query }),
})
const ask = (query: string, accept?: string) => rawAnswer(`${server.url}/graphql`, asked(query, accept))

const best = 'br'
describe('an answer is compressed as its client accepts it:', () => {
  test.each<[accept: string | undefined, encoding: string | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['GZip', 'gzip'],
    ['br', 'br'],
    ['zstd', hasZstd ? 'zstd' : undefined],
    ['gzip, deflate, br, zstd', best],
    ['gzip, deflate', 'gzip'],
    ['br;q=0.5, gzip;q=0.9', 'gzip'],
    ['br;q=0, zstd;q=0, *', 'gzip'],
    ['*', best],
    ['*;q=0', undefined],
    ['*;q=0, gzip', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['gzip;q=0.2, identity;q=0.8', undefined],
    ['gzip, identity;q=0', 'gzip'],
    // Nothing that it accepts is there: better an answer than none.
    ['identity;q=0', undefined],
    ['deflate, compress', undefined],
    [';;,,=q=,"', undefined],
    [`${'x,'.repeat(4_000)}gzip`, 'gzip'],
  ])('%s', async (accept, encoding) => {
    const { status, headers, bytes, text } = await ask('{ long }', accept)
    expect({ status, text }).toEqual({ status: 200, text: JSON.stringify({ data: { long: LONG } }) })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers['content-length']).toBe(String(bytes.length))
    expect(headers['transfer-encoding']).toBeUndefined()
    expect(headers.vary).toBe('Origin, Accept-Encoding')
    if (encoding) expect(bytes.length).toBeLessThan(LONG.length / 10)
  })
})

test('a short answer is sent as it is, unless its client refuses that', async () => {
  expect((await ask('{ short }', 'gzip')).headers['content-encoding']).toBeUndefined()
  const refused = await ask('{ short }', 'gzip, identity;q=0')
  expect([refused.headers['content-encoding'], refused.text]).toEqual(['gzip', '{"data":{"short":"short"}}'])
})

test('an answer to GET is compressed, and HEAD tells the same of it', async () => {
  const address = `${server.url}/graphql?query=${encodeURIComponent('{ long }')}`
  const headers = { 'apollo-require-preflight': '1', 'accept-encoding': 'gzip' }
  const [got, head] = [await rawAnswer(address, { headers }), await rawAnswer(address, { method: 'HEAD', headers })]
  expect([got.status, got.headers['content-encoding'], head.bytes.length]).toEqual([200, 'gzip', 0])
  const told = ({ headers }: typeof got) =>
    ['content-encoding', 'content-length', 'content-type', 'cache-control', 'vary'].map((name) => headers[name])
  expect(told(head)).toEqual(told(got))
})

test('errors are compressed, too', async () => {
  const { headers, text } = await ask('{ wrong }', 'gzip')
  expect([headers['content-encoding'], JSON.parse(text)]).toMatchObject(['gzip', { errors: [{ message: LONG }] }])
  const unread = await rawAnswer(`${server.url}/graphql`, { ...asked(`{ ${'a'.repeat(2_000)} }`, 'gzip') })
  expect([unread.status, unread.headers['content-encoding']]).toEqual([400, 'gzip'])
})

/** How often anything was compressed meanwhile. */
async function compressions(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const hook = createHook({ init: (_id, type) => void (/ZLIB|BROTLI|ZSTD/i.test(type) && (count += 1)) }).enable()
  try {
    await work()
  } finally {
    hook.disable()
  }
  return count
}

test('nothing is compressed for a client that accepts it not, or has gone before its answer', async () => {
  expect(await compressions(() => ask('{ long }', 'gzip'))).toBeGreaterThan(0)
  expect(await compressions(() => ask('{ long }'))).toBe(0)
  const gone = async () => {
    const isThere = new Promise<void>((resolve) => (arrived = resolve))
    const leaving = new AbortController()
    const { method, headers, body } = asked('{ held }', 'gzip') as Record<'method' | 'body', string> & {
      headers: Record<string, string>
    }
    const answer = fetch(`${server.url}/graphql`, { method, headers, body, signal: leaving.signal }).catch(() => null)
    await isThere
    leaving.abort()
    await answer
    const before = server.logLines.length
    while (server.logLines.length === before) await new Promise((resolve) => setImmediate(resolve))
    resume()
    await ask('{ short }')
  }
  expect(await compressions(gone)).toBe(0)
})

test('a dozen large answers at once are all compressed, and all right', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask('{ megabyte }', 'br')))
  for (const { headers, text } of answers) {
    expect(headers['content-encoding']).toBe('br')
    expect(text === JSON.stringify({ data: { megabyte: MEGABYTE } })).toBe(true)
  }
})

test('when too much waits to be compressed, an answer is sent as it is', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask('{ noise }', 'gzip')))
  const encodings = answers.map(({ headers }) => headers['content-encoding'])
  expect(encodings).toContain('gzip')
  expect(encodings).toContain(undefined)
  expect(answers.every(({ text }) => text === answers[0]!.text)).toBe(true)
}, 30_000)

describe('the whole server', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' } })
  })
  afterAll(() => harness.close())

  test('compresses its metrics, and tells health as it is', async () => {
    const headers = { 'accept-encoding': 'gzip' }
    const metrics = await rawAnswer(`${harness.url}/metrics`, { headers })
    expect([metrics.headers['content-encoding'], metrics.headers.vary]).toEqual(['gzip', 'Accept-Encoding'])
    expect(metrics.text).toContain('dialgraph_')
    const head = await rawAnswer(`${harness.url}/metrics`, { method: 'HEAD', headers })
    expect([head.headers['content-encoding'], head.bytes.length]).toEqual(['gzip', 0])
    expect((await rawAnswer(`${harness.url}/healthz`, { headers })).headers['content-encoding']).toBeUndefined()
  })

  test('never compresses the page of a login, which holds what its form sends back', async () => {
    const page = await rawAnswer(`${harness.url}/connect/izmir`, { headers: { 'accept-encoding': 'gzip' } })
    expect(page.headers['content-type']).toMatch(/^text\/html/)
    expect(page.headers['content-encoding']).toBeUndefined()
  })
})
