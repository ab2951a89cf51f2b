import { randomBytes, randomUUID } from 'node:crypto'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { globalId, parseGlobalId } from '../../../src/model/id.js'
import { ask, startRecordingServer, type RecordingServer, type RecordingServerOptions } from './recording-server.js'

let server: RecordingServer
const start = async (options: RecordingServerOptions = {}) => (server = await startRecordingServer(options))
/** Whether the server serves the tests that follow, too. */
let isShared = false
afterEach(async () => {
  if (!isShared) await server.close()
})

/** One server for all tests of a `describe`. */
function shareServer(options: RecordingServerOptions = {}): void {
  beforeAll(async () => {
    await start(options)
    isShared = true
  })
  afterAll(async () => {
    isShared = false
    await server.close()
  })
}

/** A call that was talked and recorded, and what the provider itself gives when asked for its recording. */
async function recorded(uuid: string = randomUUID(), account: 'company' | 'other' = 'company') {
  const at = Date.now() - 60_000
  server.bulutfon.addCall(
    { uuid, startedAt: at, answeredAt: at, endedAt: at + 30_000, outcome: 'answered', recording: 'yes' },
    account,
  )
  const { body, sha256 } = await ask(`${server.bulutfon.url}/call-records/${uuid}?access_token=${masterToken()}`)
  server.bulutfon.journal.clear()
  return { uuid, id: globalId('CallRecord', 'izmir', uuid), body, sha256 }
}
const masterToken = () => String(server.bulutfon.accounts.masterToken.auth['token'])
const recordingRequests = () =>
  server.bulutfon.journal.apiRequests.filter(({ path }) => path.startsWith('/call-records/'))

/** The log line of a request is written after its answer has left. */
async function lineOf(requestId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = server.log().find((entry) => entry['requestId'] === requestId && entry['msg'] === 'recording')
    if (line) return line
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const codeIn = (body: Buffer) =>
  (JSON.parse(body.toString('utf8')) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code

describe('a link to a recording', () => {
  test('is made without a request, at the public address, for five minutes or less', async () => {
    await start({ server: { publicUrl: 'https://phones.example.com/graph/' } })
    const { id } = await recorded()
    const before = Date.now()
    const five = await server.link(id)
    const minute = await server.link(id, 'link(expiresInSeconds: 60, disposition: ATTACHMENT)')
    expect(five.url).toMatch(/^https:\/\/phones\.example\.com\/graph\/recordings\/[\w-]+$/)
    expect(Math.round((Date.parse(five.expiresAt) - before) / 10_000)).toBe(30)
    expect(Math.round((Date.parse(minute.expiresAt) - before) / 10_000)).toBe(6)
    expect(server.bulutfon.journal.lines()).not.toContainEqual(expect.stringContaining('call-records'))
  })

  test.each([0, -1, 301, 2_000_000_000])('cannot be good for %d seconds', async (seconds) => {
    await start()
    const { id } = await recorded()
    await expect(server.link(id, `link(expiresInSeconds: ${seconds})`)).rejects.toThrow(
      /`expiresInSeconds`.*BAD_USER_INPUT/,
    )
  })

  test('is not given to what was removed', async () => {
    await start()
    const { id, uuid } = await recorded()
    server.bulutfon.changeCall(uuid, { recording: 'removed' })
    await expect(server.link(id)).rejects.toThrow('no link')
  })
})

describe.each([
  ['that knows parts', true],
  ['that only gives the whole', false],
])('a recording of a provider %s', (_, ranges) => {
  shareServer({ knobs: { ranges } })

  test('arrives whole, byte for byte, under headers of ours alone', async () => {
    const { id, uuid, body, sha256 } = await recorded()
    const { url } = await server.link(id)
    const answer = await ask(url, { headers: { 'x-request-id': 'whole', 'accept-encoding': 'br, gzip' } })
    expect({ status: answer.status, complete: answer.complete, sha256: answer.sha256 }).toEqual({
      status: 200,
      complete: true,
      sha256,
    })
    const { date: _date, ...headers } = answer.headers
    expect(headers).toEqual({
      vary: 'Origin',
      'content-type': 'audio/ogg',
      'content-length': String(body.length),
      'content-disposition': `inline; filename="${uuid}.ogg"`,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': 'whole',
      connection: 'close',
    })
    expect(recordingRequests()).toHaveLength(1)
    expect(recordingRequests()[0]).toMatchObject({ method: 'GET', path: `/call-records/${uuid}/stream` })
    expect(recordingRequests()[0]!.headers).not.toHaveProperty('range')
    expect(await lineOf('whole')).toMatchObject({
      method: 'GET',
      status: 200,
      account: 'izmir',
      bytes: body.length,
      code: null,
    })
    expect(server.logText()).not.toContain(uuid)
  })

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-1', 0, 2],
    ['bytes=0-99', 0, 100],
    ['bytes=100-199', 100, 200],
    ['bytes=1000-', 1000, undefined],
    ['bytes=-10', -10, undefined],
    ['BYTES=5-9999999', 5, undefined],
    ['bytes=-9999999', 0, undefined],
  ])('%s is that part of it', async (range, from, to) => {
    const { id, body } = await recorded()
    const answer = await ask((await server.link(id)).url, { headers: { range } })
    const part = body.subarray(from, to)
    const first = from < 0 ? body.length + from : from
    expect(answer.status).toBe(206)
    expect(answer.headers['content-range']).toBe(`bytes ${first}-${first + part.length - 1}/${body.length}`)
    expect(answer.headers['content-length']).toBe(String(part.length))
    expect(answer.headers['content-type']).toBe('audio/ogg')
    expect(answer.body.equals(part)).toBe(true)
  })

  test('is the same when it is put together from its parts', async () => {
    const { id, body } = await recorded()
    const { url } = await server.link(id)
    const size = Math.ceil(body.length / 5)
    const parts: Buffer[] = []
    for (let from = 0; from < body.length; from += size) {
      parts.push((await ask(url, { headers: { range: `bytes=${from}-${from + size - 1}` } })).body)
    }
    expect(parts).toHaveLength(5)
    expect(Buffer.concat(parts).equals(body)).toBe(true)
  })

  test.each(['bytes=9999999-', 'bytes=9999999-99999999', 'bytes=-0'])('%s is not in it', async (range) => {
    const { id, body } = await recorded()
    const answer = await ask((await server.link(id)).url, { headers: { range } })
    expect([answer.status, codeIn(answer.body)]).toEqual([416, 'BAD_USER_INPUT'])
    expect(answer.headers['content-range']).toBe(`bytes */${body.length}`)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
  })
})

test.each([true, false])(
  'a long recording tells its head without its body, by the same headers; the provider knows parts: %s',
  async (ranges) => {
    await start({ knobs: { ranges, recordingBytes: 1_000_000 } })
    const { id } = await recorded()
    const { url } = await server.link(id)
    const head = await ask(url, { method: 'HEAD', headers: { range: 'bytes=0-10' } })
    const whole = await ask(url)
    expect([head.status, head.body.length]).toEqual([200, 0])
    const told = ({ date: _date, 'x-request-id': _id, ...headers }: typeof whole.headers) => headers
    expect(told(head.headers)).toEqual(told(whole.headers))
  },
)

describe('a Range header', () => {
  shareServer()

  test.each(['bytes=0-1,5-6', 'bytes=0-0, -1', 'bytes=,'])(
    'for several parts (%s) is refused unasked',
    async (range) => {
      const { url } = await server.link((await recorded()).id)
      const answer = await ask(url, { headers: { range } })
      expect([answer.status, codeIn(answer.body)]).toEqual([416, 'BAD_USER_INPUT'])
      expect(recordingRequests()).toEqual([])
    },
  )

  test.each([
    'bytes=5-2',
    'bytes=-',
    'bytes=a-b',
    'pages=1-2',
    'bytes 0-1',
    'bytes=0-1junk',
    `bytes=${'9'.repeat(40)}-`,
  ])('that means nothing (%s) is as if it were not there', async (range) => {
    const { id, sha256 } = await recorded()
    const answer = await ask((await server.link(id)).url, { headers: { range } })
    expect([answer.status, answer.sha256]).toEqual([200, sha256])
    expect(recordingRequests()[0]!.headers).not.toHaveProperty('range')
  })

  test('with If-Range asks for the whole, because nothing here can be compared', async () => {
    const { id, sha256 } = await recorded()
    const headers = { range: 'bytes=0-9', 'if-range': '"a"' }
    expect(await ask((await server.link(id)).url, { headers })).toMatchObject({ status: 200, sha256 })
  })
})

describe('a link that is no longer good', () => {
  test('is answered like one that never was, and nobody is asked', async () => {
    await start()
    const { id } = await recorded()
    const { url } = await server.link(id, 'link(expiresInSeconds: 60)')
    server.advance(59)
    expect((await ask(url)).status).toBe(200)
    server.bulutfon.journal.clear()
    server.advance(2)
    const headers = { 'x-request-id': 'same' }
    const expired = await ask(url, { headers })
    const answers = [
      expired,
      await ask(`${server.url}/recordings/${randomBytes(150).toString('base64url')}`, { headers }),
      await ask(`${server.url}/recordings/x`, { headers }),
      await ask(`${server.url}/recordings/`, { headers }),
      await ask(`${server.url}/recordings/${'A'.repeat(9_000)}`, { headers }),
      await ask(`${url}=`, { headers }),
      await ask(`${url}/more`, { headers }),
    ]
    const told = ({ status, headers: { date: _date, ...headers }, body }: typeof expired) => ({
      status,
      headers,
      body: body.toString('utf8'),
    })
    for (const answer of answers) expect(told(answer)).toEqual(told(expired))
    expect([expired.status, codeIn(expired.body)]).toEqual([404, 'NOT_FOUND'])
    expect(server.bulutfon.journal.entries).toEqual([])
  })

  test('is any in which one letter was changed', async () => {
    await start()
    const { url } = await server.link((await recorded()).id)
    const at = url.lastIndexOf('/') + 1
    for (let place = at; place < url.length; place += 1) {
      const changed = url.slice(0, place) + (url[place] === 'A' ? 'B' : 'A') + url.slice(place + 1)
      expect({ place, status: (await ask(changed)).status }).toEqual({ place, status: 404 })
    }
    expect(recordingRequests()).toEqual([])
    expect((await ask(url)).status).toBe(200)
  })

  test('is one of an account that has gone to another workspace, or was never there', async () => {
    const key = randomBytes(32).toString('base64')
    const store = { url: 'memory:', encryptionKeys: [key] }
    await start({ store })
    const { url, id } = await server.link((await recorded('3c9e1a70-0000-4000-8000-00000000abcd')).id)
    const token = url.slice(url.lastIndexOf('/'))
    await server.close()

    // The same link at other processes: one that is the same but for its port, one where the account belongs to others, one with another key.
    const tried: [RecordingServerOptions, number][] = [
      [{ store }, 200],
      [{ store, workspace: 'others' }, 404],
      [{ store: { url: 'memory:', encryptionKeys: [randomBytes(32).toString('base64')] } }, 404],
      [{}, 404],
    ]
    for (const [index, [options, status]] of tried.entries()) {
      await start(options)
      await recorded(parseGlobalId(id)!.native)
      expect((await ask(`${server.url}/recordings${token}`)).status).toBe(status)
      expect(recordingRequests()).toHaveLength(status === 200 ? 1 : 0)
      if (index < tried.length - 1) await server.close()
    }
  })

  test('is one to a recording the provider has no more', async () => {
    await start()
    const { id, uuid } = await recorded()
    const { url } = await server.link(id)
    server.bulutfon.changeCall(uuid, { recording: 'removed' })
    const answer = await ask(url)
    expect([answer.status, codeIn(answer.body)]).toEqual([404, 'NOT_FOUND'])
    expect(recordingRequests()).toHaveLength(1)
  })
})

describe('what a browser does with it', () => {
  test('is what the link says', async () => {
    await start()
    const { id, uuid } = await recorded()
    const { url } = await server.link(id, 'link(disposition: ATTACHMENT)')
    expect((await ask(url)).headers['content-disposition']).toBe(`attachment; filename="${uuid}.ogg"`)
  })
})

describe('a login that runs out', () => {
  test('between two parts is replaced once, unseen', async () => {
    await start()
    const { id, body } = await recorded()
    const { url } = await server.link(id, 'link(expiresInSeconds: 300)')
    const one = await ask(url, { headers: { range: 'bytes=0-999' } })
    server.bulutfon.revokeAccessTokens()
    server.bulutfon.journal.clear()
    const two = await ask(url, { headers: { range: 'bytes=1000-' } })
    expect(Buffer.concat([one.body, two.body]).equals(body)).toBe(true)
    expect(server.bulutfon.journal.tokenRequests).toHaveLength(1)
    expect(recordingRequests().map(({ status }) => status)).toEqual([401, 206])
  })

  test.each([200, 400, 401, 403, 'reason-phrase'] as const)(
    'and is told so by JSON with status %s is replaced before a byte goes out',
    async (expiredStatus) => {
      await start({ knobs: { expiredStatus } })
      const { id, sha256 } = await recorded()
      const { url } = await server.link(id)
      server.bulutfon.expireAccessTokens()
      const answer = await ask(url)
      expect({ status: answer.status, sha256: answer.sha256 }).toEqual({ status: 200, sha256 })
      expect(answer.headers['content-type']).toBe('audio/ogg')
      expect(recordingRequests()).toHaveLength(2)
    },
  )

  test('for good says what a person must do', async () => {
    await start()
    const { url } = await server.link((await recorded()).id)
    server.bulutfon.revokeGrants()
    const answer = await ask(url)
    expect([answer.status, codeIn(answer.body)]).toEqual([502, 'REAUTHORIZATION_REQUIRED'])
  })
})

describe('every way to log in', () => {
  test.each([
    ['izmir', (query: Readonly<Record<string, string>>) => Object.keys(query)],
    ['called', (query: Readonly<Record<string, string>>) => Object.keys(query)],
  ])('of %s reaches the recording', async (account, keys) => {
    await start()
    const { uuid, sha256 } = await recorded()
    const { url } = await server.link(globalId('CallRecord', account, uuid))
    expect((await ask(url)).sha256).toBe(sha256)
    expect(keys(recordingRequests()[0]!.query)).toEqual(account === 'izmir' ? ['access_token'] : ['email', 'password'])
  })

  test('by master token shows the provider a hash that opens this recording alone', async () => {
    await start()
    const { uuid, sha256 } = await recorded()
    const { url } = await server.link(globalId('CallRecord', 'master', uuid))
    expect((await ask(url, { headers: { range: 'bytes=0-' } })).sha256).toBe(sha256)
    const [{ query, account }] = recordingRequests() as [ReturnType<typeof recordingRequests>[number]]
    expect(account).toBe('company')
    expect(query['access_token']).toMatch(/^[0-9a-f]{40}$/)
    expect(query['access_token']).not.toBe(masterToken())
  })

  test('carries the token of its own account only', async () => {
    await start()
    const [ours, theirs] = [await recorded(), await recorded(randomUUID(), 'other')]
    const one = await server.link(globalId('CallRecord', 'izmir', ours.uuid))
    const two = await server.link(globalId('CallRecord', 'stranger', theirs.uuid))
    server.bulutfon.journal.clear()
    await Promise.all([ask(one.url), ask(two.url)])
    const who = Object.fromEntries(recordingRequests().map(({ path, account }) => [path.split('/')[2], account]))
    expect(who).toEqual({ [ours.uuid]: 'company', [theirs.uuid]: 'other' })
  })
})

describe('at IPEX', () => {
  test('a recording is found by the name of its file and served with its parts', async () => {
    await start()
    const at = Date.now() - 120_000
    const { linkedid } = server.ipex.addCall({
      startedAt: at,
      answeredAt: at + 1_000,
      endedAt: at + 61_000,
      outcome: 'answered',
      recording: 'yes',
    })
    const { url } = await server.link(globalId('CallRecord', 'praha', linkedid))
    const whole = await ask(url)
    expect(whole.status).toBe(200)
    expect(whole.headers['content-type']).toBe('audio/mpeg')
    expect(whole.headers['content-disposition']).toMatch(/^inline; filename="[\w.-]+\.mp3"$/)
    expect(whole.body.toString('latin1', 0, 3)).toBe('ID3')
    const part = await ask(url, { headers: { range: 'bytes=100-299' } })
    expect([part.status, part.headers['content-type']]).toEqual([206, 'audio/mpeg'])
    expect(part.body.equals(whole.body.subarray(100, 300))).toBe(true)
    server.ipex.expireAccessTokens()
    expect((await ask(url)).sha256).toBe(whole.sha256)
    const asked = server.ipex.journal.apiRequests.filter(({ path }) => /\/recordings\//.test(path))
    expect(asked.map(({ status }) => status)).toEqual([200, 206, 401, 200])
    expect(asked[0]!.headers['accept-encoding']).toBe('identity')
  })
})

test('no secret is in any header, body or line of the log', async () => {
  await start({ knobs: { accessTokenSeconds: 7200 } })
  const { id, uuid } = await recorded()
  const links = await Promise.all(
    ['izmir', 'master', 'called'].map((account) => server.link(globalId('CallRecord', account, uuid))),
  )
  const shown: string[] = []
  const note = async (url: string, options = {}) => {
    const { headers, body } = await ask(url, options)
    shown.push(JSON.stringify(headers), body.toString('latin1'))
  }
  for (const { url } of links) {
    await note(url)
    await note(url, { headers: { range: 'bytes=10-20' } })
    for (const status of [400, 403, 404, 500, 503]) {
      server.bulutfon.faults.next({ path: /call-records/, status, body: `{"error":"${masterToken()}"}` })
      await note(url)
    }
  }
  server.bulutfon.expireAccessTokens()
  await note((await server.link(id)).url)
  const hashes = recordingRequests().map(({ query }) => query['access_token'] ?? '')
  const text = [...shown, ...links.map(({ url }) => url), server.logText()].join('\n')
  for (const secret of [...server.bulutfon.secrets(), ...hashes]) {
    if (secret === '') continue
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ]) {
      expect(text.includes(spelling)).toBe(false)
    }
  }
})
