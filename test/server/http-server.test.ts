import { once } from 'node:events'
import { connect } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { serverAudits } from 'graphql-http'

import { InvalidInput } from '../../src/errors.js'
import type { Operation } from '../../src/operation.js'
import { checkConfig } from '../../src/server/config/config.js'
import { ANYONE } from '../../src/server/callers/caller.js'
import { createExecutor } from '../../src/graphql/execution/executor.js'
import { createHttpServer, type HttpServer } from '../../src/server/http-server.js'
import { startEndpoint } from '../../src/server/endpoint/graphql-endpoint.js'
import { graphqlRoute } from '../../src/server/endpoint/graphql-route.js'
import { createLog } from '../../src/server/observing/log.js'

const CANARY = 'canary-91ce'

interface TestContext {
  readonly operation: Operation
}

/**
 * The audits that are not kept, and why; everything else is `ok`.
 *
 * SHOULD, with a warning: a client that accepts nothing newer than application/json gets 400 for a document that cannot be executed, like
 * every other client, because proxies and monitors look at the status, and a hostile document must not count as a success.
 *
 * MAY, with a notice: a GET without a header that makes a browser ask first is what a page of another site could send; it is refused.
 */
const NOT_KEPT: ReadonlyMap<string, 'warn' | 'notice'> = new Map([
  ['572B', 'warn'],
  ['FDE2', 'warn'],
  ['7B9B', 'warn'],
  ['5A70', 'notice'],
  ['D6D5', 'notice'],
  ['6A70', 'notice'],
])

/** Aborts seen by the field `wait`, in order. */
let aborts: string[] = []
let ready = true
let waiting: (() => void) | null = null

const field = (resolve: (context: TestContext) => unknown) => ({
  type: GraphQLString,
  resolve: (_root: unknown, _arguments: unknown, context: TestContext) => resolve(context),
})

/** A schema made for the road and not for phones: what waits, what fails on purpose, and what is a defect. */
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      hello: {
        ...field(() => 'there'),
        args: { name: { type: new GraphQLNonNull(GraphQLString), defaultValue: 'x' } },
      },
      requestId: field(({ operation }) => operation.requestId),
      wait: field(({ operation: { signal } }) => {
        waiting?.()
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborts.push((signal.reason as Error).name)
            reject(new InvalidInput('ended'))
          })
        })
      }),
      wrong: field(() => Promise.reject(new InvalidInput('an argument was wrong'))),
      defect: field(() => Promise.reject(new TypeError(CANARY))),
    },
  }),
  mutation: new GraphQLObjectType({ name: 'Mutation', fields: { touch: field(() => 'touched') } }),
})

const lines: string[] = []
let server: HttpServer
let url: string

async function start(options: object = {}): Promise<{ server: HttpServer; url: string }> {
  const log = createLog({ write: (line: string) => void lines.push(line) })
  const config = checkConfig({ server: { port: 0 }, ...options }, [], { environment: {} })
  const endpoint = await startEndpoint<TestContext>({
    schema,
    execute: createExecutor(schema),
    explore: config.server.explore,
    operationTokens: config.limits.operationTokens,
    log,
  })
  const graphql = graphqlRoute<TestContext>({
    config,
    endpoint,
    admission: { admit: () => true, callerOf: () => ANYONE },
    createContext: (operation) => ({ operation }),
    explorer: null,
    log,
  })
  const assertReady = () => (ready ? Promise.resolve() : Promise.reject(new Error('the store is gone')))
  const started = createHttpServer({ config, assertReady, routes: [graphql], log })
  return { server: started, url: await started.listen() }
}

const post = (body: unknown, headers: Record<string, string> = {}, at = url) =>
  fetch(`${at}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** The log line of a finished request is written after its answer has left. */
async function operationLine(requestId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find((entry) => entry['requestId'] === requestId && entry['msg'] === 'operation')
    if (line) return line
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const aborted = async () => {
  while (aborts.length === 0) await new Promise((resolve) => setImmediate(resolve))
}

beforeAll(async () => {
  ;({ server, url } = await start())
})
beforeEach(() => {
  aborts = []
  ready = true
  waiting = null
})
afterAll(() => server.drain())

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => `${url}/graphql` })) {
    const expected = NOT_KEPT.get(audit.id) ?? 'ok'
    test(`${audit.id} ${audit.name}${expected === 'ok' ? '' : ' (not kept, see NOT_KEPT)'}`, async () => {
      const result = await audit.fn()
      expect({ ...result, response: undefined }).toMatchObject({ status: expected })
    })
  }

  test('has 61 audits, none of them an error', () => {
    expect(serverAudits({ url: `${url}/graphql` })).toHaveLength(61)
  })

  test('answers a GET that a browser would have asked about first', async () => {
    const response = await fetch(`${url}/graphql?query={hello}`, { headers: { 'apollo-require-preflight': '1' } })
    expect(await response.json()).toEqual({ data: { hello: 'there' } })
  })
})

describe('a request', () => {
  test('keeps the id its caller gave it, and gets one where that is missing or unfit', async () => {
    const idOf = async (given?: string) => {
      const response = await post({ query: '{ requestId }' }, given === undefined ? {} : { 'x-request-id': given })
      const { data } = (await response.json()) as { data: { requestId: string } }
      expect(response.headers.get('x-request-id')).toBe(data.requestId)
      return data.requestId
    }
    expect(await idOf('front-end:42')).toBe('front-end:42')
    for (const unfit of [undefined, '', 'a b', 'x'.repeat(129), '{"a":1}', 'é']) {
      const id = await idOf(unfit)
      expect(id).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('is answered with headers that keep it out of caches', async () => {
    for (const response of [
      await post({ query: '{ hello }' }),
      await fetch(`${url}/nowhere`),
      await fetch(`${url}/healthz`),
    ]) {
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('leaves one line that names operation, status and codes, and nothing the caller wrote', async () => {
    await post(
      { query: `query Told($name: String!) { hello(name: $name) wrong }`, variables: { name: CANARY } },
      { 'x-request-id': 'told' },
    )
    expect(await operationLine('told')).toMatchObject({
      method: 'POST',
      status: 200,
      operation: 'Told',
      codes: ['BAD_USER_INPUT'],
    })
    await fetch(`${url}/graphql?query={hello}&variables={"name":"${CANARY}"}`, {
      headers: { 'x-request-id': 'got', 'apollo-require-preflight': '1' },
    })
    expect(await operationLine('got')).toMatchObject({ method: 'GET', operation: null })
    expect(lines.join()).not.toContain(CANARY)
  })

  test('that meets a defect is told its id and nothing of the defect', async () => {
    const response = await post({ query: '{ defect hello }' }, { 'x-request-id': 'defective' })
    const body = (await response.json()) as { data: unknown; errors: { message: string; extensions: object }[] }
    expect(body).toMatchObject({
      data: { defect: null, hello: 'there' },
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'defective' } }],
    })
    expect(JSON.stringify(body)).not.toContain(CANARY)
    const defect = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ msg, requestId }) => msg === 'defect' && requestId === 'defective')
    expect(defect).toMatchObject({ level: 'error', error: 'TypeError' })
    expect(lines.join()).not.toContain(CANARY)
  })

  test('that is none gets JSON and its own status, never a page or a stack', async () => {
    const text = (type: string, body = '{"query":"{hello}"}') => post(body, { 'content-type': type })
    const cases: [number, Promise<Response>][] = [
      [404, fetch(`${url}/nowhere`)],
      [404, fetch(`${url}/graphql/deeper`, { headers: { accept: 'text/html' } })],
      [400, post('{"query": ')],
      [400, post('')],
      [400, post('[]')],
      [400, post('{"__proto__": {"a": 1}, "query": "{ hello }"}')],
      [413, post(JSON.stringify({ query: '{ hello }', extensions: { x: 'x'.repeat(262_144) } }))],
      [415, text('text/plain')],
      [415, text('application/x-www-form-urlencoded', 'query={hello}')],
      [415, text('multipart/form-data; boundary=x')],
      [415, text('application/xml')],
      [405, fetch(`${url}/graphql`, { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } })],
      [405, fetch(`${url}/graphql`, { method: 'DELETE' })],
      [405, fetch(`${url}/graphql?query=mutation{touch}`, { headers: { 'apollo-require-preflight': '1' } })],
      [400, fetch(`${url}/graphql?query={hello}`)],
    ]
    for (const [status, answer] of cases) {
      const response = await answer
      const body = await response.text()
      expect({ status: response.status, body }).toMatchObject({ status })
      expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/)
      expect(JSON.parse(body)).toMatchObject({
        errors: [{ message: expect.any(String), extensions: { code: expect.stringMatching(/^[A-Z_]+$/) } }],
      })
      expect(body).not.toMatch(/\bat .*\.[jt]s:\d/)
    }
  })

  test('with a host that is none is refused as one', async () => {
    const { hostname, port } = new URL(url)
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'),
      )
      let text = ''
      socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('"errors":[')
  })

  test.each([
    ['a line break in the name of a header', 400, 'X-Works\rpace: sales'],
    ['a space in one', 400, 'X Workspace: sales'],
    ['a header that goes on in the next line', 400, 'X-Workspace: sales\r\n admin'],
    ['a control character in a value', 400, 'X-Workspace: sales\u0000'],
    ['a cookie of 20 KB', 431, `Cookie: a=${'x'.repeat(20_000)}`],
  ])('with %s is refused', async (_what, status, line) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.write(
      `GET /graphql?query={hello} HTTP/1.1\r\nHost: ${hostname}\r\nApollo-Require-Preflight: 1\r\n${line}\r\nConnection: close\r\n\r\n`,
    )
    await once(socket, 'close')
    expect({ status: Number(text.split(' ')[1]), answered: text.includes('there') }).toEqual({
      status,
      answered: false,
    })
  })

  test('with more tokens than one may have is refused before it is validated', async () => {
    const response = await post({ query: `{ ${'hello '.repeat(2_100)} }` })
    expect(response.status).toBe(400)
  })
})

describe('an operation', () => {
  test('ends when its client goes', async () => {
    const client = new AbortController()
    const begun = new Promise<void>((resolve) => (waiting = resolve))
    const answer = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ wait }"}',
      signal: client.signal,
    })
    await begun
    client.abort()
    await expect(answer).rejects.toThrow()
    await aborted()
    expect(aborts).toEqual(['AbortError'])
  })

  test('ends at its deadline, with an answer', async () => {
    const short = await start({ limits: { operationTimeoutMs: 100 } })
    const response = await post({ query: '{ wait hello }' }, {}, short.url)
    expect(await response.json()).toMatchObject({ data: { wait: null, hello: 'there' } })
    expect(aborts).toEqual(['TimeoutError'])
    await short.server.drain()
  })

  test('under way when the server is told to stop may finish, within the limit', async () => {
    const draining = await start({ limits: { operationTimeoutMs: 300, drainTimeoutMs: 5_000 } })
    const begun = new Promise<void>((resolve) => (waiting = resolve))
    const answer = post({ query: '{ wait hello }' }, {}, draining.url)
    await begun
    await draining.server.drain()
    expect(await (await answer).json()).toMatchObject({ data: { hello: 'there' } })
    await expect(fetch(`${draining.url}/healthz`)).rejects.toThrow()
  })

  test('is all that is waited for: a connection that was opened ahead of need is not', async () => {
    const draining = await start({ limits: { drainTimeoutMs: 20_000 } })
    const { hostname, port } = new URL(draining.url)
    const unused = connect(Number(port), hostname)
    await once(unused, 'connect')
    await post({ query: '{ hello }' }, {}, draining.url)
    const closed = once(unused, 'close')
    const began = performance.now()
    await draining.server.drain()
    await closed
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('that does not finish within the drain limit is cut off', async () => {
    const draining = await start({ limits: { operationTimeoutMs: 60_000, drainTimeoutMs: 100 } })
    const begun = new Promise<void>((resolve) => (waiting = resolve))
    const answer = post({ query: '{ wait }' }, {}, draining.url)
    answer.catch(() => {})
    await begun
    await draining.server.drain()
    await expect(answer).rejects.toThrow()
    await aborted()
    expect(aborts).toEqual(['AbortError'])
  })
})

describe('the other routes', () => {
  test('the root leads to GraphQL, with the query of a link', async () => {
    for (const query of ['', '?query=%7B+a+%7D&b=/?']) {
      const response = await fetch(`${url}/${query}`, { redirect: 'manual' })
      expect([response.status, response.headers.get('location')]).toEqual([302, `/graphql${query}`])
    }
  })

  test('alive and ready are two things', async () => {
    const status = async (path: string) => (await fetch(url + path)).status
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
    ready = false
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
  })

  test('in production the schema keeps its words to itself', async () => {
    const closed = await start({ server: { port: 0, explore: false } })
    const introspection = await post({ query: '{ __schema { types { name } } }' }, {}, closed.url)
    expect(introspection.status).toBe(400)
    const misspelt = JSON.stringify(await (await post({ query: '{ helo }' }, {}, closed.url)).json())
    expect(misspelt).not.toContain('hello')
    const page = await fetch(`${closed.url}/graphql`, { headers: { accept: 'text/html' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8'])
    await closed.server.drain()
  })
})
