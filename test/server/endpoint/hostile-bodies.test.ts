import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'

import { startHarness, type Harness } from '../../sandbox/harness.js'
import { anyText } from '../../support/any-text.js'

const LIMIT = 256 * 1024
const ACCOUNTS = { izmir: 'bulutfon/masterToken' }

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ accounts: ACCOUNTS, config: { server: { explore: false } } })
})
afterAll(() => harness.close())

/** Answers as a client without manners sees them: the bytes of its socket. */
interface RawClient {
  readonly socket: Socket
  readonly received: () => string
  readonly closed: Promise<unknown>
}

async function rawClient(at = harness.url): Promise<RawClient> {
  const { hostname, port } = new URL(at)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk))).on('error', () => {})
  await once(socket, 'connect')
  return { socket, received: () => text, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

const head = (headers: Readonly<Record<string, string | number>>) =>
  [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    ...Object.entries(headers).map((pair) => pair.join(': ')),
  ]
    .join('\r\n')
    .concat('\r\n\r\n')

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${harness.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

async function expectRefusal(response: Response, statuses: readonly number[]): Promise<void> {
  const text = await response.text()
  expect({ statuses, status: response.status, text }).toMatchObject({ status: expect.any(Number) })
  expect(statuses).toContain(response.status)
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/)
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: expect.stringMatching(/^[A-Z_]+$/) } }] })
}

const QUERY = JSON.stringify({ query: '{ __typename }' })

describe('a body', () => {
  test('of one byte too many is not read', async () => {
    const padded = (bytes: number) => `${QUERY}${' '.repeat(bytes - QUERY.length)}`
    expect((await post(padded(LIMIT))).status).toBe(200)
    await expectRefusal(await post(padded(LIMIT + 1)), [413])
  })

  test('that says it has sixty megabytes is refused by that alone', async () => {
    const client = await rawClient()
    client.socket.write(head({ 'Content-Length': 60 * 1024 * 1024 }))
    await until(() => client.received().includes('"errors":['))
    expect(client.received()).toMatch(/^HTTP\/1\.1 413 /)
    await client.closed
  })

  test('without an end is read up to the limit, and the connection closed', async () => {
    const client = await rawClient()
    client.socket.write(head({ 'Transfer-Encoding': 'chunked' }))
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 32), Buffer.from('\r\n')])
    let written = 0
    client.socket.on('drain', send)
    function send() {
      while (!client.socket.destroyed && written < 64 * 1024 * 1024) {
        written += chunk.length
        if (!client.socket.write(chunk)) return
      }
    }
    send()
    await client.closed
    expect(client.received()).toMatch(/^(HTTP\/1\.1 413 |$)/)
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  test.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, identity', 'GZIP', 'x-unknown'])(
    'packed with %s is refused unread',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, 32))
      const response = await post(new Uint8Array(bomb), { 'content-encoding': encoding })
      expect(response.headers.get('accept-encoding')).toBe('identity')
      await expectRefusal(response, [415])
    },
  )

  test('that says it is not packed is read', async () => {
    expect((await post(QUERY, { 'content-encoding': 'identity' })).status).toBe(200)
  })
})

describe('what is no JSON in UTF-8', () => {
  const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))

  test.each<[string, string | Uint8Array<ArrayBuffer>, string, number[]]>([
    ['an open brace', '{"query": "{ __typename }"', 'application/json', [400]],
    ['something behind it', `${QUERY} x`, 'application/json', [400]],
    ['two of them', `${QUERY}${QUERY}`, 'application/json', [400]],
    ['a list', `[${QUERY}]`, 'application/json', [400]],
    ['a text', '"{ __typename }"', 'application/json', [400]],
    ['null', 'null', 'application/json', [400]],
    ['nothing', '', 'application/json', [400]],
    ['a single quote', "{'query': '{ __typename }'}", 'application/json', [400]],
    ['a prototype', '{"__proto__": {"query": "{ __typename }"}}', 'application/json', [400]],
    ['a constructor', '{"constructor": {"prototype": {"query": "{ __typename }"}}}', 'application/json', [400]],
    ['UTF-16', utf16(QUERY), 'application/json', [400]],
    ['UTF-16 that says so', utf16(QUERY), 'application/json; charset=utf-16', [415]],
    ['UTF-32 that says so', QUERY, 'application/json; charset="utf-32"', [415]],
    ['UTF-7 that says so', QUERY, 'application/json;charset=utf-7', [415]],
    ['Latin that says so', QUERY, 'application/json; charset=iso-8859-1', [415]],
    ['another kind', QUERY, 'text/json', [415]],
    ['GraphQL itself', '{ __typename }', 'application/graphql', [415]],
    ['a type that is none', QUERY, 'json', [415]],
    ['a type with a comma', QUERY, 'application/json, text/plain', [415]],
    ['XML', '<query/>', 'application/xml', [415]],
    [
      'a hundred lists in one another',
      `{"query": "{ __typename }", "x": ${'['.repeat(100)}${']'.repeat(100)}}`,
      'application/json',
      [400],
    ],
    ['lists without an end', '['.repeat(250_000), 'application/json', [400]],
    ['a query that is a number', '{"query": 5}', 'application/json', [400]],
    ['a query that is a tree', '{"query": {"kind": "Document"}}', 'application/json', [400]],
    ['variables that are a text', '{"query": "{ __typename }", "variables": "{}"}', 'application/json', [400]],
    ['variables that are a list', '{"query": "{ __typename }", "variables": []}', 'application/json', [400]],
    ['extensions that are a text', '{"query": "{ __typename }", "extensions": "x"}', 'application/json', [400]],
    ['an operation that has no name', '{"query": "{ __typename }", "operationName": 5}', 'application/json', [400]],
    ['an operation that is not there', '{"query": "{ __typename }", "operationName": "A"}', 'application/json', [400]],
  ])('%s is refused with JSON', async (_, body, type, statuses) => {
    await expectRefusal(await post(body, { 'content-type': type }), statuses)
  })

  test.each([
    'application/json',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'APPLICATION/JSON; charset=utf8',
  ])('%s is none of these', async (type) => {
    expect(await (await post(QUERY, { 'content-type': type })).json()).toEqual({ data: { __typename: 'Query' } })
  })
})

test('brackets within texts are no levels', async () => {
  const text = `\\" ${'[{'.repeat(200)} \\\\`
  const response = await post(`{"query": "{ __typename }", "x": "${text}"}`)
  expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }])
})

describe('variables', () => {
  const before = new Map(
    [Object.prototype, Array.prototype, Function.prototype].map((one) => [one, Reflect.ownKeys(one).length]),
  )
  const expectNoPrototypeChanged = () => {
    for (const [prototype, keys] of before) expect(Reflect.ownKeys(prototype)).toHaveLength(keys)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  }

  const OPERATIONS = [
    'query($v: CallRecordFilter) { callRecords(first: 1, filter: $v) { totalCount } }',
    'query($v: [ID!]!) { nodes(ids: $v) { id } }',
    'query($v: Int) { accounts(first: $v) { totalCount } }',
    'query($v: String!) { provider(slug: $v) { name } }',
    'query($v: PhoneNumber!) { phoneNumber(number: $v) { number } }',
    'query($v: ExtensionFilter, $w: ExtensionOrder) { extensions(first: 1, filter: $v, orderBy: $w) { totalCount } }',
    'mutation($v: AccountLinkInput!) { accountLink(input: $v) { userErrors { code } } }',
    'query($v: Boolean!) { viewer { name @skip(if: $v) } }',
  ]
  const deep = (levels: number, text = '{"a":') => `${text.repeat(levels)}1${(text === '[' ? ']' : '}').repeat(levels)}`

  test.each<[string, string]>([
    ['a text of almost all that may be sent', JSON.stringify('x'.repeat(200_000))],
    ['a hundred thousand items', `[${'"a",'.repeat(49_999)}"a"]`],
    ['ten thousand objects in one another', deep(10_000)],
    ['ten thousand lists in one another', deep(10_000, '[')],
    ['a prototype', '{"__proto__": {"polluted": true}}'],
    ['a prototype far below', '{"startedAt": {"__proto__": {"polluted": true}}}'],
    ['a constructor', '{"constructor": {"prototype": {"polluted": true}}}'],
    ['a constructor that is a text', '{"constructor": "x", "toString": 1, "hasOwnProperty": null}'],
    ['a NUL', '"\\u0000"'],
    ['half a character', '"\\ud800"'],
    ['a number beyond all', '1e400'],
    ['a number below all', '-1e400'],
    ['a number without an end', '0.1e-400'],
    ['minus nothing', '-0'],
  ])('of %s never fail the server', async (_, value) => {
    for (const query of OPERATIONS) {
      const response = await post(`{"query": ${JSON.stringify(query)}, "variables": {"v": ${value}}}`)
      expect(response.status).toBeLessThan(500)
      expect(await response.text()).not.toContain('INTERNAL_SERVER_ERROR')
    }
    expectNoPrototypeChanged()
  })

  test.each([100, 3_000, 20_000])('%i levels deep where any JSON may stand never fail the server', async (levels) => {
    const input = `{"provider":"bulutfon","key":"deep","label":"Deep","flow":"STATIC_TOKEN","credentials":{"token":"t"},"urls":{"api":${deep(levels)}}}`
    const response = await post(`{"query": ${JSON.stringify(OPERATIONS[6])}, "variables": {"v": ${input}}}`)
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('BAD_USER_INPUT')])
  })

  test('of bytes that are no UTF-8 never fail the server', async () => {
    const broken = [[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xff, 0xfe], [0x80]]
    for (const bytes of broken) {
      const [before, after] = [`{"query": ${JSON.stringify(OPERATIONS[3])}, "variables": {"v": "`, '"}}']
      const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
      const response = await post(new Uint8Array(body))
      expect(await response.json()).toEqual({ data: { provider: null } })
    }
  })

  test(
    'of any JSON never fail the server, and change nothing in it',
    async () => {
      const names = fc.constantFrom(
        'v',
        'w',
        'startedAt',
        'from',
        'numbers',
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'ids',
        'first',
      )
      const anything = fc.letrec((tie) => ({
        value: fc.oneof(
          { maxDepth: 4 },
          fc.jsonValue(),
          anyText(),
          fc.double(),
          fc.array(tie('value'), { maxLength: 4 }),
          fc.dictionary(fc.oneof(names, fc.string()), tie('value'), { maxKeys: 4, noNullPrototype: true }),
        ),
      })).value
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...OPERATIONS), anything, anything, async (query, v, w) => {
          const response = await post(JSON.stringify({ query, variables: { v, w } }))
          expect(response.status).toBeLessThan(500)
          expect(await response.text()).not.toContain('INTERNAL_SERVER_ERROR')
        }),
        // `npm run proof:hostile` has more of them.
        { numRuns: process.env['PROOF_TIMES'] ? 100_000 : 120 },
      )
      expectNoPrototypeChanged()
    },
    60 * 60_000,
  )
})
