import { afterEach, expect, test } from '@jest/globals'

import type { AccountClient } from '../../../src/http/account/account-client.js'
import type { OperationReads } from '../../../src/http/account/operation-reads.js'
import type { Operation } from '../../../src/operation.js'
import { startBareServer, type BareServer } from '../bare-server.js'

let server: BareServer | null = null
afterEach(() => server?.close())

/** What Apollo Server was given, and how to ask. */
async function start(fields: Parameters<typeof startBareServer>[0]) {
  const given: string[] = []
  const plugin = {
    async requestDidStart({ request }: { readonly request: { readonly query?: string | undefined } }) {
      given.push(request.query ?? '')
    },
  }
  server = await startBareServer(fields, {}, [plugin])
  const { url } = server
  const ask = async (body: object, search = '') => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/graphql${search}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as object
  }
  return { given, ask }
}

test('a query that was asked before is answered without Apollo Server, one that was not is given to it', async () => {
  const { given, ask } = await start({ one: () => '1', two: () => '2' })
  for (let time = 0; time < 3; time += 1) expect(await ask({ query: '{ one }' })).toEqual({ data: { one: '1' } })
  expect(given).toEqual(['{ one }'])
  expect(await ask({ query: '{ two }' })).toEqual({ data: { two: '2' } })
  expect(given).toEqual(['{ one }', '{ two }'])
})

test('what was refused is given to it each time', async () => {
  const { given, ask } = await start({ one: () => '1' })
  for (let time = 0; time < 3; time += 1) await ask({ query: '{ three }' })
  expect(given).toEqual(Array(3).fill('{ three }'))
})

test('whatever says more than a text, a name and variables is given to it', async () => {
  const { given, ask } = await start({ one: () => '1' })
  const query = '{ one }'
  await ask({ query })
  given.length = 0
  await ask({ query, extensions: {} })
  await ask({ query, id: '1' })
  await ask({ query, variables: [] })
  await ask({ query, operationName: 1 })
  await ask({ query }, '?operationName=One')
  expect(given).toHaveLength(3)
  await ask({ query, variables: null, operationName: null })
  expect(given).toHaveLength(3)
})

test('an operation that fails is executed once, and told by Apollo Server', async () => {
  let executed = 0
  let fails = false
  const { given, ask } = await start({
    one() {
      executed += 1
      if (fails) throw new Error('It is not told')
      return '1'
    },
  })
  await ask({ query: '{ one }' })
  fails = true
  executed = 0
  expect(await ask({ query: '{ one }' })).toMatchObject({
    data: { one: null },
    errors: [{ path: ['one'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.anything() } }],
  })
  expect(executed).toBe(1)
  expect(given).toHaveLength(2)
})

test('an operation on the short road has the same line in the log', async () => {
  const { ask } = await start({ one: () => '1' })
  for (let time = 0; time < 2; time += 1) await ask({ query: 'query One { one }', operationName: 'One' })
  await server!.close()
  const lines = server!.logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'operation')
  const shown = lines.map(({ time: _, requestId: __, durationMs: ___, ...others }) => others)
  expect(shown).toHaveLength(2)
  expect(shown[1]).toEqual(shown[0])
  expect(shown[1]).toMatchObject({ operation: 'One', codes: [], status: 200 })
})

test('documents that are forgotten are given to Apollo Server again', async () => {
  const { given, ask } = await start({ one: () => '1' })
  await ask({ query: '{ one }' })
  await ask({ query: '{ one }' })
  for (let at = 0; at < 6; at += 1) await ask({ query: `{ one } # ${String(at).repeat(99_000)}` })
  given.length = 0
  await ask({ query: '{ one }' })
  await ask({ query: '{ one }' })
  expect(given).toEqual(['{ one }'])
})

test('what an answer was made of is let go once the answer is text, however long the client takes to read it', async () => {
  const operations: Operation[] = []
  const cleared: Operation[] = []
  const { ask } = await start({
    one({ operation }) {
      operations.push(operation)
      const client = {} as AccountClient
      operation.reads.set(client, {
        client,
        operation,
        clear: () => cleared.push(operation),
      } as unknown as OperationReads)
      operation.lists.push({ path: { prev: undefined, key: 'one', typename: 'Query' }, lacking: () => [] })
      return '1'
    },
  })
  for (let time = 0; time < 2; time += 1) await ask({ query: '{ one }' })
  const { execution, reads, lists, summary } = operations[1]!
  expect({ execution, reads: reads.size, lists }).toEqual({ execution: null, reads: 0, lists: [] })
  // Loaders hold these reads, too.
  expect(cleared).toEqual([operations[1]])
  expect(summary).toMatchObject({ kind: 'query', codes: [] })
})
