import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { globalId } from '../../src/model/id.js'
import { startAttacked } from './attacked.js'
import { begin, ended, exported, linesIn, shown, type ShownExport } from './exporting.js'
import { askerOf } from './making.js'

type File = ShownExport & { readonly file: Buffer }
const ALL = { startedAt: { from: '2000-01-01T00:00:00Z' } }
const FIELDS = ['id', 'caller']
const OWN = { scopes: ['telephony:read:own'], extension: 'izmir/1001' }

let attacked: Awaited<ReturnType<typeof startAttacked>>
let whole: File
const ask = (...given: Parameters<typeof attacked.ask>) => attacked.ask(...given)
beforeAll(async () => {
  attacked = await startAttacked()
  whole = await exported(ask, { filter: ALL, fields: FIELDS }, attacked.board)
}, 60_000)
afterAll(() => attacked.close())

const get = (headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  fetch(whole.link!.url, { headers, method })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe('a range', () => {
  test('of any bounds is those bytes, over all chunks', async () => {
    expect(whole.bytes).toBeGreaterThan(2_000_000)
    const at = fc.nat(whole.bytes - 1)
    await fc.assert(
      fc.asyncProperty(at, at, async (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)]
        const response = await get({ range: `bytes=${first}-${last}` })
        expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${whole.bytes}`)
        expect((await bytesOf(response)).equals(whole.file.subarray(first, last + 1))).toBe(true)
      }),
      { numRuns: 10 },
    )
  })

  test.each([
    ['several that overlap', `bytes=${'0-,'.repeat(500)}0-`, 200],
    ['bounds that are turned round', 'bytes=9-5', 200],
    ['a negative place', 'bytes=--5', 200],
    ['more digits than any file has', `bytes=0-${'9'.repeat(400)}`, 200],
    ['another unit', 'items=0-5', 200],
    ['words', 'bytes=a-b', 200],
    ['no bounds', 'bytes=-', 200],
    ['the last no bytes', 'bytes=-0', 416],
    ['a place far behind the end', 'bytes=999999999999999-', 416],
    ['more than there is, from the end', 'bytes=-999999999999999', 200],
  ])('of %s is the whole file or none of it', async (_what, range, status) => {
    const response = await get({ range })
    expect([response.status, response.headers.get('content-length')]).toEqual([
      status,
      status === 200 ? String(whole.bytes) : expect.any(String),
    ])
    if (status === 200) expect((await bytesOf(response)).equals(whole.file)).toBe(true)
    else expect(response.headers.get('content-range')).toBe(`bytes */${whole.bytes}`)
  })

  test('is not for HEAD, which says how long all is', async () => {
    const head = await get({ range: 'bytes=0-9' }, 'HEAD')
    expect([head.status, head.headers.get('content-length'), head.headers.get('content-range')]).toEqual([
      ...[200, String(whole.bytes), null],
    ])
  })

  test('of a file that may be another is the whole one', async () => {
    const tag = (await get({}, 'HEAD')).headers.get('etag')!
    const others = [`W/${tag}`, '"other"', `${tag}, ${tag}`, 'Wed, 11 Feb 2026 09:00:00 GMT', '*']
    const statuses = await Promise.all(
      [tag, ...others].map(async (one) => (await get({ range: 'bytes=0-1', 'if-range': one })).status),
    )
    expect(statuses).toEqual([206, ...others.map(() => 200)])
  })
})

describe('a file that is removed while it is downloaded', () => {
  const expire = () => attacked.store.expireExports(Date.now() + 1e12)
  const fresh = async () => {
    attacked.hooks.beforeChunks = async () => {}
    attacked.hooks.beforeChunk = async () => {}
    whole = await exported(ask, { filter: ALL, fields: FIELDS }, attacked.board)
  }
  afterEach(fresh)

  test('ends with its connection, and is never taken for a shorter one', async () => {
    attacked.hooks.beforeChunk = async (position) => void (position === 1 && (await expire()))
    // Of some, nothing may have been sent when it is removed: these are told so.
    const downloads = Array.from({ length: 5 }, async () => {
      const response = await get()
      await bytesOf(response)
      return response.status
    })
    const results = await Promise.allSettled(downloads)
    const received = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(received.filter((status) => status < 400)).toEqual([])
    expect((await get()).status).toBe(404)
  })

  test('between its head and its first byte, too', async () => {
    attacked.hooks.beforeChunks = expire
    const outcome = await get().then(
      async (response) => [response.status, (await bytesOf(response).catch(() => null))?.length !== whole.bytes],
      () => 'broken',
    )
    expect(outcome === 'broken' || outcome[0] !== 200).toBe(true)
  })
})

describe('a link', () => {
  test('is nothing once the key of whoever it was made for is revoked', async () => {
    const { headers, revoke } = await attacked.key()
    const one = await exported(ask, { filter: ALL, fields: ['id'] }, headers)
    expect((await fetch(one.link!.url)).status).toBe(200)
    await revoke()
    attacked.advance(60)
    expect((await fetch(one.link!.url)).status).toBe(404)
    // The file is its workspace's: another caller has a link of its own.
    const others = await shown(ask, one.id, attacked.board)
    expect((await fetch(others!.link!.url)).status).toBe(200)
  })

  test('is for an hour, however often it is used', async () => {
    const one = await exported(ask, { filter: ALL, fields: ['id'] }, attacked.board)
    attacked.advance(3_601)
    expect((await fetch(one.link!.url)).status).toBe(404)
    expect((await fetch((await shown(ask, one.id, attacked.board))!.link!.url)).status).toBe(200)
  })
})

describe('what providers themselves write', () => {
  test('is in no export that a caller without the scope for it can find, cancel or load', async () => {
    const { headers } = await attacked.key({ scopes: ['telephony:read', 'telephony:raw'] })
    const one = await exported(ask, { filter: ALL, fields: ['id', 'raw'] }, headers)
    expect(linesIn(one.file)[0]).toMatchObject({ raw: { secret: 'raw 0' } })
    expect(await shown(ask, one.id, attacked.board)).toBeNull()
    const cancel = 'mutation ($id: ID!) { callRecordsExportCancel(input: { id: $id }) { userErrors { code } } }'
    const { data } = await ask(cancel, { id: one.id }, attacked.board)
    expect(data).toEqual({ callRecordsExportCancel: { userErrors: [{ code: 'NOT_FOUND' }] } })
    const node = await ask('query ($id: ID!) { node(id: $id) { id } }', { id: one.id }, attacked.board)
    expect(node.data).toEqual({ node: null })
  })
})

describe('a caller that sees one line alone', () => {
  test('gets its own calls, and no figure that tells of others', async () => {
    const { headers } = await attacked.key(OWN)
    const own = await exported(ask, { filter: ALL, fields: FIELDS, includeManifest: true }, headers)
    const seen = await exported(ask, { filter: ALL, fields: FIELDS }, headers)
    const ids = attacked.calls.filter((_, place) => place % 50 === 0).map(({ id }) => id)
    expect(linesIn(seen.file).map((line) => line['id'])).toEqual(ids)
    expect([seen.recordCount, seen.bytes, own.recordCount]).toEqual([5, seen.file.length, 5])
    expect(seen.sources).toMatchObject([{ state: 'COMPLETE', upstreamRequests: 0 }])
    expect(own.file.toString('latin1')).toContain('"upstreamRequests": 0')
    expect(whole.recordCount).toBe(250)
  })

  test('gets no recording in which it does not speak, though the call is its own', async () => {
    const { headers } = await attacked.key(OWN)
    const recordingsOf = async (viewer: object) => {
      const one = await exported(ask, { filter: ALL, fields: ['id', 'recordings'] }, viewer)
      return linesIn(one.file)[0]
    }
    const id = attacked.calls[0]!.id
    expect(await recordingsOf(headers)).toEqual({ id, recordings: [] })
    expect(await recordingsOf(attacked.board)).toMatchObject({ id, recordings: [{ status: 'AVAILABLE' }] })
  })

  test('has another export for the key that it used when it saw more', async () => {
    const store = attacked.store
    const input = { filter: {}, format: 'JSONL', idempotencyKey: 'same' } as const
    const before = await askerOf(store).create(input)
    const after = await askerOf(store, { own: { accountKey: 'izmir', number: '1001' } }).create(input)
    const ids = [before, after].map((outcome) => ('stored' in outcome ? outcome.stored.id : null))
    expect(ids).not.toContain(null)
    expect(ids[0]).not.toBe(ids[1])
    // Asked for something, the server looks what there is to be made.
    await exported(ask, { filter: ALL, fields: ['id'] }, attacked.board)
    for (const id of ids) await ended(ask, globalId('CallRecordExport', '', id!), attacked.board)
  })
})

describe('what is asked for', () => {
  test('of accounts of other workspaces is none of their calls, whatever ids and keys are named', async () => {
    const ids = [globalId('Account', 'praha'), globalId('Account', 'nobody')]
    for (const filter of [{ accountIds: ids }, { accountKeys: ['praha'] }]) {
      const one = await exported(ask, { filter, fields: ['id'] }, attacked.board)
      expect([one.recordCount, one.file.length, one.sources]).toEqual([0, 0, []])
    }
  })

  test('may be a thousand ids', async () => {
    const ids = Array.from({ length: 999 }, (_, at) => globalId('Account', `made-up-${at}`))
    const filter = { ...ALL, accountIds: [...ids, globalId('Account', 'izmir')] }
    const one = await exported(ask, { filter, fields: ['id'] }, attacked.board)
    expect([one.status, one.recordCount]).toEqual(['COMPLETED', 250])
  })

  test('is each field once, in the order of the schema, however often and wherever it is named', async () => {
    const fields = ['startedAt', 'id', 'startedAt', 'id', 'id']
    const one = await exported(ask, { filter: ALL, fields, format: 'CSV' }, attacked.board)
    expect(one.file.toString().slice(1).split('\r\n')[0]).toBe('id,startedAt')
    const named = await begin(ask, { filter: ALL, fields: ['constructor', '__proto__', 'ID'] }, attacked.board)
    expect(named.userErrors.map(({ code }) => code)).toEqual(['INVALID', 'INVALID', 'INVALID'])
  })

  test('by fifty requests with one key at once is one export', async () => {
    const input = { filter: ALL, fields: ['id'], idempotencyKey: 'fifty' }
    const all = await Promise.all(Array.from({ length: 50 }, () => begin(ask, input, attacked.board)))
    expect(new Set(all.map((one) => one.export?.id)).size).toBe(1)
    await ended(ask, all[0]!.export!.id, attacked.board)
  })
})
