import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ApolloClient, gql, InMemoryCache, type ApolloLink } from '@apollo/client'
import { afterEach, expect, test } from '@jest/globals'
import { gql as urqlGql, type Client } from '@urql/core'
import { parse, print } from 'graphql'
import {
  commitMutation,
  fetchQuery,
  type ConcreteRequest,
  type Environment,
  type MutationParameters,
} from 'relay-runtime'

import { startHarness, type Harness } from '../sandbox/harness.js'
import { example, run } from './page.js'
import { compile } from './relay-compiler.js'

const folder = mkdtempSync(join(tmpdir(), 'dialgraph-persisted-'))
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

let harness: Harness | null = null
afterEach(async () => {
  await harness?.close()
  harness = null
})

/** A server that answers what is in this file and nothing else. */
async function serve(content: object): Promise<Harness> {
  const allowList = join(folder, `${hashOf(JSON.stringify(content)).slice(0, 8)}.json`)
  writeFileSync(allowList, JSON.stringify(content))
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/masterToken' },
    config: { server: { explore: false }, operations: { allowList } },
  })
  return harness
}

/** Method and status of each request so far; a log line is written after its answer has left. */
async function requests({ logLines }: Harness, count: number): Promise<string[]> {
  const lines = () =>
    logLines
      .map((line) => JSON.parse(line) as { msg: string; method: string; status: number })
      .filter(({ msg }) => msg === 'operation')
      .map(({ method, status }) => `${method} ${status}`)
  while (lines().length < count) await new Promise((resolve) => setImmediate(resolve))
  return lines()
}

const LINES = 'query Lines($first: Int) { extensions(first: $first) { totalCount edges { node { id number } } } }'
const UNLINK = 'mutation Unlink { accountUnlink(input: { accountId: "none" }) { userErrors { code } } }'
const lines = { extensions: { totalCount: expect.any(Number), edges: [{ node: {} }, { node: {} }] } }
const unlinked = { accountUnlink: { userErrors: [{ code: 'NOT_FOUND' }] } }

/** As the client has it, but for a comment: whoever sent the text would be refused. */
const listed = (text: string) => `# of the list\n${print(new InMemoryCache().transformDocument(parse(text)))}`

test("Apollo Client asks by the ids of its manifest, queries by GET, and its server knows Apollo's format", async () => {
  const operations = [LINES, UNLINK].map((text, at) => ({
    id: `app-1.4-${at}`,
    name: /(\w+)[ (]/.exec(text.replace(/^\w+ /, ''))![1],
    type: text.startsWith('query') ? 'query' : 'mutation',
    body: listed(text),
  }))
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
  const server = await serve(manifest)
  const beside = { './persisted-query-manifest.json': manifest }
  const { link } = await run<{ link: ApolloLink }>('persisted-apollo.js', { beside, url: server.url })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })

  const { data } = await client.query({ query: gql(LINES), variables: { first: 2 } })
  expect(data).toMatchObject(lines)
  expect((await client.mutate({ mutation: gql(UNLINK) })).data).toMatchObject(unlinked)
  expect(await requests(server, 2)).toEqual(['GET 200', 'POST 200'])
})

test("Apollo Client's own registration finds no way into a list", async () => {
  const server = await serve({ known: '{ viewer { name } }' })
  const { link } = await run<{ link: ApolloLink }>('persisted.js', { url: server.url })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  await expect(client.query({ query: gql(LINES) })).rejects.toThrow()
  expect(await requests(server, 2)).toEqual(['GET 200', 'POST 400'])
})

test('Relay asks by the ids of its compiler, and its server knows the file that it writes', async () => {
  const tagged = (text: string) => `import { graphql } from 'relay-runtime'\ngraphql\`\n${text}\`\n`
  const { request, persisted } = await compile(example('relay-persisted.config.json'), {
    'Lines.js': tagged(LINES.replace('Lines', 'LinesQuery')),
    'Unlink.js': tagged(UNLINK.replace('Unlink', 'UnlinkMutation')),
  })
  expect(Object.keys(persisted)).toHaveLength(2)
  const server = await serve(persisted)
  const { environment } = await run<{ environment: Environment }>('persisted-relay.js', { url: server.url })

  const query: ConcreteRequest = request('LinesQuery')
  expect([query.params.text, query.params.id! in persisted]).toEqual([null, true])
  expect(await fetchQuery(environment, query, { first: 2 }).toPromise()).toMatchObject(lines)
  const answer = await new Promise((resolve, reject) => {
    commitMutation<MutationParameters>(environment, {
      ...{ mutation: request('UnlinkMutation'), variables: {}, onCompleted: resolve, onError: reject },
    })
  })
  expect(answer).toMatchObject(unlinked)
  expect(await requests(server, 2)).toEqual(['GET 200', 'POST 200'])
})

test('urql asks by the ids of its documents, and its server knows the file of the client preset', async () => {
  const texts = [LINES, UNLINK].map((text) => `# of the list\n${text}`)
  const server = await serve(Object.fromEntries(texts.map((text) => [`sha256:${hashOf(text)}`, text])))
  const { client } = await run<{ client: Client }>('persisted-urql.js', { url: server.url })
  const [query, mutation] = [LINES, UNLINK].map((text, at) =>
    Object.assign(urqlGql(text), { __meta__: { hash: `sha256:${hashOf(texts[at]!)}` } }),
  )
  const asked = await client.query(query!, { first: 2 }).toPromise()
  expect([asked.error, asked.data]).toMatchObject([undefined, lines])
  expect((await client.mutation(mutation!, {}).toPromise()).data).toMatchObject(unlinked)
  expect(await requests(server, 2)).toEqual(['GET 200', 'POST 200'])
})

test('urql registers its texts where there is no list, and asks by digest from then on', async () => {
  harness = await startHarness({ accounts: { izmir: 'bulutfon/masterToken' } })
  const { client } = await run<{ client: Client }>('persisted-urql.js', {
    url: harness.url,
    // The page's server has a list, so its client sends no text.
    replaced: [
      [/enforcePersistedQueries: true,/, ''],
      [/generateHash: .*\n/, ''],
    ],
  })
  for (const _time of [1, 2]) {
    const { data } = await client.query(LINES, { first: 2 }, { requestPolicy: 'network-only' }).toPromise()
    expect(data).toMatchObject(lines)
  }
  expect(await requests(harness, 3)).toEqual(['GET 200', 'GET 200', 'GET 200'])
})
