import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { startHarness, type Harness } from '../../sandbox/harness.js'
import { send } from './raw-request.js'

const APP = 'https://app.example.com'
/** Asks the provider, so that the journal shows whether it was executed. */
const QUERY = '{ accounts { nodes { profile { plan } } } }'
type Headers = Readonly<Record<string, string>>

const MUTATION = 'mutation { accountUnlink(input: { accountId: "QWNjb3VudDppem1pcg" }) { unlinkedAccountId } }'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/masterToken' },
    config: { server: { cors: { origins: [APP] } } },
  })
})
afterEach(() => harness.clear())
afterAll(() => harness.close())

const get = (headers: Headers, query = QUERY, method = 'GET') =>
  send(harness.url, { method, path: `/graphql?${new URLSearchParams({ query })}`, headers })

describe('a GET that a page of another site could send is not executed:', () => {
  test.each<readonly [string, Headers]>([
    ['no header', {}],
    ['a session of the browser', { cookie: 'session=1; dialgraph-connect=x' }],
    ['a credential that the browser adds by itself', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a scheme without a credential', { authorization: 'Bearer ' }],
    ['what it accepts', { accept: 'application/graphql-response+json', 'accept-language': 'tr' }],
    ['text/plain', { 'content-type': 'text/plain' }],
    ['text/plain that names JSON', { 'content-type': 'text/plain; application/json' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form in parts', { 'content-type': 'multipart/form-data; boundary=application/json' }],
    ['a media type that is nearly JSON', { 'content-type': 'application/jsonp' }],
    ['another media type', { 'content-type': 'application/graphql' }],
    ['two media types', { 'content-type': 'text/plain, application/json' }],
    ['a media type that is none', { 'content-type': '; application/json' }],
    ['an empty media type', { 'content-type': '' }],
    ['an empty header of a client', { 'apollo-require-preflight': '' }],
    [
      'headers that a proxy adds',
      { via: '1.1 x', 'x-forwarded-for': '10.0.0.1', 'x-request-id': 'x', traceparent: 'x' },
    ],
    ['a range', { range: 'bytes=0-' }],
    ['another origin', { origin: 'https://evil.com' }],
    ['no origin of its own', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['another origin of the site', { 'sec-fetch-site': 'same-site' }],
    ['a person who typed or followed it', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ])('%s', async (_name, headers) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await get(headers, QUERY, method)
      expect({ status: answer.status, data: answer.text.includes('"data"') }).toEqual({ status: 400, data: false })
      if (method === 'GET') expect(answer.codes).toEqual(['CSRF_PREVENTED'])
    }
    expect(harness.requests()).toEqual([])
  })

  test('and is told what to send', async () => {
    const { text } = await get({})
    for (const proof of ['authorization: Bearer', 'content-type: application/json', 'apollo-require-preflight'])
      expect(text).toContain(proof)
  })
})

describe('a POST that a form could send is not executed:', () => {
  test.each([
    ['text/plain', JSON.stringify({ query: QUERY })],
    ['text/plain; application/json', JSON.stringify({ query: QUERY })],
    ['application/x-www-form-urlencoded', new URLSearchParams({ query: QUERY }).toString()],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${QUERY}\r\n--x--\r\n`,
    ],
    ['; application/json', JSON.stringify({ query: QUERY })],
    ['application/jsonp', JSON.stringify({ query: QUERY })],
    ['', JSON.stringify({ query: QUERY })],
  ])('%s', async (type, body) => {
    const path = `/graphql?${new URLSearchParams({ query: QUERY })}`
    const origins: readonly Headers[] = [{}, { origin: APP }, { origin: 'https://evil.com' }, { origin: 'null' }]
    for (const origin of origins) {
      const headers = { 'content-type': type, cookie: 'session=1', ...origin }
      const { status } = await send(harness.url, { method: 'POST', path, headers, body })
      expect([400, 403, 415]).toContain(status)
    }
    expect(harness.requests()).toEqual([])
  })
})

describe('a GET is executed that shows it was meant, by', () => {
  test.each<readonly [string, Headers]>([
    ['a bearer credential', { authorization: 'Bearer my-key' }],
    ['the media type of JSON', { 'content-type': 'application/json; charset=utf-8' }],
    ['a header of Apollo', { 'apollo-require-preflight': 'true' }],
    ['a header of other gateways', { 'graphql-require-preflight': '1' }],
    ['the name of the operation', { 'x-apollo-operation-name': 'Plan' }],
    ['the name of the client', { 'apollographql-client-name': 'wallboard' }],
    ['the wish to know what it costs', { 'x-dialgraph-explain': '1' }],
    ['a listed origin', { origin: APP }],
    ['a page of our own', { 'sec-fetch-site': 'same-origin' }],
  ])('%s', async (_name, headers) => {
    expect((await get(headers)).text).toContain('ENTERPRISE')
    expect(harness.requests()).toHaveLength(1)
  })
})

test('a mutation is not executed by GET, whatever comes with it', async () => {
  const proofs: readonly Headers[] = [
    { authorization: 'Bearer my-key' },
    { origin: APP },
    { 'sec-fetch-site': 'same-origin' },
  ]
  for (const headers of proofs) {
    const answer = await get(headers, MUTATION)
    expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
  }
  expect(harness.requests()).toEqual([])
})
