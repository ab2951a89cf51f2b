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
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
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
    expect(entries).toHaveLength(16)
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
    ['an id of no text', (at) => post(at, persisted({ toString: 1 }))],
  ])('knows no other by %s', async (_, asked) => {
    expect(codes(await asked(harness))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
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

  test('keeps a text by its hash, and by no other', async () => {
    const [query, other] = ['{ viewer { workspace } }', '{ viewer { scopes } }']
    expect(codes(await post(harness, persisted(hashOf(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
    expect((await post(harness, { query: other, ...persisted(hashOf(query)) })).status).toBe(400)
    expect(codes(await post(harness, persisted(hashOf(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
    expect((await post(harness, { query, ...persisted(hashOf(query)) })).status).toBe(200)
    expect((await post(harness, persisted(hashOf(query)))).data).toEqual({ viewer: { workspace: 'default' } })
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
