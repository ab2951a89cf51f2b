import { createHash } from 'node:crypto'

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import type { FieldPolicy, TypePolicies } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { map } from 'rxjs'

import type { Harness } from '../sandbox/harness.js'
import { apolloClient, facts, run } from './page.js'
import { contradictions, COUNT, factsOf, questions, startServer, valueLists } from './questions.js'
import { withIds } from './rewritten.js'

let harness: Harness
beforeAll(async () => {
  harness = await startServer()
})
afterEach(() => harness.clear())
afterAll(() => harness.close())

/** What the server answered, before the cache has seen it. */
function recorded(uri: string) {
  const answers: unknown[] = []
  const recorder = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      map((result) => {
        answers.push('data' in result ? structuredClone(result.data) : undefined)
        return result
      }),
    ),
  )
  return { answers, link: ApolloLink.from([recorder, new HttpLink({ uri })]) }
}

/** Joins a list of objects without ids with the same list as it was read before, with other fields perhaps. */
const joined: FieldPolicy = { merge: (before: unknown, now: unknown) => join(before, now) }
function join(before: unknown, now: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(now) && before.length === now.length)
    return now.map((item, index) => join(before[index], item))
  if (!isPlain(before) || !isPlain(now) || '__ref' in now || before['__typename'] !== now['__typename']) return now
  return {
    ...before,
    ...Object.fromEntries(Object.entries(now).map(([key, value]) => [key, join(before[key], value)])),
  }
}
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

describe('the cache of Apollo Client', () => {
  test(`says what the server said, of every worked operation and of ${COUNT} generated ones`, async () => {
    // A generated question asks a list twice with different fields, which no screen does.
    const typePolicies: TypePolicies = Object.fromEntries(facts.values.map((type) => [type, { merge: true }]))
    for (const [type, field] of valueLists) {
      const { [type]: policy } = typePolicies
      typePolicies[type] = { ...policy, fields: { ...policy?.fields, [field]: joined } }
    }
    const { answers, link } = recorded(`${harness.url}/graphql`)
    const cache = new InMemoryCache({ possibleTypes: facts.possibleTypes, typePolicies })
    const client = new ApolloClient({ link, cache })

    const asked = (await questions(harness)).map(withIds).map((question) => ({
      ...question,
      document: cache.transformDocument(parse(question.query)),
    }))
    for (const { name, document: query, variables } of asked) {
      await client.query({ query, variables, fetchPolicy: 'network-only', errorPolicy: 'all' })
      expect(answers.at(-1)).toBeDefined()
      expect({ name, data: cache.readQuery({ query, variables }) }).toEqual({ name, data: answers.at(-1) })
    }
    expect(answers).toHaveLength(asked.length)

    // And after all of them the first is still what it was: no id stands for two objects.
    let kept = 0
    for (const [index, { name, document: query, variables }] of asked.entries()) {
      const { result } = cache.diff({ query, variables, returnPartialData: true, optimistic: false })
      expect({ name, wrong: contradictions(result, answers[index] ?? undefined) }).toEqual({ name, wrong: [] })
      kept += factsOf(result)
    }
    expect(kept).toBeGreaterThan(0.9 * factsOf(answers))
  }, 600_000)
})

interface Calls {
  readonly edges: readonly { readonly node: { readonly id: string } }[]
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}
const CALLS = 'edges { cursor node { id startedAt } } nodes { id } pageInfo { startCursor endCursor hasNextPage }'

describe('relayStylePagination', () => {
  test.each([
    ['callRecords', 'callRecords(first: $first, after: $after)'],
    ['extensions', 'extensions(first: $first, after: $after)'],
    ['dids', 'dids(first: $first, after: $after)'],
  ])('joins the pages of %s to the list as the server has it', async (field, selection) => {
    const more = CALLS.replace('startedAt', '__typename')
    const query = gql(`query Pages($first: Int, $after: String) { ${selection} { ${more} } }`)
    const client = await apolloClient(harness.url)
    let { data } = await client.query<Record<string, Calls>>({ query, variables: { first: 3 } })
    const pages = client.watchQuery<Record<string, Calls>>({ query, variables: { first: 3 } })
    const subscription = pages.subscribe(() => {})
    try {
      const lastPages: string[][] = []
      for (let page = 0; page < 3 && data![field]!.pageInfo.hasNextPage; page += 1) {
        await pages.fetchMore({ variables: { after: data![field]!.pageInfo.endCursor } })
        data = client.readQuery<Record<string, Calls>>({ query, variables: { first: 3 } })!
        lastPages.push(data![field]!.nodes.map(({ id }) => id))
      }
      const whole = await harness.data<Record<string, Calls>>(query.loc!.source.body, { first: 12 })
      const ids = data![field]!.edges.map(({ node }) => node.id)
      expect(ids).toEqual(whole[field]!.edges.map(({ node }) => node.id))
      expect(ids.length).toBeGreaterThan(9)
      expect(data![field]!.pageInfo.endCursor).toBe(whole[field]!.pageInfo.endCursor)
      // What an app must know: only edges are joined.
      expect(lastPages.slice(0, 2).map(({ length }) => length)).toEqual([3, 3])
    } finally {
      subscription.unsubscribe()
    }
  })

  test('keeps apart lists that were asked with different filters', async () => {
    const query = gql`
      query Calls($filter: CallRecordFilter) {
        callRecords(first: 4, filter: $filter) {
          edges {
            node {
              id
              direction
            }
          }
        }
      }
    `
    const client = await apolloClient(harness.url)
    const ask = (direction: string) => ({ query, variables: { filter: { directions: [direction] } } })
    for (const direction of ['INBOUND', 'OUTBOUND']) await client.query(ask(direction))
    interface Read {
      readonly callRecords: { readonly edges: readonly { readonly node: { readonly direction: string } }[] }
    }
    for (const direction of ['INBOUND', 'OUTBOUND']) {
      const { edges } = client.readQuery<Read>(ask(direction))!.callRecords
      expect(edges.map(({ node }) => node.direction)).toEqual(Array.from({ length: 4 }, () => direction))
    }
  })

  test('goes back from the end as well', async () => {
    const query = gql(`query Pages($last: Int, $before: String) {
      callRecords(last: $last, before: $before) { ${CALLS} }
    }`)
    const client = await apolloClient(harness.url)
    const { data } = await client.query<{ callRecords: Calls }>({ query, variables: { last: 3 } })
    const before = (data!.callRecords.pageInfo as unknown as { startCursor: string }).startCursor
    await client.query({ query, variables: { last: 3, before }, fetchPolicy: 'network-only' })
    const read = client.readQuery<{ callRecords: Calls }>({ query, variables: { last: 3 } })
    const whole = await harness.data<{ callRecords: Calls }>(query.loc!.source.body, { last: 6 })
    expect(read!.callRecords.edges.map(({ node }) => node.id)).toEqual(
      whole.callRecords.edges.map(({ node }) => node.id),
    )
  })
})

describe('when a provider fails, by error policy', () => {
  const query = gql`
    query Balances {
      accounts {
        nodes {
          id
          label
          profile {
            plan
          }
        }
      }
    }
  `
  interface Balances {
    readonly accounts: { readonly nodes: readonly { readonly profile: { readonly plan: string | null } | null }[] }
  }
  const ask = async (errorPolicy: 'none' | 'all' | 'ignore') => {
    harness.emulators.ipex.faults.next({ status: 503, times: Infinity })
    const client = await apolloClient(harness.url)
    return client.query<Balances>({ query, errorPolicy })
  }
  const profiles = (data: Balances | undefined) => data?.accounts.nodes.map(({ profile }) => profile !== null)

  test('none: the question fails, with the code that says why', async () => {
    const error: unknown = await ask('none').catch((caught: unknown) => caught)
    expect(CombinedGraphQLErrors.is(error)).toBe(true)
    expect((error as CombinedGraphQLErrors).errors).toMatchObject([
      { path: ['accounts', 'nodes', 1, 'profile'], extensions: { code: 'PROVIDER_UNAVAILABLE' } },
    ])
  })

  test('all: what could be answered beside the error', async () => {
    const { data, error } = await ask('all')
    expect(profiles(data)).toEqual([true, false, true, true, true])
    expect(CombinedGraphQLErrors.is(error) && error.errors).toMatchObject([
      { extensions: { code: 'PROVIDER_UNAVAILABLE' } },
    ])
  })

  test('ignore: what could be answered, and null where an error is not shown', async () => {
    const { data, error } = await ask('ignore')
    expect(profiles(data)).toEqual([true, false, true, true, true])
    expect(error).toBeUndefined()
  })
})

test('a link sees which accounts a list lacks, though nobody selected its sources', async () => {
  harness.emulators.ipex.faults.next({ status: 503, times: Infinity })
  const { partialLink } = await run<{ partialLink(tell: (lacks: unknown) => void): ApolloLink }>('partial.js')
  const told: unknown[] = []
  const link = partialLink((lacks) => void told.push(lacks)).concat(new HttpLink({ uri: `${harness.url}/graphql` }))
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const query = gql`
    query Lines {
      extensions(first: 2) {
        nodes {
          id
        }
      }
    }
  `
  const { data } = await client.query<{ extensions: Pick<Calls, 'nodes'> }>({ query })
  expect(data!.extensions.nodes).toHaveLength(2)
  expect(told).toMatchObject([[{ accountKey: 'prague', code: 'PROVIDER_UNAVAILABLE', path: ['extensions'] }]])
})

describe('automatic persisted queries', () => {
  test.each([
    ['POST', false],
    ['GET', true],
  ])('by %s: the text goes once, then its digest alone', async (method, useGETForHashedQueries) => {
    const requests: { method?: string; body: string; status: number }[] = []
    const http = new HttpLink({
      uri: `${harness.url}/graphql`,
      fetch: async (url, init) => {
        const response = await fetch(url, init)
        const body = typeof init?.body === 'string' ? init.body : decodeURIComponent(String(url))
        requests.push({ ...(init?.method !== undefined && { method: init.method }), body, status: response.status })
        return response
      },
    })
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const link = new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(http)
    const client = new ApolloClient({ link, cache: new InMemoryCache() })
    const query = gql(`query By${method} { provider(slug: "ipex") { id name } }`)
    const ask = () => client.query({ query, fetchPolicy: 'network-only' })
    const [first, second] = [await ask(), await ask()]
    expect(first.data).toMatchObject({ provider: { name: 'IPEX' } })
    expect(second.data).toEqual(first.data)
    expect(requests.map(({ method, body }) => [method, /query By/.test(body)])).toEqual([
      [method, false],
      ['POST', true],
      [method, false],
    ])
    expect(requests.at(-1)!.status).toBe(200)
  })
})
