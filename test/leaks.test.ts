import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { describe, expect, test } from '@jest/globals'

import { markedBytes, SECRET_MARK } from '../src/emulator/marked-bytes.js'
import { createLog } from '../src/server/observing/log.js'
import { leakIn, takeLeaks } from './support/leaks.js'

const SECRET = `Yelken & Rüzgâr = 100% + "${SECRET_MARK}"`

describe('a secret of an emulator', () => {
  const sentence = `before ${SECRET} after`
  const uuid = markedBytes(16)
    .toString('hex')
    .replace(/^(.{8})(.{4})/, '$1-$2-')

  test.each([
    ['as it is', sentence],
    ['in JSON', JSON.stringify({ message: sentence })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ message: sentence }))],
    ['in a query', `https://api.example/?${new URLSearchParams({ token: SECRET })}`],
    ['in a path', `https://api.example/${encodeURIComponent(SECRET)}`],
    ...['', 'a', 'ab'].map((start) => ['in base64', Buffer.from(`${start}${sentence}`).toString('base64')] as const),
    ['in base64url', Buffer.from(`user:${SECRET}`).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(SECRET).toString('hex')],
    ['as a token of digits', markedBytes().toString('hex')],
    ['as a token of letters', markedBytes().toString('base64url')],
    ['as a token of letters, in a Basic header', btoa(`client:${markedBytes().toString('base64url')}`)],
    ['as a UUID', uuid],
    ['as the UUID of a signed token', Buffer.from(JSON.stringify({ iat: 1, jti: uuid })).toString('base64url')],
  ])('is found %s', (_form, text) => expect(leakIn(`x ${text} y`)).toMatch(/\[secret\]$/))

  test('is not found where there is none', () => {
    expect(
      leakIn(JSON.stringify({ numbers: ['+905550000001'], id: Buffer.from('D:izmir:42').toString('base64url') })),
    ).toBeNull()
  })
})

describe('the watch over all tests', () => {
  const log = createLog({ write: () => true })

  test('finds a secret in a line of any log', () => {
    log.warning(`could not use ${SECRET}`)
    expect(takeLeaks()).toEqual([expect.stringMatching(/^a line of the log: .*could not use .*\[secret\]$/)])
  })

  const answered = async (headers: Record<string, string>, body: string | Buffer): Promise<void> => {
    const server = createServer((_request, response) => response.writeHead(200, headers).end(body)).listen(
      0,
      '127.0.0.1',
    )
    await once(server, 'listening')
    await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).text()
    server.close()
  }
  const ours = { 'x-request-id': '1', 'referrer-policy': 'no-referrer', connection: 'close' }

  test('finds a secret in the body and in the headers of an answer', async () => {
    await answered(ours, JSON.stringify({ token: SECRET }))
    await answered({ ...ours, location: `/?code=${SECRET_MARK}` }, '')
    expect(takeLeaks()).toEqual([
      expect.stringMatching(/^an answer: .*token/),
      expect.stringMatching(/^an answer: .*code=/),
    ])
  })

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('finds a secret in an answer that is compressed by %s', async (encoding, compress) => {
    await answered({ ...ours, 'content-encoding': encoding }, compress(JSON.stringify({ token: SECRET })))
    expect(takeLeaks()).toEqual([expect.stringMatching(/^an answer: .*token/)])
  })

  test("leaves a provider's answers alone", () => answered({ connection: 'close' }, JSON.stringify({ token: SECRET })))

  test('finds a secret in what a server in a process of its own says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-leak-'))
    mkdirSync(join(folder, 'dist'))
    const script = join(folder, 'dist/main.js')
    writeFileSync(script, `console.error('said ${SECRET_MARK}')`)
    const child = spawn(process.execPath, [script])
    await once(child, 'close')
    rmSync(folder, { recursive: true })
    expect(takeLeaks()).toEqual([expect.stringMatching(/^the output of a process: .*said/)])
  })
})
