import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { HOSTILE_DOCUMENTS, aliases, directives, sameFieldAtRoot } from '../support/hostile-documents.js'
import { startHarness, type Harness } from './harness.js'

/** As it stands on the internet: nothing may be explored. */
let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ config: { server: { explore: false } } })
})
beforeEach(() => harness.clear())
afterAll(() => harness.close())

interface Told {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly codes: readonly string[]
  readonly data: unknown
}

async function ask(path: string, init: RequestInit = {}): Promise<Told> {
  const response = await fetch(`${harness.url}${path}`, { redirect: 'manual', ...init })
  const text = await response.text()
  expect(response.headers.get('content-type') ?? '').toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/)
  const { data, errors = [] } = JSON.parse(text) as {
    data?: unknown
    errors?: { extensions: { code: string } }[]
  }
  const codes = errors.map(({ extensions }) => extensions.code)
  return { status: response.status, headers: response.headers, text, codes, data }
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const got = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  ask(`/graphql?${new URLSearchParams(parameters)}`, { headers })

const ASKED_FIRST = { 'apollo-require-preflight': '1' }

/** What a refused request costs: nothing beyond this server. */
const expectNothingAsked = () => expect([harness.requests(), harness.tokenRequests()]).toEqual([[], {}])

describe('a hostile document', () => {
  test.each(Object.entries(HOSTILE_DOCUMENTS))(
    'of %s is refused, in JSON, and no provider is asked',
    async (_, query) => {
      const { status, codes } = await post({ query })
      expect(status).toBe(400)
      expect(codes.length).toBeGreaterThan(0)
      for (const code of codes) expect(['OPERATION_TOO_COMPLEX', 'GRAPHQL_VALIDATION_FAILED']).toContain(code)
      expectNothingAsked()
    },
  )

  test('that is too long says so as one that is too complex, without the limit', async () => {
    const { text, codes } = await post({ query: HOSTILE_DOCUMENTS['forty thousand times the same field'] })
    expect(codes).toEqual(['OPERATION_TOO_COMPLEX'])
    expect(text).toContain('its document is too long')
    expect(text).not.toMatch(/2[ ,]?000/)
  })

  test('that asks for a thousand million objects, or for everything of everything, is refused by what it would cost', async () => {
    for (const query of [
      '{ extensions(first: 1000000000) { nodes { number } } }',
      '{ extensions(first: 100) { nodes { callRecords(first: 100) { nodes { legs { action } } } } } }',
      '{ groups { nodes { members { nodes { ... on Extension { groups { nodes { members { nodes { ... on Extension { dids { nodes { number } } } } } } } } } } } } }',
    ]) {
      const { status, codes, text } = await post({ query })
      expect([status, codes]).toEqual([400, ['OPERATION_TOO_COMPLEX']])
      expect(text).not.toMatch(/limits\.|\b(200|20000)\b/)
    }
    expectNothingAsked()
  })
})

describe('of the probes of graphql-cop none succeeds:', () => {
  test('alias overloading', async () => {
    expect((await post({ query: aliases(100) })).codes).toEqual(['OPERATION_TOO_COMPLEX'])
  })

  test('array-based batching', async () => {
    const { status, data } = await post(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })))
    expect([status, data]).toEqual([400, undefined])
  })

  test('directive overloading', async () => {
    expect((await post({ query: directives(100) })).codes).toEqual(['OPERATION_TOO_COMPLEX'])
    const { status } = await post({ query: `{ __typename ${'@aa'.repeat(10)} }` })
    expect(status).toBe(400)
  })

  test('circular introspection', async () => {
    const query = '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }'
    const { status, text } = await post({ query })
    expect(status).toBe(400)
    expect(text).not.toContain('Query')
  })

  test('field duplication', async () => {
    expect((await post({ query: sameFieldAtRoot(500) })).codes).toEqual(['OPERATION_TOO_COMPLEX'])
  })

  test('field suggestions', async () => {
    const { status, text } = await post({ query: '{ viewr { name } acounts { nods { id } } }' })
    expect(status).toBe(400)
    expect(text).not.toMatch(/did you mean|viewer|accounts/i)
  })

  test('GET method query support, without what makes a browser ask first', async () => {
    const { status, data } = await got({ query: '{ __typename }' })
    expect([status, data]).toEqual([400, undefined])
  })

  test('mutation over GET', async () => {
    const query = 'mutation { accountUnlink(input: { accountId: "x" }) { unlinkedAccountId } }'
    expect((await got({ query })).status).toBe(400)
    const { status, headers } = await got({ query }, ASKED_FIRST)
    expect([status, headers.get('allow')]).toEqual([405, 'POST'])
  })

  test.each(['/graphql', '/graphiql', '/playground', '/console', '/', '/explorer/'])(
    'a console for people at %s',
    async (path) => {
      const response = await fetch(`${harness.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } })
      const page = await response.text()
      expect([400, 404, 302]).toContain(response.status)
      expect(page).not.toMatch(/<html|graphiql|playground/i)
    },
  )

  test('introspection', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ a: __type(name: "Account") { b: name fields { name } } }',
      '{ ...F } fragment F on Query { __schema { queryType { name } } }',
      '{ ... on Query { ... { __type(name: "Query") { kind } } } }',
      'query A { __typename } query B { __schema { description } }',
    ]) {
      const { status, text, data } = await post({ query, operationName: query.startsWith('query A') ? 'B' : undefined })
      expect([status, data]).toEqual([400, undefined])
      expect(text).toContain('This server does not tell its schema.')
    }
  })

  test('POST with a form', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      const body = type.startsWith('multipart')
        ? '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }"}\r\n--x--\r\n'
        : new URLSearchParams({ query: '{ __typename }' }).toString()
      const { status, data } = await post(body, { 'content-type': type })
      expect([status, data]).toEqual([415, undefined])
    }
  })

  test('trace mode', async () => {
    const { text } = await post(
      { query: '{ __typename }' },
      { 'apollo-federation-include-trace': 'ftv1', 'x-apollo-tracing': '1' },
    )
    expect(JSON.parse(text)).toEqual({ data: { __typename: 'Query' } })
  })

  test('unhandled errors', async () => {
    for (const query of [
      'qwerty cop { abc }',
      '{',
      'subscription { a }',
      'query { viewer { name } } query { viewer { name } }',
    ]) {
      const { status, text } = await post({ query })
      expect(status).toBe(400)
      expect(text).not.toMatch(/stacktrace|exception|\bat .*\.[jt]s:\d|node_modules/i)
    }
  })
})

test('of logins tried out in one operation, by aliases, only the first is tried', async () => {
  const attempt = (at: number) =>
    `a${at}: accountLink(input: { provider: "postacell", key: "try-${at}", label: "Try", flow: JWT_LOGIN, credentials: { username: "someone", password: "guess-${at}" }, urls: { api: "${harness.emulators.postacell.url}/api" } }) { userErrors { code } }`
  await post({ query: `mutation { ${[1, 2, 3, 4, 5].map(attempt).join(' ')} }` })
  expect(harness.tokenRequests()).toEqual({ postacell: 1 })
})

describe('a page of another site', () => {
  const query = '{ viewer { name } }'

  test('cannot ask by any request that a browser sends without asking first', async () => {
    const simple = [
      'text/plain',
      'text/plain; charset=utf-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]
    for (const type of simple) {
      expect((await post(JSON.stringify({ query }), { 'content-type': type, cookie: 'a=b' })).data).toBeUndefined()
      expect(
        (await ask(`/graphql?${new URLSearchParams({ query })}`, { headers: { 'content-type': type, cookie: 'a=b' } }))
          .data,
      ).toBeUndefined()
    }
    expect((await got({ query }, { cookie: 'a=b' })).data).toBeUndefined()
    // A body without a type is what a beacon may send.
    const bare = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(JSON.stringify({ query }))),
    })
    expect([400, 415]).toContain(bare.status)
    expectNothingAsked()
  })

  test.each(['null', 'https://evil.example', 'http://localhost:3000', 'http://127.0.0.1.evil.example', 'file://', '*'])(
    'of the origin %s is not told that it may read an answer',
    async (origin) => {
      const response = await fetch(`${harness.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      })
      expect(response.status).toBe(403)
      const { headers, status, codes } = await post({ query }, { origin })
      expect([status, codes]).toEqual([403, ['CSRF_PREVENTED']])
      for (const one of [headers, response.headers]) {
        expect([...one.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
      }
      const page = await fetch(`${harness.url}/readyz`, { headers: { origin } })
      expect(page.headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  test('cannot subscribe to one answer, and neither can anyone else', async () => {
    expect((await got({ query: 'subscription { callEvents { id } }' }, ASKED_FIRST)).status).toBe(406)
    const { status, codes } = await post({ query: 'subscription { callEvents { id } }' })
    expect([status, codes]).toEqual([406, ['BAD_USER_INPUT']])
  })
})

describe('a range of time up to the ends of what can be written', () => {
  async function calls(range: string) {
    const { data, errors, extensions } = await harness.query<{ callRecords: { nodes: { id: string }[] } }>(
      `{ callRecords(first: 50, orderBy: { direction: ASC }, filter: { startedAt: ${range} }) { nodes { id } } }`,
    )
    return { nodes: data.callRecords.nodes, errors, extensions }
  }

  test.each([
    '{ from: "0000-01-01T00:00:00Z", until: "9999-12-31T23:59:59.999Z" }',
    '{ from: "0000-01-01T00:00:00Z" }',
    '{ until: "9999-12-31T23:59:59.999Z" }',
  ])('holds all calls of every provider, within %s', async (range) => {
    const all = await calls('null')
    expect(all.nodes).toHaveLength(50)
    expect(await calls(range)).toEqual(all)
  })

  test.each([
    '{ from: "0000-01-01T00:00:00Z", until: "1900-01-01T00:00:00Z" }',
    '{ from: "2200-01-01T00:00:00Z", until: "9999-12-31T23:59:59.999Z" }',
    '{ from: "9999-12-31T23:59:59.999Z" }',
    '{ until: "0000-01-01T00:00:00Z" }',
  ])('makes no provider fail to say that it has none, within %s', async (range) => {
    expect(await calls(range)).toEqual({ nodes: [], errors: undefined, extensions: undefined })
  })
})
