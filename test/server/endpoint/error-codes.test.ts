import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { ErrorCode } from '../../../src/model/error-code.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

const KEY = 'a-key-of-a-caller-that-may-read-0123456789'
let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/masterToken' },
    limits: { operationTokens: 300 },
    config: {
      callers: {
        apiKeys: [{ name: 'tests', key: KEY, workspace: 'default', scopes: ['telephony:read'] }],
      },
    },
  })
})
afterAll(() => harness.close())

interface Failure {
  readonly errors: readonly {
    readonly message: string
    readonly locations?: readonly { readonly line: number; readonly column: number }[]
    readonly extensions: { readonly code: string; readonly requestId: string }
  }[]
}

const KEY_HEADER = { authorization: `Bearer ${KEY}` }

async function send(request: RequestInit & { readonly path?: string }): Promise<Response> {
  const { path = '/graphql', headers, ...rest } = request
  return fetch(`${harness.url}${path}`, { ...rest, headers: { ...KEY_HEADER, ...(headers as Record<string, string>) } })
}

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const hash = 'f'.repeat(64)
const persisted = { persistedQuery: { version: 1, sha256Hash: hash } }
const preflighted = { 'apollo-require-preflight': '1' }
const search = (parameters: Record<string, string>) => `/graphql?${new URLSearchParams(parameters)}`

/** Every way in which a request fails before, or as, its operation is executed. */
const FAILURES: readonly (readonly [
  name: string,
  code: keyof typeof ErrorCode,
  request: Parameters<typeof send>[0],
])[] = [
  ['no credential', 'UNAUTHENTICATED', json({ query: '{ __typename }' }, { authorization: '' })],
  [
    'a credential that is nobody’s',
    'UNAUTHENTICATED',
    json({ query: '{ __typename }' }, { authorization: 'Bearer x' }),
  ],
  ['a scope that is lacking', 'FORBIDDEN', json({ query: '{ callRecords(first: 1) { nodes { raw } } }' })],
  ['an argument out of range', 'BAD_USER_INPUT', json({ query: '{ dids(first: 0) { totalCount } }' })],
  ['a cursor that was changed', 'CURSOR_INVALID', json({ query: '{ dids(after: "x") { totalCount } }' })],
  ['a document that is no GraphQL', 'GRAPHQL_PARSE_FAILED', json({ query: '{ dids( }' })],
  ['an empty document', 'BAD_USER_INPUT', json({ query: '' })],
  ['a field that does not exist', 'GRAPHQL_VALIDATION_FAILED', json({ query: '{ nothing }' })],
  [
    'an argument of another type',
    'GRAPHQL_VALIDATION_FAILED',
    json({ query: '{ dids(first: "all") { totalCount } }' }),
  ],
  [
    'a fragment nobody uses',
    'GRAPHQL_VALIDATION_FAILED',
    json({ query: '{ viewer { name } } fragment F on Viewer { name }' }),
  ],
  [
    'fragments that turn in a circle',
    'GRAPHQL_VALIDATION_FAILED',
    json({ query: '{ viewer { ...F } } fragment F on Viewer { ...F }' }),
  ],
  [
    'a variable of another type',
    'BAD_USER_INPUT',
    json({ query: 'query ($n: Int) { dids(first: $n) { totalCount } }', variables: { n: 'all' } }),
  ],
  ['a variable that is missing', 'BAD_USER_INPUT', json({ query: 'query ($id: ID!) { node(id: $id) { id } }' })],
  [
    'an operation that is not in the document',
    'BAD_USER_INPUT',
    json({ query: 'query A { viewer { name } }', operationName: 'B' }),
  ],
  [
    'several operations and no name',
    'BAD_USER_INPUT',
    json({ query: 'query A { viewer { name } } query B { viewer { name } }' }),
  ],
  ['too many tokens', 'OPERATION_TOO_COMPLEX', json({ query: `{ ${'a: __typename '.repeat(200)} }` })],
  ['a subscription', 'BAD_USER_INPUT', json({ query: 'subscription { callEvents { id } }' })],
  ['an unknown hash', 'PERSISTED_QUERY_NOT_FOUND', json({ extensions: persisted })],
  ['an unknown document id', 'PERSISTED_QUERY_NOT_FOUND', json({ documentId: `sha256:${hash}` })],
  ['a hash that is not the document’s', 'BAD_USER_INPUT', json({ query: '{ __typename }', extensions: persisted })],
  [
    'a version nobody knows',
    'BAD_USER_INPUT',
    json({ extensions: { persistedQuery: { version: 2, sha256Hash: hash } } }),
  ],
  ['no document at all', 'BAD_USER_INPUT', json({ variables: {} })],
  ['an empty object', 'BAD_USER_INPUT', json({})],
  ['a body that is no JSON', 'BAD_USER_INPUT', json('{')],
  [
    'a body of a media type that a form could send',
    'BAD_USER_INPUT',
    { method: 'POST', body: '{"query":"{ __typename }"}', headers: { 'content-type': 'text/plain' } },
  ],
  [
    'an unknown media type',
    'BAD_USER_INPUT',
    { method: 'POST', body: 'query', headers: { 'content-type': 'application/graphql' } },
  ],
  ['operations in a list', 'BAD_USER_INPUT', json([{ query: '{ __typename }' }])],
  ['variables that are no object', 'BAD_USER_INPUT', json({ query: '{ __typename }', variables: '{}' })],
  [
    'a page whose origin is not listed',
    'CSRF_PREVENTED',
    json({ query: '{ __typename }' }, { origin: 'https://evil.example.com' }),
  ],
  [
    'a GET of a mutation',
    'BAD_USER_INPUT',
    {
      path: search({ query: 'mutation { accountUnlink(input: { accountId: "x" }) { unlinkedAccountId } }' }),
      headers: preflighted,
    },
  ],
  [
    'a GET with two documents',
    'BAD_USER_INPUT',
    { path: '/graphql?query=%7Ba%7D&query=%7Bb%7D', headers: preflighted },
  ],
  [
    'a GET without a document',
    'BAD_USER_INPUT',
    { path: '/graphql', headers: { ...preflighted, accept: 'application/json' } },
  ],
  ['another method', 'BAD_USER_INPUT', { method: 'PUT' }],
  ['an answer in a form nobody speaks', 'BAD_USER_INPUT', json({ query: '{ __typename }' }, { accept: 'image/png' })],
]

describe('A request that fails says why in a code of the schema, and which request it was:', () => {
  test.each(FAILURES)('%s', async (_name, code, request) => {
    const response = await send(request)
    const { errors } = (await response.json()) as Failure
    expect(errors.length).toBeGreaterThan(0)
    for (const { extensions } of errors) {
      expect(extensions.code).toBe(code)
      expect(extensions.requestId).toBe(response.headers.get('x-request-id'))
    }
    if (code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED') {
      for (const { locations } of errors)
        expect(locations).toEqual([expect.objectContaining({ line: expect.any(Number) })])
    }
  })

  test('every code that these are is a value of ErrorCode', () => {
    expect(FAILURES.map(([, code]) => code).filter((code) => !(code in ErrorCode))).toEqual([])
  })

  test('a request id of the client’s own comes back in the error, too', async () => {
    const response = await send({
      ...json({}),
      headers: { 'content-type': 'application/json', 'x-request-id': 'mine-1' },
    })
    expect(((await response.json()) as Failure).errors[0]!.extensions.requestId).toBe('mine-1')
  })
})
