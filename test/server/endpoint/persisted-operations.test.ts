import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { checkConfig } from '../../../src/server/config/config.js'
import { persistedOperations } from '../../../src/server/endpoint/persisted-operations.js'
import { CallLogDocument } from '../../generated/graphql.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

const MANIFEST = fileURLToPath(new URL('../../generated/persisted-documents.json', import.meta.url))
const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, string>
const ACCOUNTS = { izmir: 'bulutfon/masterToken' }
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const persisted = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

interface Told {
  readonly status: number
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions: Readonly<Record<'code' | 'advice' | 'requestId', string>>
  }[]
}

async function ask(harness: Harness, path: string, init?: RequestInit): Promise<Told> {
  const response = await fetch(`${harness.url}/graphql${path}`, init)
  return { status: response.status, ...((await response.json()) as object) }
}
const post = (harness: Harness, body: object) =>
  ask(harness, '', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const get = (harness: Harness, parameters: Record<string, string>) =>
  ask(harness, `?${new URLSearchParams(parameters)}`, { headers: { 'apollo-require-preflight': '1' } })
const codes = ({ errors = [] }: Told) => errors.map(({ extensions }) => extensions.code)

describe('the manifest that code generation writes', () => {
  test('holds every worked operation by the hash of its text', () => {
    const entries = Object.entries(manifest)
    expect(entries).toHaveLength(31)
    for (const [id, text] of entries) expect(id).toBe(`sha256:${hashOf(text)}`)
  })
})

describe('a server that answers what it knows and no more', () => {
  let harness: Harness
  const [id, text] = Object.entries(manifest).find(([, document]) => document.startsWith('query Logins'))!
  beforeAll(async () => {
    harness = await startHarness({
      accounts: ACCOUNTS,
      config: { server: { explore: false }, operations: { allowList: MANIFEST } },
    })
  })
  afterAll(() => harness.close())

  test.each<[string, (harness: Harness) => Promise<Told>]>([
    ['its id', (at) => post(at, { documentId: id })],
    ['its id without the name of the hash', (at) => post(at, { documentId: id.slice('sha256:'.length) })],
    ['its hash, as persisted queries have it', (at) => post(at, persisted(id.slice('sha256:'.length)))],
    ['its id, with GET', (at) => get(at, { documentId: id })],
    ['its hash, with GET', (at) => get(at, { extensions: JSON.stringify(persisted(hashOf(text)).extensions) })],
    ['its very text', (at) => post(at, { query: text })],
    ['its text and its hash', (at) => post(at, { query: text, ...persisted(hashOf(text)) })],
  ])('answers an operation asked by %s', async (_, asked) => {
    const told = await asked(harness)
    expect(told).toMatchObject({ status: 200, data: { viewer: { workspace: 'default' } } })
  })

  test('takes the variables and the name of the operation with the id', async () => {
    const [callLog] = Object.entries(manifest).find(([, document]) => document.startsWith('query CallLog'))!
    const told = await post(harness, { documentId: callLog, operationName: 'CallLog', variables: { first: 2 } })
    expect((told.data as { callRecords: { nodes: unknown[] } }).callRecords.nodes).toHaveLength(2)
  })

  test('answers a typed document by the id that it carries', async () => {
    const told = await post(harness, {
      documentId: CallLogDocument.__meta__?.['hash'] as string,
      variables: { first: 3 },
    })
    expect((told.data as { callRecords: { nodes: unknown[] } }).callRecords.nodes).toHaveLength(3)
  })

  test.each<[string, (harness: Harness) => Promise<Told>]>([
    ['an id', (at) => post(at, { documentId: `sha256:${hashOf('{ a }')}` })],
    ['a hash', (at) => post(at, persisted(hashOf('{ a }')))],
    ['an id that is none', (at) => post(at, { documentId: '__proto__' })],
    ['an id, with GET', (at) => get(at, { doc_id: 'f'.repeat(32) })],
  ])('knows no other by %s, and says where ids belong', async (_, asked) => {
    const { status, errors } = await asked(harness)
    expect(status).toBe(200)
    // Clients that register texts read the message: it must not change.
    expect(errors).toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ])
    const { advice, requestId } = errors![0]!.extensions
    expect(requestId).toEqual(expect.any(String))
    for (const place of ['`documentId`', '`id`', '`doc_id`', '`extensions.persistedQuery.sha256Hash`'])
      expect(advice).toContain(place)
  })

  const plain = id.slice('sha256:'.length)
  test.each<[string, object]>([
    ['documentId', { documentId: id }],
    ['id', { id }],
    ['doc_id', { doc_id: id }],
    ['documentId without its prefix', { documentId: plain }],
    ['id without its prefix', { id: plain }],
    ['doc_id without its prefix', { doc_id: plain }],
    ['a persisted query', persisted(plain)],
    ['a persisted query with a prefix', persisted(id)],
    [
      'a persisted query with members of its client',
      { extensions: { persistedQuery: { version: 1, sha256Hash: plain, miss: true } } },
    ],
    ['all of them', { documentId: id, id: plain, doc_id: plain, ...persisted(plain) }],
    ['an id, and no text', { id, query: null }],
    ['an id beside its text', { id, query: text }],
    ['null ids beside one', { documentId: null, id: null, doc_id: id, extensions: null }],
  ])('takes %s, by POST and by GET', async (_, body) => {
    const answer = { status: 200, data: { viewer: { workspace: 'default' } } }
    expect(await post(harness, body)).toMatchObject(answer)
    const parameters = Object.entries(body)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
    expect(await get(harness, Object.fromEntries(parameters) as Record<string, string>)).toMatchObject(answer)
  })

  test.each<[string, object, RegExp]>([
    ['two ids', { documentId: id, id: hashOf('{ a }') }, /names 2 operations/],
    ['two ids that are unknown', { doc_id: 'one', id: 'two' }, /names 2 operations/],
    ['three ids', { documentId: id, doc_id: 'one', id: 'two' }, /names 3 operations/],
    ['an id and another hash', { id, ...persisted(hashOf('{ a }')) }, /names 2 operations/],
    ['a number', { documentId: 5 }, /`documentId` must be the id of an operation, as text/],
    ['a list', { id: [id] }, /`id` must/],
    ['an object', { doc_id: { toString: 1 } }, /`doc_id` must/],
    ['true', { documentId: true }, /`documentId` must/],
    ['an empty text', { id: '' }, /`id` must/],
    ['a hash that is no text', persisted({ toString: 1 }), /`extensions.persistedQuery.sha256Hash` must/],
    ['a persisted query without a hash', { extensions: { persistedQuery: { version: 1 } } }, /sha256Hash` must/],
    ['a persisted query that is none', { extensions: { persistedQuery: 'yes' } }, /sha256Hash` must/],
    ['an id of another type beside a known one', { id, doc_id: 5 }, /`doc_id` must/],
  ])('refuses %s', async (_, body, message) => {
    const told = await post(harness, body)
    expect([told.status, codes(told)]).toEqual([400, ['BAD_USER_INPUT']])
    expect(told.errors![0]!.message).toMatch(message)
  })

  test('refuses an id that is given twice in an address, unless it is the same', async () => {
    const twice = (one: string, other: string) =>
      ask(harness, `?id=${one}&id=${other}`, { headers: { 'apollo-require-preflight': '1' } })
    expect((await twice(plain, id)).status).toBe(200)
    const told = await twice(plain, 'another')
    expect([told.status, codes(told)]).toEqual([400, ['BAD_USER_INPUT']])
  })

  test.each<[string, (harness: Harness) => Promise<Told>]>([
    ['a text', (at) => post(at, { query: '{ viewer { name } }' })],
    ['the text with a blank more', (at) => post(at, { query: `${text} ` })],
    ['a text and a known hash', (at) => post(at, { query: '{ viewer { name } }', ...persisted(hashOf(text)) })],
    ['a text beside a known id', (at) => post(at, { query: '{ viewer { name } }', documentId: id })],
    ['a text that is no GraphQL', (at) => post(at, { query: '{{{{' })],
    ['a text, with GET', (at) => get(at, { query: '{ viewer { name } }' })],
    ['a text beside a known id, with GET', (at) => get(at, { query: '{ viewer { name } }', documentId: id })],
  ])('refuses %s', async (_, asked) => {
    const told = await asked(harness)
    expect([told.status, codes(told)]).toEqual([400, ['BAD_USER_INPUT']])
    expect(told.data).toBeUndefined()
  })

  test('learns nothing: a text that was refused is not known by its hash afterwards', async () => {
    const query = '{ viewer { scopes } }'
    await post(harness, { query, ...persisted(hashOf(query)) })
    expect(codes(await post(harness, persisted(hashOf(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })
})

describe('a server that knows some operations and takes others', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness({
      accounts: ACCOUNTS,
      config: { operations: { allowList: MANIFEST, only: false } },
    })
  })
  afterAll(() => harness.close())

  test('answers ids and texts alike', async () => {
    expect((await post(harness, { documentId: Object.keys(manifest)[9] })).status).toBe(200)
    expect(await post(harness, { query: '{ viewer { workspace } }' })).toEqual({
      status: 200,
      data: { viewer: { workspace: 'default' } },
    })
  })

  test.each([7, 'request-1', ''])('takes %j beside a text for the number of a request', async (id) => {
    expect((await post(harness, { id, query: '{ viewer { workspace } }' })).data).toEqual({
      viewer: { workspace: 'default' },
    })
  })

  test('keeps a text by its hash, and by no other', async () => {
    const [query, other] = ['{ viewer { workspace } }', '{ viewer { scopes } }']
    expect(codes(await post(harness, persisted(hashOf(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
    expect((await post(harness, { query: other, ...persisted(hashOf(query)) })).status).toBe(400)
    expect(codes(await post(harness, persisted(hashOf(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
    expect((await post(harness, { query, ...persisted(hashOf(query)) })).status).toBe(200)
    expect((await post(harness, persisted(hashOf(query)))).data).toEqual({ viewer: { workspace: 'default' } })
  })

  test('takes a text and its digest wherever the digest is, and no text with the id of another', async () => {
    const query = '{ viewer { name } }'
    const other = Object.keys(manifest)[9]
    for (const id of [other, 'unknown', hashOf(`${query} `)]) {
      const told = await post(harness, { query, documentId: id })
      expect([told.status, codes(told), told.errors![0]!.message]).toEqual([
        400,
        ['BAD_USER_INPUT'],
        expect.stringContaining('the id of another one'),
      ])
    }
    expect((await post(harness, { query, id: `sha256:${hashOf(query)}` })).status).toBe(200)
    expect((await post(harness, { doc_id: hashOf(query) })).data).toEqual({ viewer: { name: null } })
  })

  test('keeps no text that it refuses to execute', async () => {
    const query = `{ viewer { ${Array.from({ length: 40 }, (_, at) => `a${at}: name`).join(' ')} } }`
    expect(codes(await post(harness, { query, ...persisted(hashOf(query)) }))).toEqual(['OPERATION_TOO_COMPLEX'])
    expect(codes(await post(harness, persisted(hashOf(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })
})

test('texts without number are forgotten again, and those of the list never', async () => {
  const { persistedQueries } = persistedOperations({ allowList: new Map([['known', '{ known }']]), only: false })
  const { cache } = persistedQueries as {
    cache: { get(key: string): Promise<unknown>; set(key: string, text: string): Promise<void> }
  }
  const text = 'x'.repeat(64 * 1024)
  for (let at = 0; at < 200; at += 1) await cache.set(`apq:${at}`, text)
  const kept = await Promise.all(Array.from({ length: 200 }, (_, at) => cache.get(`apq:${at}`)))
  const found = kept.filter((one) => one !== undefined).length
  expect([found > 10, found < 70]).toEqual([true, true])
  expect(await cache.get('apq:known')).toBe('{ known }')
})

describe('a list of operations is read as it was written:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-manifests-'))
  const { operations: worked } = {
    operations: Object.entries(manifest).map(([id, text]) => ({ id: id.slice('sha256:'.length), text })),
  }
  const listOf = (content: object) => {
    const file = join(folder, `${hashOf(JSON.stringify(content)).slice(0, 8)}.json`)
    writeFileSync(file, JSON.stringify(content))
    return checkConfig({ store: { url: 'memory:' }, operations: { allowList: file } }, [], { environment: {} })
      .operations!.allowList
  }
  const expected = new Map(worked.map(({ id, text }) => [id, text]))
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')

  test('by the client preset, with the name of the hash before each', () => {
    expect(listOf(manifest)).toEqual(expected)
  })

  test('by hash alone', () => {
    expect(listOf(Object.fromEntries(expected))).toEqual(expected)
  })

  test("by Relay's compiler, whose ids are MD5", () => {
    const relay = Object.fromEntries(worked.map(({ text }) => [md5(text), text]))
    expect(listOf(relay)).toEqual(new Map(Object.entries(relay)))
  })

  test("by Apollo's manifest", () => {
    const operations = worked.map(({ id, text }, at) => ({ id, name: `Operation${at}`, type: 'query', body: text }))
    const head = { format: 'apollo-persisted-query-manifest', version: 1 }
    expect(listOf({ ...head, operations })).toEqual(expected)
    // Ids of one's own, and members that others add.
    const own = operations.map((operation, at) => ({ ...operation, id: `own-${at}`, clientName: 'app' }))
    expect(listOf({ ...head, generatedAt: 'today', operations: own }).get('own-0')).toBe(worked[0]!.text)
  })
})

describe('a list of operations that cannot be used stops the start, and is named by its key:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-operations-'))
  const file = (content: string) => {
    const path = join(folder, `${hashOf(content).slice(0, 8)}.json`)
    writeFileSync(path, content)
    return path
  }
  test.each([
    ['a file that is not there', join(folder, 'none.json'), 'cannot be read (ENOENT)'],
    ['no JSON', file('query { a }'), 'is no manifest'],
    ['a list', file('[]'), 'is no manifest'],
    ['texts that are none', file('{"a": 5}'), 'is no manifest'],
    [
      'texts and ids the wrong way around',
      file('{"{ a }": "7f56"}'),
      'holds a text that is no GraphQL document: entry 1',
    ],
    ['a text among numbers', file('{"a": "{ a }", "b": 5}'), 'Entry 2 is not one'],
    ['the same id twice', file('{"sha256:x": "{ a }", "x": "{ b }"}'), 'holds two texts with the same id'],
    ['a format that is unknown', file('{"format": "other", "operations": []}'), 'format: must be'],
    [
      'a later version of a format',
      file('{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}'),
      'version: must be 1',
    ],
    [
      'an operation without its text',
      file(
        '{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "body": "{ a }"}, {"id": "b"}]}',
      ),
      'operations[1].body: is required',
    ],
    ['an id of another text', file(`{"sha256:${hashOf('{ a }')}": "{ b }"}`), 'is not the hash of its text'],
  ])('%s', (_, allowList, message) => {
    const check = () => checkConfig({ operations: { allowList } }, [], { environment: {} })
    expect(check).toThrow(/operations\.allowList: .*/)
    expect(check).toThrow(message)
  })

  test('a path is relative to the configuration', () => {
    file('{"b": "{ b }"}')
    const { operations } = checkConfig(
      { store: { url: 'memory:' }, operations: { allowList: `${hashOf('{"b": "{ b }"}').slice(0, 8)}.json` } },
      [],
      { environment: {}, file: join(folder, 'dialgraph.config.yaml') },
    )
    expect([...operations!.allowList]).toEqual([['b', '{ b }']])
  })
})
