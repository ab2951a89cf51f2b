import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { ServiceUnavailable } from '../../../src/errors.js'
import type { CallFact } from '../../../src/providers/live.js'
import type { ReceiveFacts } from '../../../src/server/webhooks/route.js'
import { send, type RawRequest } from '../web/raw-request.js'
import { deliver, FORM_TYPE, JSON_TYPE, KEYS, RING, startHooked, type HookedServer } from './hooked.js'

const PASSWORD = 'canary-55f0'
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const NUMBER = '+905550001122'

let server: HookedServer
let open: string
let guarded: string
const received: { key: string; facts: readonly CallFact[] }[] = []
const store: ReceiveFacts = async ({ key }, facts) => {
  received.push({ key, facts })
  return { added: facts.length, repeated: 0 }
}
let receive = store

beforeAll(async () => {
  server = await startHooked({
    accounts: [
      { id: 'open', live: { webhook: true } },
      { id: 'guarded', live: { webhook: true, basic: { username: 'hook', password: PASSWORD } } },
      { id: 'renamed', live: { webhook: true, keys: { Event: 'what', From: 'caller' } } },
      { id: 'closed' },
      { id: 'deaf', provider: 'acme' },
    ],
    encryptionKeys: KEYS.slice(0, 1),
    receive: (account, facts) => receive(account, facts),
  })
  open = (await server.address('open'))!
  guarded = (await server.address('guarded'))!
})
const others: HookedServer[] = []
afterAll(() => Promise.all([server, ...others].map((one) => one.close())))
afterEach(() => {
  receive = store
  received.length = 0
})

const targetOf = (rawNumber: string) => ({ kind: 'ExternalNumber', number: null, rawNumber })
const tokenIn = (address: string) => address.split('/').at(-1)!
const countsOf = async (key: string) => {
  const { data } = await server.query(
    `{ account(key: "${key}") { webhook { accepted duplicates refused unknown lastReceivedAt } } }`,
  )
  return (data['account'] as { webhook: Record<string, number | string | null> }).webhook
}

describe('an address', () => {
  test('is that of the account, with 32 bytes in base64url', () => {
    expect(open).toMatch(new RegExp(`^${server.url}/webhooks/open/[\\w-]{43}$`))
  })

  test('that is wrong has the one answer of an address that leads nowhere', async () => {
    const token = tokenIn(open)
    const other = token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    // The same bytes, as a decoder that forgives would read them.
    const loose = token.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))
    const answers = await Promise.all(
      [
        `open/${other}`,
        `open/${loose}`,
        `open/${token}=`,
        `open/${token}/`,
        `open/${token}/x`,
        `open/%20${token}`,
        `open/${token.slice(1)}`,
        `open/${'A'.repeat(1_000)}`,
        `OPEN/${token}`,
        'open/',
        'open',
        '',
        `closed/${token}`,
        `guarded/${token}`,
        `deaf/${token}`,
        `nobody/${token}`,
        `__proto__/${token}`,
        `/${token}`,
      ].flatMap((path) =>
        [RING, 'no json', 'x'.repeat(100_000)].map(async (body) => {
          const answer = await deliver(`${server.url}/webhooks/${path}`, body, { ...JSON_TYPE, 'x-request-id': 'r' })
          const headers = [...answer.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))
          return { path, status: answer.status, headers, text: await answer.text() }
        }),
      ),
    )
    const [first] = answers
    expect(first).toMatchObject({ status: 404, text: expect.stringContaining('"code":"NOT_FOUND"') })
    for (const answer of answers) expect(answer).toEqual({ ...first, path: answer.path })
    expect(received).toEqual([])
  })

  test('is judged before the method, the password, the origin and the body', async () => {
    const wrong = `/webhooks/guarded/${tokenIn(open)}`
    const requests: readonly RawRequest[] = [
      { method: 'GET' },
      { method: 'PUT', body: 'x' },
      { method: 'OPTIONS' },
      { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } },
      { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain; charset=iso-8859-9' } },
      { method: 'POST', body: 'x', headers: { origin: 'https://evil.example' } },
      { method: 'POST', body: RING, headers: basic('hook:wrong') },
    ]
    for (const request of requests)
      expect([request, (await send(server.url, { path: wrong, ...request })).status]).toEqual([request, 404])
  })
})

describe('an answer', () => {
  const form = 'Event=ring&Call=c1'
  test.each<[string, number, string | Uint8Array, Record<string, string>]>([
    ['JSON', 204, RING, JSON_TYPE],
    ['JSON with a charset', 204, RING, { 'content-type': 'application/json; charset=utf-8' }],
    ['JSON with a quoted charset, in capitals', 204, RING, { 'content-type': 'Application/JSON;charset="UTF-8"' }],
    ['a type built on JSON', 204, RING, { 'content-type': 'application/vnd.acme.event+json' }],
    ['JSON after a byte order mark', 204, `\ufeff${RING}`, JSON_TYPE],
    ['a form', 204, form, FORM_TYPE],
    ['a form with a charset', 204, form, { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }],
    ['JSON without a type', 204, `\r\n ${RING}`, {}],
    ['a form without a type', 204, form, {}],
    ['an event about no call', 204, '{"Event":"agent"}', JSON_TYPE],
    ['an unknown event', 204, '{"Event":"dance"}', JSON_TYPE],
    ['an event without a name', 204, '{"x":1}', JSON_TYPE],
    ['exactly 64 KiB', 204, RING.padEnd(65_536), JSON_TYPE],
    ['more than 64 KiB', 413, RING.padEnd(65_537), JSON_TYPE],
    ['plain text', 415, RING, { 'content-type': 'text/plain' }],
    ['XML', 415, '<Event>ring</Event>', { 'content-type': 'application/xml' }],
    ['a form of files', 415, form, { 'content-type': 'multipart/form-data; boundary=x' }],
    ['a type that is none', 415, RING, { 'content-type': 'json' }],
    ['another charset', 415, RING, { 'content-type': 'application/json; charset=iso-8859-9' }],
    ['a compressed body', 415, RING, { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ['broken JSON', 400, '{"Event":', JSON_TYPE],
    ['broken JSON without a type', 400, '{"Event":', {}],
    ['a list', 400, `[${RING}]`, JSON_TYPE],
    ['a list without a type', 400, `[${RING}]`, {}],
    ['null', 400, 'null', JSON_TYPE],
    ['a text', 400, '"ring"', JSON_TYPE],
    ['a number', 400, '7', JSON_TYPE],
    ['nothing', 400, '', JSON_TYPE],
    ['nothing without a type', 400, '', {}],
    ['white space', 400, ' \n', FORM_TYPE],
    ['a form that is none', 400, 'ring', FORM_TYPE],
    ['text without a type', 400, 'ring', {}],
    ['other bytes than UTF-8', 400, Buffer.from([0x7b, 0xff, 0x7d]), JSON_TYPE],
    ['too many levels', 400, `{"Event":"ring","Call":"c","x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, JSON_TYPE],
    ['an event that names no call', 400, '{"Event":"ring"}', JSON_TYPE],
  ])('to %s is %d', async (_what, status, body, headers) => {
    const answer = await deliver(open, body, headers)
    const text = await answer.text()
    expect({ status: answer.status, text }).toEqual({
      status,
      text: status === 204 ? '' : expect.stringContaining('"code":"BAD_USER_INPUT"'),
    })
    expect(text).not.toContain(tokenIn(open))
  })

  test('to a body that does not say how long it is comes at 64 KiB', async () => {
    const chunk = Buffer.alloc(16_384, ' ')
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
    const status = await deliver(open, endless, JSON_TYPE).then(
      (answer) => answer.status,
      // The connection is closed on what is still being sent.
      () => 413,
    )
    expect(status).toBe(413)
    expect(await server.lines('webhook', 1)).toContainEqual(expect.objectContaining({ status: 413 }))
  })

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('to %s is 405, with the way in', async (method) => {
    const answer = await send(server.url, { method, path: new URL(guarded).pathname })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test.each<[string, number, Record<string, string>]>([
    ['the right password', 204, basic(`hook:${PASSWORD}`)],
    [
      'the right password and a scheme in small letters',
      204,
      {
        authorization: basic(`hook:${PASSWORD}`).authorization.replace('Basic', 'basic'),
      },
    ],
    ['no password', 401, {}],
    ['a wrong password', 401, basic('hook:wrong')],
    ['a wrong name', 401, basic(`Hook:${PASSWORD}`)],
    ['the password alone', 401, basic(PASSWORD)],
    ['more than the password', 401, basic(`hook:${PASSWORD}:x`)],
    ['nothing after the scheme', 401, { authorization: 'Basic ' }],
    ['another scheme', 401, { authorization: `Bearer ${PASSWORD}` }],
  ])('to a delivery with %s is %d', async (_what, status, headers) => {
    const answer = await deliver(guarded, RING, { ...JSON_TYPE, ...headers })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('www-authenticate')).toBe(
      status === 401 ? 'Basic realm="webhooks", charset="UTF-8"' : null,
    )
    expect(received).toHaveLength(status === 204 ? 1 : 0)
    expect(await answer.text()).not.toContain(PASSWORD)
  })

  test('does not depend on the origin, and lets no page read it', async () => {
    const request = { method: 'POST', body: RING, headers: { ...JSON_TYPE, origin: 'https://panel.example' } }
    const answer = await send(server.url, { path: new URL(open).pathname, ...request })
    expect(answer.status).toBe(204)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('is 500 to a defect of ours, which is logged without its message', async () => {
    expect((await deliver(open, '{"Event":"broken"}', JSON_TYPE)).status).toBe(500)
    const [defect] = await server.lines('defect', 1)
    expect(defect).toMatchObject({ error: 'TypeError' })
  })
})

describe('204', () => {
  test('is said once the event is stored, and not before', async () => {
    let stored = () => {}
    receive = () => new Promise((resolve) => (stored = () => resolve({ added: 1, repeated: 0 })))
    let answered = false
    const answer = deliver(open, RING, JSON_TYPE).finally(() => (answered = true))
    while (String(stored) === '() => {}') await new Promise((resolve) => setImmediate(resolve))
    // Several round trips later it is still not said.
    for (let trip = 0; trip < 10; trip += 1) await fetch(`${server.url}/healthz`)
    expect(answered).toBe(false)
    stored()
    expect((await answer).status).toBe(204)
  })

  test.each([
    ['the store is down', new Error(`connection refused ${NUMBER}`)],
    ['this server cannot store now', new ServiceUnavailable('not now')],
  ])('is 503 with a time to come again when %s', async (_what, error) => {
    const before = (await countsOf('open'))['refused'] as number
    receive = () => Promise.reject(error)
    const answer = await deliver(open, RING, JSON_TYPE)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await answer.text()).not.toContain(NUMBER)
    expect((await countsOf('open'))['refused']).toBe(before + 1)
    receive = store
    expect((await deliver(open, RING, JSON_TYPE)).status).toBe(204)
  })
})

describe('the body', () => {
  const factsOf = async (body: string, headers: Record<string, string>, address = open) => {
    expect((await deliver(address, body, headers)).status).toBe(204)
    return received.at(-1)
  }

  test('becomes the facts of its account alone', async () => {
    const body = JSON.stringify({ Event: 'ring', Call: 'c7', From: '101', account: 'guarded', accountKey: 'guarded' })
    const facts = [expect.objectContaining({ callId: 'c7', nativeType: 'ring', targetRef: targetOf('101') })]
    expect(await factsOf(body, JSON_TYPE)).toEqual({ key: 'open', facts })
    expect(await factsOf('Event=ring&Call=c7&From=101', FORM_TYPE)).toEqual({ key: 'open', facts })
  })

  test('is read by the names that the account was given', async () => {
    const address = (await server.address('renamed'))!
    expect(await factsOf('what=ring&Call=c8&caller=102', FORM_TYPE, address)).toMatchObject({
      key: 'renamed',
      facts: [{ callId: 'c8', targetRef: targetOf('102') }],
    })
  })

  test('with a name twice says neither of two values, and one value once', async () => {
    expect((await factsOf('Event=ring&Call=c9&From=1&From=2', FORM_TYPE))!.facts[0]!.targetRef).toBeNull()
    expect((await factsOf('Event=ring&Call=c9&From=1&From=1', FORM_TYPE))!.facts[0]!.targetRef).toEqual(targetOf('1'))
  })

  test('may have the name of what every object has', async () => {
    const body = '{"__proto__":{"Event":"agent"},"constructor":{"prototype":1},"Event":"ring","Call":"c"}'
    expect((await factsOf(body, JSON_TYPE))!.facts).toHaveLength(1)
    expect((await factsOf('__proto__=x&Event=ring&Call=c', FORM_TYPE))!.facts).toHaveLength(1)
  })
})

test('counts what became of each delivery, for the account and in /metrics', async () => {
  const now = Date.parse('2026-03-04T05:06:07.008Z')
  let answer = { added: 1, repeated: 0 }
  const other = await startHooked({
    accounts: [
      { id: 'open', live: { webhook: true } },
      { id: 'quiet', live: { webhook: true } },
    ],
    receive: async () => answer,
    now: () => now,
  })
  others.push(other)
  const address = (await other.address('open'))!
  for (const outcome of [
    { added: 1, repeated: 1 },
    { added: 0, repeated: 2 },
    { added: 0, repeated: 0 },
  ]) {
    answer = outcome
    await deliver(address, RING, JSON_TYPE)
  }
  await deliver(address, '{"Event":"agent"}', JSON_TYPE)
  await deliver(address, '{"Event":"dance"}', JSON_TYPE)
  await deliver(address, '{', JSON_TYPE)
  await deliver(address, '<x/>', { 'content-type': 'text/xml' })
  await deliver(`${address}x`, RING, JSON_TYPE)
  const COUNTS = 'webhook { username lastReceivedAt accepted duplicates refused unknown }'
  const { data } = await other.query(
    `{ open: account(key: "open") { ${COUNTS} } quiet: account(key: "quiet") { ${COUNTS} } }`,
  )
  expect(data).toEqual({
    open: {
      webhook: {
        ...{ username: null, lastReceivedAt: '2026-03-04T05:06:07.008Z' },
        ...{ accepted: 3, duplicates: 1, refused: 2, unknown: 1 },
      },
    },
    quiet: {
      webhook: { username: null, lastReceivedAt: null, accepted: 0, duplicates: 0, refused: 0, unknown: 0 },
    },
  })
  const metrics = await (await fetch(`${other.url}/metrics`)).text()
  expect(metrics.match(/^dialgraph_webhook_deliveries_total.*$/gm)).toEqual([
    'dialgraph_webhook_deliveries_total{provider="hooked",result="accepted"} 3',
    'dialgraph_webhook_deliveries_total{provider="hooked",result="duplicate"} 1',
    'dialgraph_webhook_deliveries_total{provider="hooked",result="unknown"} 1',
    'dialgraph_webhook_deliveries_total{provider="hooked",result="refused"} 2',
  ])
  expect(metrics).toContain('dialgraph_requests_total{route="/webhooks/*",method="POST",status="404"} 1')
  expect(metrics).not.toContain(tokenIn(address))
})

describe('the log', () => {
  test('has one line for each delivery, which names neither the token nor a number', async () => {
    receive = async () => ({ added: 1, repeated: 2 })
    const body = JSON.stringify({ Event: 'ring', Call: NUMBER, From: NUMBER })
    await deliver(open, body, { ...JSON_TYPE, 'x-request-id': 'delivery-1' })
    await deliver(open, JSON.stringify({ Event: `call${NUMBER}` }), { ...JSON_TYPE, 'x-request-id': 'delivery-2' })
    await deliver(guarded, RING, { ...basic(`hook:${PASSWORD}x`), 'x-request-id': 'delivery-3' })
    await deliver(`${open}x`, RING, { 'x-request-id': 'delivery-4' })
    const lines = await server.lines('webhook', 3, /^delivery/)
    const common = { level: 'info', msg: 'webhook', time: expect.any(String), durationMs: expect.any(Number) }
    expect(lines).toEqual([
      { ...common, requestId: 'delivery-1', account: 'open', status: 204, event: 'ring', added: 1, repeated: 2 },
      { ...common, requestId: 'delivery-2', account: 'open', status: 204, event: null, added: 0, repeated: 0 },
      { ...common, requestId: 'delivery-3', account: 'guarded', status: 401, event: null, added: 0, repeated: 0 },
    ])
    const log = server.logLines.join('')
    for (const secret of [tokenIn(open), tokenIn(guarded), NUMBER, NUMBER.slice(1), PASSWORD])
      expect(log).not.toContain(secret)
  })

  test('tells of an unknown event once', async () => {
    for (const event of ['waltz', 'waltz', 'tango', `${NUMBER}a`, `${NUMBER}b`])
      await deliver(open, JSON.stringify({ Event: event }), JSON_TYPE)
    const told = server.logLines.filter((line) => /waltz|tango|cannot be shown/.test(line) && line.includes('"warn"'))
    expect(told.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      expect.stringContaining('whose name cannot be shown'),
      'Hooked delivers the event waltz, which is not known here',
      'Hooked delivers the event tango, which is not known here',
    ])
  })

  test('is not flooded by somebody who makes up names', async () => {
    for (let one = 0; one < 150; one += 1) await deliver(open, JSON.stringify({ Event: `made_up_${one}` }), JSON_TYPE)
    const told = server.logLines.filter((line) => line.includes('which is not known here'))
    expect(told.length).toBeLessThanOrEqual(100)
  })
})

test('more deliveries than can be stored at once are put off, and those of other accounts are not', async () => {
  const waiting: (() => void)[] = []
  receive = ({ key }) =>
    key === 'open'
      ? new Promise((resolve) => waiting.push(() => resolve({ added: 1, repeated: 0 })))
      : Promise.resolve({ added: 1, repeated: 0 })
  const statuses: number[] = []
  const flood = Array.from({ length: 80 }, async () => statuses.push((await deliver(open, RING, JSON_TYPE)).status))
  while (statuses.length < 16) await new Promise((resolve) => setImmediate(resolve))
  expect(statuses).toEqual(Array(16).fill(503))
  expect(waiting).toHaveLength(4)
  expect((await deliver(guarded, RING, { ...JSON_TYPE, ...basic(`hook:${PASSWORD}`) })).status).toBe(204)
  expect((await server.query('{ viewer { workspace } }')).status).toBe(200)
  while (statuses.length < 80) {
    for (const done of waiting.splice(0)) done()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(flood)
  expect(statuses.filter((status) => status === 204)).toHaveLength(64)
})
