import { once } from 'node:events'
import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { AppError } from '../../../src/errors.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { bodyText } from '../../../src/http/wire/body-text.js'
import { Reader } from '../../../src/http/account/reading.js'
import { Operation } from '../../../src/operation.js'
import { clientOf, readsOf } from '../upstream.js'
import { cases } from '../../support/proof.js'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Answer {
  readonly status?: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string
}

/** A provider that gives these answers, and the last one from then on. */
async function answering(...answers: readonly Answer[]) {
  let requests = 0
  const server = createServer((_request, response) => {
    const { status = 200, headers = {}, body = '' } = answers[Math.min(requests, answers.length - 1)]!
    requests += 1
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { client, sender } = clientOf(url, { retryPauseMs: 1 })
  open.push(
    () => {
      server.close()
      server.closeAllConnections()
    },
    () => sender.close(),
  )
  return { url, client, rest: readsOf(client).rest(), requests: () => requests }
}

const operation = () => new Operation({ requestId: 'operation', signal: new AbortController().signal })

const JSON_TEXT = '{"name":"Çağrı"}'
const NAMED = { name: 'Çağrı' }

const read = async (coding: string, body: Buffer | string, type = 'application/json') => {
  const { url, rest } = await answering({ headers: { 'content-encoding': coding, 'content-type': type }, body })
  return (await rest.get(url)).body
}

describe('an empty body', () => {
  test.each(['gzip', 'br', 'deflate', 'zstd', 'utf-8', 'gzip, br'])('labelled %s is empty', async (coding) => {
    const headers = { 'content-encoding': coding }
    const { url, rest, requests } = await answering({ headers })
    await expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'EMPTY' })
    expect(requests()).toBe(1)
    for (const status of [401, 404, 503]) {
      const refused = await answering({ status, headers: { ...headers, 'retry-after': '30' } })
      await expect(refused.rest.get(refused.url)).rejects.toMatchObject({
        message: expect.stringContaining(`${status}`),
      })
      expect(refused.requests()).toBe(1)
    }
  })

  test('of a 304 that is labelled gzip says that nothing was modified', async () => {
    const { url, client, requests } = await answering(
      { headers: { etag: '"1"' }, body: JSON_TEXT },
      { status: 304, headers: { 'content-encoding': 'gzip', etag: '"1"' } },
    )
    const send = () =>
      client.read(
        {
          request: { method: 'GET', url, headers: requests() === 0 ? {} : { 'if-none-match': '"1"' } },
          anonymous: false,
          repeatable: true,
          key: 'one',
          freshness: undefined,
          fresh: false,
        },
        new Reader(operation(), () => {}),
      )
    await send()
    expect((await send()).reply).toMatchObject({ status: 304, body: null })
    expect(requests()).toBe(2)
  })

  test('of a write that was done, 204 and labelled gzip, is no failure', async () => {
    const { url, rest } = await answering({ status: 204, headers: { 'content-encoding': 'gzip' } })
    expect(await rest.write('DELETE', url)).toMatchObject({ status: 204, body: null })
  })
})

describe('a label', () => {
  test.each(['utf-8', 'none', 'identity', 'aws-chunked', 'binary', 'UTF8', 'json', '', 'none, identity', 'zstd'])(
    '"%s" on plain JSON is passed over',
    async (coding) => {
      expect(await read(coding, JSON_TEXT)).toEqual(NAMED)
    },
  )

  test.each(['gzip', 'x-gzip', 'br', 'deflate', 'gzip, br', 'gzip, gzip'])(
    '"%s" that is not true of plain JSON is passed over',
    async (coding) => {
      expect(await read(coding, JSON_TEXT)).toEqual(NAMED)
    },
  )

  test.each<[string, Buffer]>([
    ['gzip, br', brotliCompressSync(gzipSync(JSON_TEXT))],
    ['deflate , GZIP', gzipSync(deflateSync(JSON_TEXT))],
    ['gzip, identity, gzip', gzipSync(gzipSync(JSON_TEXT))],
    ['aws-chunked, gzip', gzipSync(JSON_TEXT)],
    ['gzip, utf-8', gzipSync(JSON_TEXT)],
    ['deflate', deflateSync(JSON_TEXT)],
    ['deflate', deflateRawSync(JSON_TEXT)],
    ['x-deflate', deflateRawSync(JSON_TEXT)],
    ['gzip', Buffer.concat([gzipSync(JSON_TEXT.slice(0, 5)), gzipSync(JSON_TEXT.slice(5))])],
    ['', gzipSync(JSON_TEXT)],
    ['utf-8', gzipSync(JSON_TEXT)],
    ['gzip, gzip', gzipSync(JSON_TEXT)],
  ])('"%s" is unpacked as far as it is true', async (coding, body) => {
    expect(await read(coding, body)).toEqual(NAMED)
  })

  test.each<[string, Buffer]>([
    ['gzip', gzipSync(JSON_TEXT).subarray(0, 20)],
    ['gzip', gzipSync(JSON_TEXT).subarray(0, -4)],
    ['br', brotliCompressSync(JSON_TEXT).subarray(0, 8)],
    ['deflate', deflateSync(JSON_TEXT).subarray(0, 10)],
    ['gzip', deflateSync(JSON_TEXT)],
    ['gzip', Buffer.concat([gzipSync(JSON_TEXT).subarray(0, -8), Buffer.alloc(8, 7)])],
    ['gzip', gzipSync(gzipSync(JSON_TEXT))],
    ['zstd', Buffer.from('28b52ffd2011890000', 'hex')],
    ['br, br, br, br, br, br', Buffer.from('{}')],
  ])('"%s" on what cannot be unpacked is told, and asked for once', async (coding, body) => {
    const { url, rest, requests } = await answering({ headers: { 'content-encoding': coding }, body })
    await expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'ENCODING' })
    expect(requests()).toBe(1)
  })

  const codings = {
    gzip: gzipSync,
    br: brotliCompressSync,
    deflate: deflateSync,
    'x-gzip': gzipSync,
    identity: (bytes: Buffer) => bytes,
    none: (bytes: Buffer) => bytes,
  }

  test('of any nesting of codings is followed to the text, and whatever else is there is text or told', async () => {
    const nested = fc.array(fc.constantFrom(...(Object.keys(codings) as (keyof typeof codings)[])), { maxLength: 5 })
    const text = fc.jsonValue().map((value) => JSON.stringify(value))
    await fc.assert(
      fc.asyncProperty(
        nested,
        text,
        fc.boolean(),
        fc.uint8Array({ maxLength: 40 }),
        async (names, json, isHonest, noise) => {
          const packed = names.reduce<Buffer>((bytes, name) => Buffer.from(codings[name](bytes)), Buffer.from(json))
          const body = isHonest ? packed : Buffer.from(noise)
          const headers = { 'content-encoding': names.join(', ') }
          const outcome = await Promise.resolve(
            bodyText(body, headers, { method: 'GET', url: 'https://pbx.example/', headers: {} }, defaultHttpLimits),
          ).catch((error: AppError) => error)
          if (isHonest) expect(outcome).toBe(json)
          else if (typeof outcome !== 'string') expect(outcome).toMatchObject({ reason: 'ENCODING' })
        },
      ),
      { numRuns: cases(400) },
    )
  })
})

const latin = (text: string) => Buffer.from(text, 'latin1')
/** Letters of ISO 8859-9: Ç is C7, ğ is F0, ı is FD, as in windows-1254. */
const TURKISH = latin('{"name":"\u00c7a\u00f0r\u00fd"}')
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

describe('a declared character set', () => {
  test.each<[string, Buffer]>([
    ['iso-8859-9', TURKISH],
    ['"windows-1254"', TURKISH],
    ['ISO-8859-9; profile=x', TURKISH],
    ['utf-16le', Buffer.from(JSON_TEXT, 'utf16le')],
    ['utf-16be', utf16be(JSON_TEXT)],
    ['utf-16', Buffer.from(JSON_TEXT, 'utf16le')],
    ['utf-16', utf16be(JSON_TEXT)],
    ['utf-16', Buffer.from(`\uFEFF${JSON_TEXT}`, 'utf16le')],
    ['utf-16', utf16be(`\uFEFF${JSON_TEXT}`)],
    ['utf-8', utf16be(`\uFEFF${JSON_TEXT}`)],
    ['utf-8', utf16be(JSON_TEXT)],
    ['UTF8', Buffer.from(JSON_TEXT, 'utf16le')],
    ['iso-8859-1', Buffer.from(`\uFEFF${JSON_TEXT}`)],
    ['UTF8', Buffer.from(JSON_TEXT)],
    ['"utf-8"', Buffer.from(`\uFEFF${JSON_TEXT}`)],
    ['none', Buffer.from(JSON_TEXT)],
    ['utf8mb4', Buffer.from(JSON_TEXT)],
  ])('%s is what its body is read in', async (charset, body) => {
    expect(await read('', body, `application/json; charset=${charset}`)).toEqual(NAMED)
    expect(await read('gzip', gzipSync(body), `application/json;charset=${charset}`)).toEqual(NAMED)
  })

  test.each<[string, string, Buffer]>([
    ['windows-1251', 'Звонок', Buffer.from([0xc7, 0xe2, 0xee, 0xed, 0xee, 0xea])],
    ['iso-8859-2', 'Hovor č. 5 – žádný'.replace(' –', ''), latin('Hovor \u00e8. 5 \u00beádn\u00fd')],
    ['koi8-r', 'Мир', Buffer.from([0xed, 0xc9, 0xd2])],
    ['shift_jis', '電話', Buffer.from([0x93, 0x64, 0x98, 0x62])],
  ])('%s is read by its own table', async (charset, text, bytes) => {
    const body = Buffer.concat([latin('{"text":"'), bytes, latin('"}')])
    expect(await read('', body, `application/json; charset=${charset}`)).toEqual({ text })
  })

  test.each(['x-unheard-of', 'utf-32', 'iso-8859-99'])(
    '%s, which nobody knows, is told where it matters',
    async (charset) => {
      const { url, rest, requests } = await answering({
        headers: { 'content-type': `application/json; charset=${charset}` },
        body: TURKISH,
      })
      await expect(rest.get(url)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'CHARSET' })
      expect(requests()).toBe(1)
    },
  )
})
