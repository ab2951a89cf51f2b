import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import type { Fault } from '../../../src/emulator/emulator.js'
import { globalId } from '../../../src/model/id.js'
import { LinkDisposition } from '../../../src/model/signed-link.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { ANYONE } from '../../../src/server/callers/caller.js'
import { recordingLinkSigner } from '../../../src/server/links/recording-links.js'
import { startServer } from '../../../src/server/server.js'
import { ask, startRecordingServer, type RecordingServer } from './recording-server.js'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const codeIn = (body: Buffer) =>
  (JSON.parse(body.toString('utf8')) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** A provider that answers recordings as a test wants, and notes what became of its answers. */
interface Provider {
  readonly url: string
  readonly requests: IncomingMessage[]
  /** Connections on which an answer is still under way. */
  readonly busy: () => number
}

async function provider(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<Provider> {
  const requests: IncomingMessage[] = []
  let busy = 0
  const server = createServer((request, response) => {
    requests.push(request)
    busy += 1
    response.once('close', () => (busy -= 1))
    response.on('error', () => {})
    answer(response, request)
  })
  return { url: await listening(server), requests, busy: () => busy }
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server of ours before that provider, and a link to a recording there. */
async function linked({ url }: Pick<Provider, 'url'>, limits: object = {}, nativeName = 'a-call') {
  const encryptionKeys = ['q'.repeat(43) + '=']
  const account = {
    id: 'office',
    provider: 'bulutfon',
    urls: { api: url, token: `${url}/oauth/token` },
    auth: { flow: 'static_token', token: 'canary-master' },
  }
  const config = checkConfig(
    { server: { port: 0 }, store: { url: 'memory:', encryptionKeys }, limits, accounts: [account] },
    [bulutfon],
    { environment: {} },
  )
  const lines: string[] = []
  const log = createLog({ write: (line: string) => void lines.push(line) })
  const server = await startServer(config, { providers: [bulutfon], log })
  open.push(() => server.close())
  const signer = recordingLinkSigner({
    signingKeys: config.signingKeys,
    clock: systemClock,
    publicUrl: () => server.url,
    find: () => server.accounts[0]!,
  })
  const recording = { accountKey: 'office', nativeName } as never
  const link = await signer
    .linksOf(ANYONE)
    .sign(recording, { expiresInSeconds: 60, disposition: LinkDisposition.INLINE })
  return { link: link!.url, server, lines }
}

const OGG = Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(5_000, 7)])

describe('a provider in trouble is told by its code, as JSON, without a byte of its own', () => {
  let server: RecordingServer
  beforeAll(async () => {
    server = await startRecordingServer({ limits: { providerTimeoutMs: 1_000 } })
  })
  afterAll(() => server.close())

  const cases: [string, Fault, number, string][] = [
    ['403', { status: 403, body: '{"error":"canary"}' }, 502, 'PROVIDER_FORBIDDEN'],
    ['400', { status: 400, body: '{"error":"canary"}' }, 502, 'PROVIDER_REJECTED'],
    ['404', { status: 404, body: '{"error":"canary"}' }, 404, 'NOT_FOUND'],
    // A recording that was deleted, or that a file server no longer has.
    ['410', { status: 410, body: '{"error":"canary"}' }, 404, 'NOT_FOUND'],
    ['404 with a page', { status: 404, body: '<html>canary</html>' }, 404, 'NOT_FOUND'],
    ['429', { status: 429, headers: { 'retry-after': '17' } }, 503, 'PROVIDER_RATE_LIMITED'],
    ['500', { status: 500, body: 'canary' }, 503, 'PROVIDER_UNAVAILABLE'],
    ['503 as a page', { status: 503, html: true }, 503, 'PROVIDER_UNAVAILABLE'],
    ['a page with 200', { html: true }, 502, 'PROVIDER_BAD_RESPONSE'],
    ['an error as JSON with 200', { status: 200, body: '{"error":"canary"}' }, 502, 'PROVIDER_BAD_RESPONSE'],
    ['nothing with 200', { status: 200, body: '' }, 502, 'PROVIDER_BAD_RESPONSE'],
    ['a part nobody asked for', { status: 206, body: 'canary' }, 502, 'PROVIDER_BAD_RESPONSE'],
    ['nothing with 204', { status: 204 }, 502, 'PROVIDER_BAD_RESPONSE'],
    ['a 416 for the whole', { status: 416 }, 502, 'PROVIDER_BAD_RESPONSE'],
    ['a reset', { reset: true }, 503, 'PROVIDER_UNAVAILABLE'],
    ['a hang', { hang: true }, 504, 'PROVIDER_TIMEOUT'],
    ['a head and nothing more', { hang: 'afterHead' }, 504, 'PROVIDER_TIMEOUT'],
  ]
  test.each(cases)('%s', async (_, fault, status, code) => {
    const at = Date.now() - 60_000
    const { uuid } = server.bulutfon.addCall({ startedAt: at, answeredAt: at, endedAt: at + 9_000, recording: 'yes' })
    const { url } = await server.link(globalId('CallRecord', 'izmir', uuid))
    server.bulutfon.faults.next({ ...fault, path: /call-records/, times: Infinity })
    const answer = await ask(url, { headers: { 'x-request-id': 'told' } })
    server.bulutfon.faults.clear()
    expect([answer.status, codeIn(answer.body)]).toEqual([status, code])
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers).not.toHaveProperty('content-disposition')
    expect(answer.headers['retry-after']).toBe(code === 'PROVIDER_RATE_LIMITED' ? '17' : undefined)
    expect(answer.body.toString('utf8') + JSON.stringify(answer.headers) + server.logText()).not.toMatch(
      /canary|try again/,
    )
    if (code !== 'NOT_FOUND') {
      expect(JSON.parse(answer.body.toString('utf8'))).toMatchObject({
        errors: [{ extensions: { provider: 'bulutfon', accountId: globalId('Account', 'izmir'), requestId: 'told' } }],
      })
    }
    expect((await ask(url)).status).toBe(code === 'PROVIDER_RATE_LIMITED' ? 503 : 200)
    server.advance(20)
  })
})

describe('a redirect', () => {
  test('is not followed, to this host or another', async () => {
    let reached = 0
    const trap = await listening(
      createServer((_request, response) => {
        reached += 1
        response.end(OGG)
      }),
    )
    for (const location of [trap, '/call-records/other/stream', 'http://169.254.169.254/', 'file:///etc/passwd']) {
      const upstream = await provider((response) => response.writeHead(302, { location }).end())
      const { link } = await linked(upstream)
      const answer = await ask(link)
      expect([answer.status, codeIn(answer.body)]).toEqual([502, 'PROVIDER_BAD_RESPONSE'])
      expect(answer.headers).not.toHaveProperty('location')
      expect(upstream.requests).toHaveLength(1)
    }
    expect(reached).toBe(0)
  })
})

describe('the name of a recording', () => {
  test.each([
    '../dids',
    '..%2fdids',
    '/etc/passwd',
    'http://127.0.0.1:1/x',
    '//127.0.0.1:1/x',
    'a?access_token=b',
    'a#b',
    'a\r\nhost: b',
    '\\\\host\\share',
    'ağ🎧',
  ])('%j stays one piece of one path at the provider', async (nativeName) => {
    const upstream = await provider((response) => response.end(OGG))
    const { link } = await linked(upstream, {}, nativeName)
    const answer = await ask(link)
    expect(answer.status).toBe(200)
    const { pathname, searchParams } = new URL(upstream.requests[0]!.url!, upstream.url)
    expect(pathname).toBe(`/call-records/${encodeURIComponent(nativeName)}/stream`)
    expect([...searchParams.keys()]).toEqual(['access_token'])
    expect(answer.headers['content-disposition']).toMatch(/^inline; filename="[A-Za-z0-9][A-Za-z0-9._-]*\.ogg"$/)
  })

  test.each(['', '.', '..', '\ud800'])('%j leads nowhere', async (nativeName) => {
    const upstream = await provider((response) => response.end(OGG))
    const { link } = await linked(upstream, {}, nativeName)
    expect((await ask(link)).status).toBe(404)
    expect(upstream.requests).toEqual([])
  })
})

describe('what a provider sends', () => {
  const served = async (headers: Record<string, string>, body: Buffer, range?: string) => {
    const upstream = await provider((response) => response.writeHead(200, headers).end(body))
    const { link } = await linked(upstream)
    return ask(link, { headers: range ? { range } : {} })
  }
  const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0', 'latin1'), Buffer.alloc(100)])
  const mpeg = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(400)])

  test.each([
    ['audio/ogg', OGG, 'audio/ogg'],
    ['text/html', OGG, 'audio/ogg'],
    ['', OGG, 'audio/ogg'],
    ['application/octet-stream', wav, 'audio/wav'],
    ['audio/ogg', mpeg, 'audio/mpeg'],
    ['video/mp4', Buffer.concat([Buffer.from('ID3\x03\0'), Buffer.alloc(50)]), 'audio/mpeg'],
  ])('under the name %j is served as the sound that it is', async (declared, body, type) => {
    const answer = await served(declared ? { 'content-type': declared } : {}, body)
    expect(answer.headers['content-type']).toBe(type)
    expect(answer.headers['content-disposition']).toMatch(/^inline;/)
    expect(answer.body.equals(body)).toBe(true)
  })

  test('and is no sound is a file that no browser opens', async () => {
    const program = Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(500)])
    for (const declared of ['audio/ogg', 'text/html', 'image/svg+xml', 'application/x-msdownload']) {
      const answer = await served({ 'content-type': declared }, program)
      expect(answer.headers['content-type']).toBe('application/octet-stream')
      expect(answer.headers['content-disposition']).toBe('attachment; filename="a-call.bin"')
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.headers['content-security-policy']).toBe('sandbox')
    }
  })

  test.each([
    '<html><script>alert(1)</script></html>',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '\uFEFF{"error":"canary"}',
    'Please try again later',
  ])('and is a text (%s) never leaves, whatever it is called', async (text) => {
    for (const declared of ['audio/ogg', 'text/html', 'image/svg+xml']) {
      const answer = await served({ 'content-type': declared }, Buffer.from(text))
      expect([answer.status, codeIn(answer.body)]).toEqual([502, 'PROVIDER_BAD_RESPONSE'])
      expect(answer.body.toString('utf8')).not.toMatch(/alert|canary|again/)
    }
  })

  test('is not unpacked, nor passed on packed', async () => {
    const answer = await served({ 'content-type': 'audio/ogg', 'content-encoding': 'gzip' }, gzipSync(OGG))
    expect([answer.status, codeIn(answer.body)]).toEqual([502, 'PROVIDER_BAD_RESPONSE'])
  })

  test('in its headers stays there', async () => {
    const answer = await served(
      {
        'content-type': 'audio/ogg; x="canary"',
        'content-disposition': 'attachment; filename="canary.exe"',
        'set-cookie': 'canary=1',
        'x-canary': 'canary',
        link: '<canary>; rel=preload',
        'content-security-policy': 'canary',
        location: 'http://canary/',
        etag: '"canary"',
        refresh: '0; url=http://canary/',
      },
      OGG,
    )
    expect(answer.status).toBe(200)
    expect(JSON.stringify(answer.headers)).not.toContain('canary')
  })

  test('without saying how much is passed on to its end, and parts of it are not promised', async () => {
    const upstream = await provider((response) => {
      response.writeHead(200, { 'content-type': 'audio/ogg' })
      response.write(OGG)
      response.end(OGG)
    })
    const { link } = await linked(upstream)
    for (const headers of [{}, { range: 'bytes=5-9' }] as Record<string, string>[]) {
      const answer = await ask(link, { headers })
      expect([answer.status, answer.complete]).toEqual([200, true])
      expect(answer.body.equals(Buffer.concat([OGG, OGG]))).toBe(true)
      expect(answer.headers['accept-ranges']).toBe('none')
      expect(answer.headers).not.toHaveProperty('content-length')
    }
  })

  test('as a part must be the part that was asked for', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { 'content-range': 'bytes 0-9/5006' },
      { 'content-range': 'bytes 100-300/5006' },
      { 'content-range': 'bytes 100-199/150' },
      { 'content-range': 'canary' },
      { 'content-type': 'multipart/byteranges; boundary=x' },
    ]
    for (const headers of wrong) {
      const upstream = await provider((response) => response.writeHead(206, headers).end(OGG.subarray(100, 200)))
      const { link } = await linked(upstream)
      const answer = await ask(link, { headers: { range: 'bytes=100-199' } })
      expect({ headers, status: answer.status, code: codeIn(answer.body) }).toEqual({
        headers,
        status: 502,
        code: 'PROVIDER_BAD_RESPONSE',
      })
      await until(() => upstream.busy() === 0)
    }
  })

  test('as a refusal of a part is told with as much as it tells', async () => {
    for (const [told, shown] of [
      ['bytes */5006', 'bytes */5006'],
      ['canary', undefined],
      [undefined, undefined],
    ]) {
      const upstream = await provider((response) =>
        response.writeHead(416, told === undefined ? {} : { 'content-range': told }).end('{"error":"canary"}'),
      )
      const { link } = await linked(upstream)
      const answer = await ask(link, { headers: { range: 'bytes=9999-' } })
      expect([answer.status, codeIn(answer.body)]).toEqual([416, 'BAD_USER_INPUT'])
      expect(answer.headers['content-range']).toBe(shown)
      expect(answer.body.toString('utf8')).not.toContain('canary')
    }
  })

  test('less than it announced ends in an error, not in a shorter file', async () => {
    const upstream = await provider((response) => {
      response.writeHead(200, { 'content-type': 'audio/ogg', 'content-length': '9000' })
      response.write(OGG, () => response.socket?.end())
    })
    const { link, lines } = await linked(upstream)
    const answer = await ask(link)
    expect(answer.complete).toBe(false)
    expect(answer.headers['content-length']).toBe('9000')
    // Taken up again once: the whole, from its beginning, because this one knows no parts.
    expect(upstream.requests.map(({ headers }) => headers['range'])).toEqual([undefined, `bytes=${OGG.length}-8999`])
    await until(() => lines.join('').includes('"recording"'))
    expect(lines.join('')).toContain('"code":"PROVIDER_BAD_RESPONSE"')
  })
})

describe('a stream that breaks off', () => {
  test.each([
    ['parts', true, ['206']],
    ['only the whole', false, ['200']],
  ])('at a provider of %s is taken up again where it was, with a new login if that has run out', async (_, ranges) => {
    const server = await startRecordingServer({ knobs: { ranges, recordingBytes: 300_000 } })
    open.push(() => server.close())
    const at = Date.now() - 60_000
    const { uuid } = server.bulutfon.addCall({ startedAt: at, answeredAt: at, endedAt: at + 9_000, recording: 'yes' })
    const { url } = await server.link(globalId('CallRecord', 'izmir', uuid))
    const whole = await ask(url)
    for (const headers of [{}, { range: 'bytes=1000-250000' }] as Record<string, string>[]) {
      server.bulutfon.journal.clear()
      server.bulutfon.faults.next({ path: /call-records/, truncate: true })
      server.bulutfon.faults.next({ path: /call-records/, status: 401, body: '{"error": "Token expired"}' })
      const answer = await ask(url, { headers })
      expect(answer.complete).toBe(true)
      expect(answer.body.equals(headers['range'] ? whole.body.subarray(1000, 250_001) : whole.body)).toBe(true)
      expect(server.bulutfon.journal.tokenRequests).toHaveLength(1)
      const asked = server.bulutfon.journal.apiRequests
      expect(asked.map(({ status }) => status).slice(1)).toEqual([401, ranges ? 206 : 200])
      expect(asked[1]!.headers['range']).toMatch(headers['range'] ? /^bytes=\d+-250000$/ : /^bytes=\d+-\d+$/)
    }
  })

  test('twice is given up', async () => {
    const server = await startRecordingServer({ knobs: { recordingBytes: 300_000 } })
    open.push(() => server.close())
    const at = Date.now() - 60_000
    const { uuid } = server.bulutfon.addCall({ startedAt: at, answeredAt: at, endedAt: at + 9_000, recording: 'yes' })
    const { url } = await server.link(globalId('CallRecord', 'izmir', uuid))
    server.bulutfon.faults.next({ path: /call-records/, truncate: true, times: 2 })
    server.bulutfon.journal.clear()
    const answer = await ask(url)
    expect(answer.complete).toBe(false)
    expect(server.bulutfon.journal.apiRequests).toHaveLength(2)
  })

  test('is not continued with another recording', async () => {
    let asked = 0
    const upstream = await provider((response) => {
      asked += 1
      const length = asked === 1 ? 9_000 : 8_000
      response.writeHead(200, { 'content-type': 'audio/ogg', 'content-length': String(length) })
      if (asked === 1) response.write(OGG, () => response.socket?.end())
      else response.end(Buffer.alloc(length, 9))
    })
    const { link } = await linked(upstream)
    const answer = await ask(link)
    expect([answer.complete, answer.body.equals(OGG)]).toEqual([false, true])
  })
})

describe('a stream without end', () => {
  /** Sends for as long as it is read, without saying how much. */
  const endless = () =>
    provider((response) => {
      response.writeHead(200, { 'content-type': 'audio/ogg' })
      response.write(OGG)
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 1)));
      }
      response.on('drain', more)
      more()
    })

  test('is cut at the cap', async () => {
    const upstream = await endless()
    const { link } = await linked(upstream, { recordingBytes: 1024 * 1024 })
    const answer = await ask(link)
    expect(answer.complete).toBe(false)
    expect(answer.body.length).toBeLessThanOrEqual(1024 * 1024)
    await until(() => upstream.busy() === 0)
  })

  test('is not begun when it says so before', async () => {
    const upstream = await provider((response) => {
      response.writeHead(200, { 'content-type': 'audio/ogg', 'content-length': String(2 * 1024 * 1024) })
      response.write(OGG)
    })
    const { link } = await linked(upstream, { recordingBytes: 1024 * 1024 })
    const answer = await ask(link)
    expect([answer.status, codeIn(answer.body)]).toEqual([502, 'PROVIDER_BAD_RESPONSE'])
    await until(() => upstream.busy() === 0)
  })

  test('is ended with the time there is for listening', async () => {
    const upstream = await endless()
    const { link } = await linked(upstream, { recordingTimeoutMs: 300, recordingBytes: 4 * 1024 ** 3 })
    expect((await ask(link)).complete).toBe(false)
    await until(() => upstream.busy() === 0)
  })

  test('is not read any further than its listener takes it, and let go when he stands still', async () => {
    const upstream = await endless()
    const { link } = await linked(upstream, { recordingIdleMs: 300 })
    const { hostname, port, pathname } = new URL(link)
    const listener = connect(Number(port), hostname)
    await once(listener, 'connect')
    listener.pause()
    listener.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
    await until(() => upstream.busy() === 1)
    await until(() => upstream.busy() === 0)
    listener.destroy()
  })
})

describe('a connection is let go', () => {
  const stuck = () =>
    provider((response) => {
      response.writeHead(200, { 'content-type': 'audio/ogg', 'content-length': '9000' })
      response.write(OGG)
    })

  test('when the provider sends no more', async () => {
    const upstream = await stuck()
    const { link, lines } = await linked(upstream, { recordingIdleMs: 200 })
    const answer = await ask(link)
    expect([answer.complete, answer.body.length]).toEqual([false, OGG.length])
    await until(() => upstream.busy() === 0)
    await until(() => lines.join('').includes('"recording"'))
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ status: 499, bytes: OGG.length, code: 'PROVIDER_TIMEOUT' })
  })

  test('when the listener has gone', async () => {
    const upstream = await stuck()
    const { link, lines } = await linked(upstream)
    const client = new AbortController()
    const response = await fetch(link, { signal: client.signal })
    expect(response.status).toBe(200)
    expect(upstream.busy()).toBe(1)
    client.abort()
    await until(() => upstream.busy() === 0)
    await until(() => lines.join('').includes('"recording"'))
    expect(lines.map((line) => JSON.parse(line) as object).at(-1)).toMatchObject({ status: 499, account: 'office' })
  })

  test('when the listener has gone before anything came', async () => {
    const upstream = await provider(() => {})
    const { link } = await linked(upstream, { providerTimeoutMs: 20_000 })
    const client = new AbortController()
    const answer = fetch(link, { signal: client.signal })
    answer.catch(() => {})
    await until(() => upstream.busy() === 1)
    client.abort()
    await until(() => upstream.busy() === 0)
  })

  test('after the head, when no more was asked for', async () => {
    const upstream = await stuck()
    const { link } = await linked(upstream)
    const head = await ask(link, { method: 'HEAD' })
    expect([head.status, head.headers['content-length']]).toEqual([200, '9000'])
    expect(upstream.requests[0]!.method).toBe('GET')
    await until(() => upstream.busy() === 0)
  })

  test('when the server stops and the time to finish is over', async () => {
    const upstream = await stuck()
    const { link, server } = await linked(upstream, { drainTimeoutMs: 200 })
    const listening = ask(link)
    await until(() => upstream.busy() === 1)
    await server.close()
    expect((await listening).complete).toBe(false)
    await until(() => upstream.busy() === 0)
  })

  test('and until then takes a place, of which an account has so many', async () => {
    const upstream = await stuck()
    const { link } = await linked(upstream, { recordingConcurrency: 2, providerConcurrency: 1 })
    const clients = [new AbortController(), new AbortController()]
    for (const { signal } of clients) expect((await fetch(link, { signal })).status).toBe(200)
    const refused = await ask(link)
    expect([refused.status, codeIn(refused.body)]).toEqual([503, 'SERVICE_UNAVAILABLE'])
    expect(upstream.requests).toHaveLength(2)
    clients[0]!.abort()
    await until(() => upstream.busy() === 1)
    const third = new AbortController()
    let status = 503
    while (status === 503) status = (await fetch(link, { signal: third.signal })).status
    expect(status).toBe(200)
    clients[1]!.abort()
    third.abort()
  })
})
