import { cacheExchange } from '@urql/exchange-graphcache'
import { Client, fetchExchange, mapExchange, type AnyVariables, type OperationResult } from '@urql/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import type { Harness } from '../sandbox/harness.js'
import { facts, urqlClient } from './page.js'
import { contradictions, COUNT, factsOf, questions, startServer } from './questions.js'
import { withIds } from './rewritten.js'

let harness: Harness
beforeAll(async () => {
  harness = await startServer()
})
afterEach(() => harness.clear())
afterAll(() => harness.close())

const fresh = { requestPolicy: 'network-only' } as const
const cached = { requestPolicy: 'cache-only' } as const

/** Without the `__typename` that urql adds for itself. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === '__typename' ? [] : [[key, plain(item)]])),
  )
}

test(`graphcache says what the server said, of every worked operation and of ${COUNT} generated ones`, async () => {
  const answers: unknown[] = []
  const client = new Client({
    url: `${harness.url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema: facts.introspection,
        keys: Object.fromEntries(facts.values.map((type) => [type, () => null])),
      }),
      mapExchange({ onResult: ({ data }) => void answers.push(plain(data)) }),
      fetchExchange,
    ],
  })
  const asked = (await questions(harness)).map(withIds)
  for (const { name, query, variables } of asked) {
    await client.query(query, variables, fresh).toPromise()
    const { data } = await client.query(query, variables, cached).toPromise()
    expect(answers.at(-1)).toBeDefined()
    expect({ name, data: plain(data) }).toEqual({ name, data: answers.at(-1) })
  }
  expect(answers).toHaveLength(asked.length)

  // And after all of them the first is still what it was: no id stands for two objects.
  let kept = 0
  for (const [index, { name, query, variables }] of asked.entries()) {
    const { data } = await client.query<unknown, AnyVariables>(query, variables, cached).toPromise()
    expect({ name, wrong: contradictions(plain(data), answers[index] ?? undefined) }).toEqual({ name, wrong: [] })
    kept += factsOf(data)
  }
  expect(kept).toBeGreaterThan(0.9 * factsOf(answers))
}, 600_000)

interface Page {
  readonly callRecords: {
    readonly edges: readonly { readonly node: { readonly id: string } }[]
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
  }
}
const PAGE = `query Page($first: Int, $after: String) {
  callRecords(first: $first, after: $after) {
    edges { cursor node { id startedAt } }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`

describe('relayPagination', () => {
  test('joins the pages of the call log to the list as the server has it', async () => {
    const client = await urqlClient(harness.url)
    let after: string | null = null
    for (let page = 0; page < 4; page += 1) {
      const { data, error }: OperationResult<Page> = await client.query<Page>(PAGE, { first: 3, after }).toPromise()
      expect(error).toBeUndefined()
      after = data!.callRecords.pageInfo.endCursor
    }
    const { data } = await client.query<Page>(PAGE, { first: 3, after: null }, cached).toPromise()
    const whole = await harness.data<Page>(PAGE, { first: 12 })
    expect(data!.callRecords.edges.map(({ node }) => node.id)).toEqual(
      whole.callRecords.edges.map(({ node }) => node.id),
    )
    expect(data!.callRecords.pageInfo.endCursor).toBe(whole.callRecords.pageInfo.endCursor)
  })
})

describe('urql by itself', () => {
  const QUERY = '{ provider(slug: "ipex") { id name } }'

  test('sends GET, which is refused without a credential, with a message that says what is missing', async () => {
    const client = new Client({ url: `${harness.url}/graphql`, exchanges: [fetchExchange] })
    const { data, error, operation } = await client.query(QUERY, {}).toPromise()
    expect(operation.context.preferGetMethod).toBe('within-url-limit')
    expect(data).toBeUndefined()
    expect(error!.graphQLErrors[0]?.message ?? error!.message).toContain('apollo-require-preflight')
  })

  test.each([
    ['preferGetMethod: false', { preferGetMethod: false }],
    ['a credential, by GET', { fetchOptions: { headers: { authorization: 'Bearer my-key' } } }],
    ['the header, by GET', { fetchOptions: { headers: { 'apollo-require-preflight': '1' } } }],
  ])('is answered with %s', async (_what, options) => {
    const client = new Client({ url: `${harness.url}/graphql`, exchanges: [fetchExchange], ...options })
    const { data, error } = await client.query(QUERY, {}).toPromise()
    expect({ data, error }).toMatchObject({ data: { provider: { name: 'IPEX' } }, error: undefined })
  })

  test('gives what could be answered and the error together', async () => {
    harness.emulators.ipex.faults.next({ status: 503, times: Infinity })
    const client = await urqlClient(harness.url)
    const { data, error } = await client.query('{ accounts { nodes { id profile { plan } } } }', {}).toPromise()
    expect(error!.graphQLErrors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE' } }])
    expect(data).toMatchObject({
      accounts: { nodes: [{ profile: { plan: 'ENTERPRISE' } }, { profile: null }, {}, {}, {}] },
    })
  })
})
