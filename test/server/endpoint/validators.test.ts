import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { getNamedType, isInterfaceType, isObjectType, parse } from 'graphql'
import { Agent, interceptors, request } from 'undici'

import { credentialSelector, holdsCredential } from '../../../src/graphql/credential-fields.js'
import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import { isKnown } from '../../../src/server/endpoint/validators.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { rawAnswer, type RawAnswer } from '../../support/raw-answer.js'

const OPERATIONS = {
  numbers: 'query Numbers($first: Int = 5) { dids(first: $first) { totalCount nodes { id number } } }',
  profile: 'query Profile { accounts { nodes { id profile { name } } } }',
  recordings:
    'query Recordings { callRecords(first: 50) { nodes { recordings { ...Sound } } } } fragment Sound on Recording { listen: link { url } }',
  logins: 'query Logins { accounts { nodes { authorization { authorizeUrl } } } }',
  raw: 'query Raw { dids(first: 1) { nodes { ... on ProviderResource { raw } } } }',
  wrong: 'query Wrong { dids(first: 0) { totalCount } }',
  begin: 'mutation Begin { accountAuthorizationBegin(input: { key: "izmir" }) { authorizeUrl } }',
}
const allowList = join(mkdtempSync(join(tmpdir(), 'dialgraph-validators-')), 'operations.json')
writeFileSync(allowList, JSON.stringify(OPERATIONS))

const start = () =>
  startHarness({ accounts: { izmir: 'bulutfon/masterToken' }, config: { operations: { allowList, only: false } } })

let harness: Harness
beforeAll(async () => {
  harness = await start()
})
afterEach(() => harness.clear())
afterAll(() => harness.close())

const PREFLIGHTED = { 'apollo-require-preflight': '1' }
async function get(
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
  { method = 'GET', at = harness }: { method?: string; at?: Harness } = {},
): Promise<RawAnswer> {
  const address = `${at.url}/graphql?${new URLSearchParams(parameters)}`
  return rawAnswer(address, { method, headers: { ...PREFLIGHTED, ...headers } })
}
const KEPT = 'private, no-cache'

describe('an answer to GET that was asked by id', () => {
  test('may be kept by its client, who asks each time whether it is still good', async () => {
    const { status, headers, text } = await get({ documentId: 'numbers' })
    expect([status, headers['cache-control']]).toEqual([200, KEPT])
    expect(headers.etag).toMatch(/^W\/"[\w-]{22}"$/)
    expect(headers.vary?.split(', ').sort()).toEqual(['Accept', 'Accept-Encoding', 'Authorization', 'Origin'])
    expect(text).toContain('"totalCount"')
  })

  test.each<[string, (tag: string) => string]>([
    ['its tag', (tag) => tag],
    ['the strong tag of the same letters', (tag) => tag.replace('W/', '')],
    ['a list with it', (tag) => `"other", ${tag.replace('W/', '')},W/"another"`],
    ['any tag', () => '*'],
  ])('is not sent again to a client that has it: by %s', async (_, known) => {
    const whole = await get({ documentId: 'numbers' })
    const again = await get({ documentId: 'numbers' }, { 'if-none-match': known(whole.headers.etag!) })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
    const told = ({ headers }: RawAnswer) => [headers.etag, headers['cache-control'], headers.vary?.split(', ').sort()]
    expect(told(again)).toEqual(told(whole))
    expect(again.headers['content-type']).toBeUndefined()
    expect(again.headers['content-length']).toBeUndefined()
    expect(again.headers['x-request-id']).toBeDefined()
  })

  test.each(['"other"', 'W/"other", "another"', '', 'W/', 'a'.repeat(5_000)])(
    'is sent to a client that has another: %j',
    async (known) => {
      expect((await get({ documentId: 'numbers' }, { 'if-none-match': known })).status).toBe(200)
    },
  )

  test('is the same answer in every encoding, in HEAD, and at every replica', async () => {
    const replica = await start()
    try {
      const tags = await Promise.all([
        get({ documentId: 'numbers' }),
        get({ doc_id: 'numbers' }, { 'accept-encoding': 'gzip' }),
        get({ id: 'numbers' }, {}, { method: 'HEAD' }),
        get({ id: 'numbers' }, {}, { at: replica }),
      ])
      expect(new Set(tags.map(({ headers }) => headers.etag)).size).toBe(1)
      const head = await get({ id: 'numbers' }, { 'if-none-match': tags[0].headers.etag! }, { method: 'HEAD' })
      expect(head.status).toBe(304)
    } finally {
      await replica.close()
    }
  })

  test('is another answer when anything in it differs', async () => {
    const [five, four] = [
      await get({ documentId: 'numbers' }),
      await get({ documentId: 'numbers', variables: '{"first":4}' }),
    ]
    expect(four.headers.etag).not.toBe(five.headers.etag)
    const stale = await get(
      { documentId: 'numbers', variables: '{"first":4}' },
      { 'if-none-match': five.headers.etag! },
    )
    expect([stale.status, stale.text]).toEqual([200, four.text])
  })
})

test('a cache that keeps what it may has each answer sent once, and never one with a credential', async () => {
  const cache = new Agent().compose(interceptors.cache({ type: 'private' }))
  const ask = async (id: string) => {
    const { statusCode, body } = await request(`${harness.url}/graphql?id=${id}`, {
      headers: PREFLIGHTED,
      dispatcher: cache,
    })
    return [statusCode, await body.text()] as const
  }
  const seen = () =>
    harness.logLines
      .map((line) => JSON.parse(line) as { msg: string; status: number })
      .filter(({ msg }) => msg === 'operation')
      .map(({ status }) => status)
  const before = seen().length
  const first = await ask('numbers')
  expect([first, await ask('numbers')]).toEqual([
    [200, expect.stringContaining('"totalCount"')],
    [200, first[1]],
  ])
  await ask('logins')
  await ask('logins')
  while (seen().length < before + 4) await new Promise((resolve) => setImmediate(resolve))
  expect(seen().slice(before)).toEqual([200, 304, 200, 200])
  await cache.close()
})

describe('nothing is kept of', () => {
  test.each<[string, () => Promise<RawAnswer>]>([
    ['a text', () => get({ query: OPERATIONS.numbers })],
    ['a text beside its id', () => get({ query: OPERATIONS.numbers, documentId: 'numbers' })],
    ['an answer with a link to a recording', () => get({ documentId: 'recordings' })],
    ['an answer with the address of a login', () => get({ documentId: 'logins' })],
    ["an answer with a provider's own payload", () => get({ documentId: 'raw' })],
    ['an answer with an error', () => get({ documentId: 'wrong' })],
    ['an answer that is explained', () => get({ documentId: 'numbers' }, { 'x-dialgraph-explain': '1' })],
    ['an unknown id', () => get({ documentId: 'unknown' })],
    ['variables that do not fit', () => get({ documentId: 'numbers', variables: '{"first":"x"}' })],
    ['a mutation, which GET does not make', () => get({ documentId: 'begin' })],
    ['an answer to POST', () => postById('numbers')],
    ['a mutation', () => postById('begin')],
  ])('%s', async (_, asked) => {
    const { headers, status } = await asked()
    expect([headers['cache-control'], headers.etag]).toEqual(['no-store', undefined])
    expect(status).not.toBe(304)
  })

  const postById = (documentId: string) =>
    rawAnswer(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify({ documentId }),
    })

  test('an answer of which a part failed', async () => {
    expect((await get({ documentId: 'profile' })).headers.etag).toBeDefined()
    harness.emulators.bulutfon.faults.next({ status: 503, times: Infinity })
    const failed = await get({ documentId: 'profile' }, { 'if-none-match': '*' })
    expect(JSON.parse(failed.text)).toMatchObject({ errors: [{}], data: {} })
    expect([failed.status, failed.headers['cache-control'], failed.headers.etag]).toEqual([200, 'no-store', undefined])
  })
})

describe('fields that may hold a credential', () => {
  const schema = buildDialgraphSchema()
  const selects = credentialSelector(schema)

  test('are all addresses, and what a provider says itself', () => {
    const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
    const fields = types.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
    )
    const names = (some: typeof fields) => [...new Set(some.map(({ name }) => name))].sort()
    const addresses = fields.filter(({ type }) => getNamedType(type) === schema.getType('URL'))
    expect(addresses.length).toBeGreaterThan(2)
    expect(addresses.filter((field) => !holdsCredential(field))).toEqual([])
    expect(names(fields.filter(holdsCredential))).toEqual(['authorizeUrl', 'raw', 'url'])
    const others = fields.filter((field) => !holdsCredential(field))
    expect(names(others).filter((name) => /url|ticket|secret|password|^raw$/i.test(name))).toEqual([])
  })

  test.each([
    ['{ dids { totalCount } }', false],
    ['{ callRecords { nodes { recordings { link { expiresAt } } } } }', false],
    ['{ callRecords { nodes { recordings { sound: link { address: url } } } } }', true],
    ['{ node(id: "x") { ... on Recording { link { url } } } }', true],
    ['{ node(id: "x") { ... on ProviderResource { raw } } }', true],
    ['query A($no: Boolean = false) { accounts { nodes { authorization { authorizeUrl @include(if: $no) } } } }', true],
    ['query A { dids { totalCount } } query B { accounts { nodes { authorization { authorizeUrl } } } }', true],
    [
      '{ accounts { nodes { ...A } } } fragment A on Account { authorization { ...B } } fragment B on Authorization { authorizeUrl }',
      true,
    ],
  ])('%s: %s', (text, selected) => expect(selects(parse(text))).toBe(selected))
})

test.each([
  ['W/"a"', undefined, false],
  ['W/"a"', 'W/"a"', true],
  ['W/"a"', '"a"', true],
  ['W/"a"', ' * ', true],
  ['W/"a"', 'a', false],
  ['W/"a"', 'W/"b", W/"a"', true],
  ['W/"a"', '"b, W/"a', false],
])('the tag %s is known to a client that says %j: %s', (tag, known, isOne) => expect(isKnown(tag, known)).toBe(isOne))
