import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { startTwins, type Twins } from '../archive/twins.js'
import { begin, ended, exported, sha256, shown, type ShownExport } from './exporting.js'

const ALL = { startedAt: { from: '2000-01-01T00:00:00Z' } }

let twins: Twins
let whole: ShownExport & { readonly file: Buffer }
const ask = (...given: Parameters<Twins['archived']['ask']>) => twins.archived.ask(...given)
beforeAll(async () => {
  twins = await startTwins({ scale: 0.02 })
  whole = await exported(ask, { filter: ALL, format: 'CSV' })
}, 120_000)
afterAll(() => twins.close())

const get = (headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  fetch(whole.link!.url, { headers, method })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe('GET /exports/:token', () => {
  test('gives the file with its length, name and checksum, to be kept by nobody', async () => {
    const response = await get()
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="calls-2026-02-11-${Buffer.from(whole.id, 'base64url').toString().slice(3, 11)}.csv"`,
      'content-length': String(whole.bytes),
      'content-security-policy': 'sandbox',
      'content-type': 'text/csv; charset=utf-8; header=present',
      digest: `sha-256=${sha256(whole.file)}`,
      'repr-digest': `sha-256=:${sha256(whole.file)}:`,
    })
    expect(await bytesOf(response)).toEqual(whole.file)
    expect(whole.bytes).toBe(whole.file.length)
  })

  test('gives parts that are the same bytes, with the checksum of the whole', async () => {
    for (const [range, first, last] of [
      ['bytes=0-9', 0, 9],
      [`bytes=${whole.bytes - 5}-`, whole.bytes - 5, whole.bytes - 1],
      ['bytes=-7', whole.bytes - 7, whole.bytes - 1],
      ['bytes=100-999999999', 100, whole.bytes - 1],
    ] as const) {
      const response = await get({ range })
      expect([response.status, response.headers.get('content-range')]).toEqual([
        206,
        `bytes ${first}-${last}/${whole.bytes}`,
      ])
      expect(response.headers.get('repr-digest')).toBe(`sha-256=:${sha256(whole.file)}:`)
      expect(await bytesOf(response)).toEqual(whole.file.subarray(first, last + 1))
    }
  })

  test('goes on only with the same file, and refuses a part that there is not', async () => {
    const tag = (await get()).headers.get('etag')!
    const part = await get({ range: 'bytes=0-9', 'if-range': tag })
    const other = await get({ range: 'bytes=0-9', 'if-range': '"another"' })
    const outside = await get({ range: `bytes=${whole.bytes}-` })
    const known = await get({ 'if-none-match': tag })
    expect([part.status, other.status, outside.status, known.status]).toEqual([206, 200, 416, 304])
    expect(outside.headers.get('content-range')).toBe(`bytes */${whole.bytes}`)
  })

  test('answers HEAD alike, without the file, and no other method', async () => {
    const head = await get({}, 'HEAD')
    expect([head.status, head.headers.get('content-length'), (await bytesOf(head)).length]).toEqual([
      200,
      String(whole.bytes),
      0,
    ])
    const post = await get({}, 'POST')
    expect(post.status).toBe(404)
  })

  test('is nothing for a link that was altered', async () => {
    const url = whole.link!.url
    const response = await fetch(`${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`)
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    ])
  })
})

describe('a ZIP with its manifest', () => {
  test('holds the file and what is said of it, and has a checksum and parts of its own', async () => {
    const one = await exported(ask, { filter: {}, includeManifest: true, fields: ['id', 'startedAt'] })
    const plain = await exported(ask, { filter: {}, fields: ['id', 'startedAt'] })
    expect([one.bytes, one.status]).toEqual([one.file.length, 'COMPLETED_WITH_GAPS'])
    const response = await fetch(one.link!.url, { headers: { range: 'bytes=30-2000' } })
    expect(response.headers.get('repr-digest')).toBe(`sha-256=:${sha256(one.file)}:`)
    expect(await bytesOf(response)).toEqual(one.file.subarray(30, 2001))
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-zip-'))
    try {
      const path = join(folder, 'calls.zip')
      writeFileSync(path, one.file)
      const read = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`
      const entries = JSON.parse(execFileSync('python3', ['-c', read, path], { maxBuffer: 1e9 }).toString()) as Record<
        string,
        string
      >
      const [name] = Object.keys(entries)
      expect(entries[name!]).toBe(plain.file.toString())
      expect(JSON.parse(entries['manifest.json']!)).toMatchObject({
        status: 'COMPLETED_WITH_GAPS',
        recordCount: one.recordCount,
        file: { name, bytes: plain.bytes, sha256: sha256(plain.file) },
        sources: [
          { account: { key: 'izmir' }, state: 'PARTIAL', gap: { from: null, until: '2000-01-01T00:00:00.000Z' } },
          { account: { key: 'prague' }, state: 'PARTIAL' },
        ],
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('callRecordsExport', () => {
  test('gives the same export for the same key and input, and says where the input is another', async () => {
    const input = { filter: { accountKeys: ['prague'] }, idempotencyKey: 'key' }
    const [first, again] = [await begin(ask, input), await begin(ask, input)]
    expect(again.export!.id).toBe(first.export!.id)
    const other = await begin(ask, { ...input, format: 'CSV' })
    expect([other.export, other.userErrors]).toMatchObject([
      null,
      [{ field: ['idempotencyKey'], code: 'IDEMPOTENCY_KEY_REUSED' }],
    ])
  })

  test('refuses all that is wrong at once, and makes nothing', async () => {
    const input = { filter: {}, fields: ['id', 'password', 'raw'], timeZone: 'Europe/Atlantis', idempotencyKey: '' }
    const { export: none, userErrors } = await begin(ask, input)
    expect(none).toBeNull()
    expect(userErrors.map(({ field, code }) => [field?.[0], code])).toEqual([
      ['fields', 'INVALID'],
      ['timeZone', 'INVALID'],
      ['idempotencyKey', 'INVALID'],
    ])
  })

  test('is cancelled, which one that has ended does not mind, and nobody knows another', async () => {
    const cancel = async (id: string) => {
      const query =
        'mutation ($id: ID!) { callRecordsExportCancel(input: { id: $id }) { export { status } userErrors { code } } }'
      const { data } = await ask(query, { id })
      return data!['callRecordsExportCancel'] as unknown
    }
    expect(await cancel(whole.id)).toEqual({ export: { status: 'COMPLETED' }, userErrors: [] })
    expect(await cancel('nothing')).toEqual({ export: null, userErrors: [{ code: 'NOT_FOUND' }] })
    const { id } = (await begin(ask, { filter: ALL, format: 'VCON' })).export!
    const now = (await cancel(id)) as { export: { status: string } }
    expect(['CANCELLED', 'COMPLETED']).toContain(now.export.status)
    expect((await ended(ask, id)).status).toBe(now.export.status)
  })

  test('has times as a zone has them, and says of the file so far how long it is', async () => {
    const one = await exported(ask, {
      filter: ALL,
      fields: ['id', 'startedAt'],
      timeZone: 'Europe/Istanbul',
    })
    expect(one.file.toString().split('\n')[0]).toMatch(/"startedAt":"[^"]+\+03:00"/)
    expect((await shown(ask, one.id))?.recordCount).toBe(one.file.toString().split('\n').length - 1)
  })
})
