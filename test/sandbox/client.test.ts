import { createHash } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createClient } from 'graphql-http'

import {
  BalanceAndPlanDocument,
  CallLogDocument,
  FindAPersonDocument,
  WhatAProviderCanDoDocument,
  type CallLogQuery,
  type FindAPersonQuery,
} from '../generated/graphql.js'
import { startHarness, type Answer, type Harness } from './harness.js'

const GRAPHQL_RESPONSE = 'application/graphql-response+json'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${harness.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const get = (parameters: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${harness.url}/graphql?${new URLSearchParams(parameters)}`, { headers })

const read = async <Data>(response: Response) => (await response.json()) as Pick<Answer<Data>, 'data' | 'errors'>

describe('a client that posts', () => {
  const question = { query: String(FindAPersonDocument), variables: { name: 'DOĞAN' } }

  test('gets what the generated types promise', async () => {
    const { extensions } = await harness.data(FindAPersonDocument, { name: 'DOĞAN' })
    const people: readonly string[] = extensions!.nodes.flatMap(({ displayName }) => displayName ?? [])
    expect(people.length).toBeGreaterThan(0)
    for (const person of people) expect(person.toLocaleLowerCase('tr')).toContain('doğan')
  })

  test.each([
    ['application/json', /^application\/json; charset=utf-8$/],
    [GRAPHQL_RESPONSE, /^application\/graphql-response\+json; charset=utf-8$/],
    [`${GRAPHQL_RESPONSE}, application/json;q=0.9`, /^application\/graphql-response\+json; charset=utf-8$/],
    ['*/*', /^application\/json; charset=utf-8$/],
  ])('and accepts %s gets it', async (accept, type) => {
    const response = await post(question, { accept })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringMatching(type)])
    const { data, errors } = await read<FindAPersonQuery>(response)
    expect(errors).toBeUndefined()
    expect(data.extensions!.totalCount).toBeGreaterThan(0)
  })

  test('is told by the status when its question cannot be asked, and by the body why', async () => {
    const response = await post({ query: '{ accounts { nodes { nme } } }' }, { accept: GRAPHQL_RESPONSE })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining(GRAPHQL_RESPONSE),
    ])
    expect((await read(response)).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
  })

  test('names the operation it means among several, and its request', async () => {
    const query = `${WhatAProviderCanDoDocument.toString()} query Who { viewer { workspace } }`
    const response = await post({ query, operationName: 'Who' }, { 'x-request-id': 'wallboard-7' })
    expect(response.headers.get('x-request-id')).toBe('wallboard-7')
    expect(await read(response)).toEqual({ data: { viewer: { workspace: 'default' } } })
  })

  test('cannot send several operations as one', async () => {
    const response = await post([question, question])
    expect(response.status).toBe(400)
    expect((await read(response)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('a client that gets', () => {
  const parameters = { query: String(WhatAProviderCanDoDocument), variables: JSON.stringify({ slug: 'postacell' }) }

  test.each(['apollo-require-preflight', 'x-apollo-operation-name'])(
    'is answered when it sends %s, which no page of another site can',
    async (header) => {
      const response = await get(parameters, { [header]: 'WhatAProviderCanDo', accept: GRAPHQL_RESPONSE })
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining(GRAPHQL_RESPONSE),
      ])
      expect(await read(response)).toMatchObject({ data: { provider: { name: 'Postacell' } } })
    },
  )

  test('is refused without it, and told what is missing', async () => {
    const response = await get(parameters)
    expect(response.status).toBe(400)
    const { errors } = await read(response)
    expect(errors).toMatchObject([{ extensions: { code: 'CSRF_PREVENTED' } }])
    expect(errors![0]!.message).toContain('apollo-require-preflight')
  })

  test('may name a question it has asked before by its digest alone', async () => {
    const sha256Hash = createHash('sha256').update(parameters.query).digest('hex')
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } })
    const asked = { extensions, variables: parameters.variables }
    const ask = () => get(asked, { 'apollo-require-preflight': '1' })
    expect((await read(await ask())).errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }])
    const told = await post({
      query: parameters.query,
      variables: { slug: 'postacell' },
      extensions: JSON.parse(extensions) as object,
    })
    expect((await read(told)).errors).toBeUndefined()
    expect(await read(await ask())).toMatchObject({ data: { provider: { name: 'Postacell' } } })
  })
})

describe('the client of graphql-http', () => {
  const run = <Data>(query: string, variables: Record<string, unknown> = {}) =>
    new Promise<{ data?: Data | null; errors?: readonly unknown[] }>((resolve, reject) => {
      const client = createClient({ url: `${harness.url}/graphql`, fetchFn: fetch })
      let last: object = {}
      client.subscribe<Data>(
        { query, variables },
        { next: (value) => (last = value), error: reject, complete: () => resolve(last) },
      )
    })

  test('asks a worked operation', async () => {
    const { data, errors } = await run<FindAPersonQuery>(String(FindAPersonDocument), { name: 'doğan' })
    expect(errors).toBeUndefined()
    expect(data).toEqual(await harness.data(FindAPersonDocument, { name: 'doğan' }))
  })

  test('sees the part that could be answered beside the error of the part that could not', async () => {
    harness.emulators.ipex.faults.next({ status: 503, times: Infinity })
    const { data, errors } = await run<object>(String(BalanceAndPlanDocument))
    harness.clear()
    expect(errors).toMatchObject([
      { path: ['accounts', 'nodes', 1, 'profile'], extensions: { code: 'PROVIDER_UNAVAILABLE' } },
    ])
    expect(data).toMatchObject({
      accounts: { nodes: [{ profile: { plan: 'ENTERPRISE' } }, { profile: null }, {}, {}] },
    })
  })
})

describe('a client that pages', () => {
  test('sees every call once, in order, and then the end', async () => {
    const seen: CallLogQuery['callRecords'][] = []
    let after: string | null = null
    do {
      const { callRecords }: CallLogQuery = await harness.data(CallLogDocument, { first: 40, after })
      seen.push(callRecords)
      after = callRecords!.pageInfo.hasNextPage ? callRecords!.pageInfo.endCursor : null
    } while (after !== null)
    const calls = seen.flatMap((page) => page!.nodes)
    // One provider does not count its calls: so many at least.
    expect(calls.length).toBeGreaterThanOrEqual(seen[0]!.totalCount!)
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length)
    const times = calls.map(({ startedAt }) => startedAt)
    expect(times).toEqual(times.toSorted().reverse())
  })
})
