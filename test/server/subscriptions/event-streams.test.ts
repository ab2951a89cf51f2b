import { describe, expect, test } from '@jest/globals'
import { createClient } from 'graphql-sse'

import { open, start } from './opened.js'
import { EVENT_STREAM, openStream, type RawStream, type StreamRequest } from './raw-stream.js'
import { until, type TickerServer } from './ticker-server.js'

async function stream(server: TickerServer, asked: StreamRequest): Promise<RawStream> {
  const opened = await openStream(server.url, asked)
  open.push({ close: opened.destroy })
  return opened
}

const TICKS = 'subscription Ticks($after: String) { ticks(resumeAfter: $after) { text live cursor } }'
const texts = (opened: RawStream) => opened.results().map(({ data }) => data?.['ticks']?.['text'])

/** Once the server listens for it. */
async function listening(server: TickerServer, asked: StreamRequest): Promise<RawStream> {
  const opened = await stream(server, asked)
  await until(() => server.ticker.listeners > 0)
  return opened
}

describe('a subscription over server-sent events', () => {
  test('is given each event as it happens, in order, with heads that nobody keeps or gathers', async () => {
    const server = await start()
    const ticks = await listening(server, { query: TICKS })
    expect(ticks.status).toBe(200)
    expect(ticks.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    expect(ticks.headers['content-encoding']).toBeUndefined()
    server.ticker.append('one', 'two', 'three')
    expect(await ticks.untilResults(3)).toEqual(
      ['one', 'two', 'three'].map((text, at) => ({ data: { ticks: { text, live: 'true', cursor: String(at + 1) } } })),
    )
  })

  test('is given the events in their order, however long each takes', async () => {
    const server = await start()
    const ticks = await listening(server, { query: TICKS })
    let release = () => {}
    server.ticker.gates.set('slow', new Promise((resolve) => (release = resolve)))
    server.ticker.append('slow', 'fast')
    await until(() => server.ticker.executions.length === 2)
    expect(ticks.results()).toEqual([])
    release()
    await ticks.untilResults(2)
    expect(texts(ticks)).toEqual(['slow', 'fast'])
  })

  test('is opened by GET as well, under the rule for what pages could forge', async () => {
    const server = await start()
    const get = { query: TICKS, variables: { after: '0' }, method: 'GET' } as const
    server.ticker.append('before')
    const ticks = await stream(server, get)
    expect((await ticks.untilResults(1))[0]).toEqual({
      data: { ticks: { text: 'before', live: 'false', cursor: '1' } },
    })
    const forged = await fetch(`${server.url}/graphql?query=${encodeURIComponent(TICKS)}`, { headers: EVENT_STREAM })
    expect([forged.status, await forged.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'CSRF_PREVENTED' } }] },
    ])
    const page = await listening(server, { ...get, headers: { ...EVENT_STREAM, origin: server.url } })
    expect(page.status).toBe(200)
    expect(page.headers['access-control-allow-origin']).toBe(server.url)
  })

  test.each([
    ['the list that urql sends', 'text/event-stream, multipart/mixed', 'text/event-stream'],
    ['a quality', 'application/json;q=0.5, text/event-stream;q=0.9', 'text/event-stream'],
    ['capitals', 'Text/Event-Stream', 'text/event-stream'],
    ['both streams', 'multipart/mixed;subscriptionSpec="1.0";q=0.4, text/event-stream;q=0.3', 'multipart/mixed'],
  ])('is asked for by %s', async (_what, accept, type) => {
    const server = await start()
    const ticks = await listening(server, { query: TICKS, headers: { accept } })
    expect(ticks.headers['content-type']).toContain(type)
    server.ticker.append('one')
    await ticks.untilResults(1)
  })

  test.each([
    ['no stream', 'application/json'],
    ['anything', '*/*'],
    ['a stream that it refuses', 'text/event-stream;q=0, application/json'],
    ['parts of one answer', 'multipart/mixed;deferSpec=20220824, application/json'],
  ])('is refused, with the ways to ask, to a client that takes %s', async (_what, accept) => {
    const server = await start()
    for (const method of ['POST', 'GET'] as const) {
      const answer = await stream(server, { query: TICKS, method, headers: { accept } })
      await answer.ended
      expect(answer.status).toBe(406)
      const { errors } = JSON.parse(answer.text()) as { errors: { message: string; extensions: object }[] }
      expect(errors[0]!.message).toMatch(/WebSocket.*text\/event-stream.*multipart\/mixed;subscriptionSpec/)
      expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', requestId: answer.headers['x-request-id'] })
    }
  })

  test.each([
    ['does not parse', { query: 'subscription {' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['is not valid', { query: 'subscription { nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['has wrong variables', { query: TICKS, variables: { after: { a: 1 } } }, 400, 'BAD_USER_INPUT'],
    ['is too large', { query: `subscription { ticks { ${'text '.repeat(3_000)} } }` }, 400, 'OPERATION_TOO_COMPLEX'],
    ['has no text', { body: { query: 42 } }, 400, 'BAD_USER_INPUT'],
  ])('that %s is refused before there is a stream', async (_what, asked, status, code) => {
    const server = await start()
    const answer = await stream(server, asked)
    await answer.ended
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect([answer.status, JSON.parse(answer.text())]).toMatchObject([status, { errors: [{ extensions: { code } }] }])
  })

  test('ends with its error when its cursor is none, is too old, or its scope is missing', async () => {
    const server = await start()
    server.ticker.append('one', 'two')
    server.ticker.forgotten = 1
    for (const [query, after, code] of [
      [TICKS, '', 'CURSOR_INVALID'],
      [TICKS, '0', 'CURSOR_INVALID'],
      ['subscription { managed { text } }', '1', 'FORBIDDEN'],
    ] as const) {
      const managed = code === 'FORBIDDEN'
      const key = { name: 'reader', key: 'canary-reader-key-0001', scopes: ['telephony:read'] }
      const asked = managed ? await start({ config: { callers: { apiKeys: [key] } } }) : server
      const headers = { ...EVENT_STREAM, ...(managed && { authorization: `Bearer ${key.key}` }) }
      const answer = await stream(asked, { query, headers, ...(!managed && { variables: { after } }) })
      expect([answer.status, await answer.ended]).toEqual([200, true])
      const field = managed ? 'managed' : 'ticks'
      expect(answer.results()).toMatchObject([
        { data: { [field]: null }, errors: [{ path: [field], extensions: { code } }] },
      ])
      expect(answer.text()).toMatch(/event: complete\ndata: \n\n$/)
    }
  })

  test('goes on when an event fails, and shows nothing of ours', async () => {
    const server = await start()
    const ticks = await listening(server, { query: TICKS })
    server.ticker.append('fails', 'refused', 'fine')
    expect(await ticks.untilResults(3)).toMatchObject([
      {
        data: { ticks: { text: null } },
        errors: [{ path: ['ticks', 'text'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      },
      {
        errors: [{ message: 'The provider did not answer', extensions: { code: 'PROVIDER_TIMEOUT', retryable: true } }],
      },
      { data: { ticks: { text: 'fine' } } },
    ])
    expect(ticks.text() + server.logLines.join()).not.toContain('canary')
    // The operator finds the defect by what the client was shown.
    const [{ errors }] = ticks.results() as unknown as [{ errors: [{ extensions: { requestId: string } }] }]
    expect(server.logged('defect')).toMatchObject([{ requestId: errors[0].extensions.requestId, error: 'TypeError' }])
  })

  test('ends with a last result when its feed breaks, and shows nothing of ours', async () => {
    const server = await start()
    server.ticker.append('one', 'broken feed')
    const ticks = await stream(server, { query: TICKS, variables: { after: '0' } })
    expect(await ticks.ended).toBe(true)
    expect(ticks.results()).toMatchObject([
      { data: { ticks: { text: 'one' } } },
      { data: { ticks: null }, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ])
    expect(ticks.text()).toMatch(/event: complete\ndata: \n\n$/)
    expect(ticks.text() + server.logLines.join()).not.toContain('canary')
    expect(server.logged('subscription ended')).toMatchObject([{ how: 'failed', events: 2 }])
  })

  test('begins with what its feed has to say first', async () => {
    const server = await start()
    const states = await listening(server, { query: 'subscription { states { text } }' })
    server.ticker.append('changed')
    expect(await states.untilResults(2)).toEqual(['state', 'changed'].map((text) => ({ data: { states: { text } } })))
  })

  test('is kept alive by comments, and forgotten when its client goes', async () => {
    const server = await start()
    const ticks = await listening(server, { query: TICKS })
    const before = ticks.text().length
    server.clock.advance(12)
    await until(() => ticks.text().length > before)
    expect(ticks.text()).toBe(':\n\n:\n\n')
    ticks.destroy()
    await until(() => server.ticker.listeners === 0)
    await until(() => server.logged('subscription ended').length === 1)
    expect(server.logged('subscription ended')).toMatchObject([{ how: 'client', operation: 'Ticks', transport: 'sse' }])
    expect(server.logged('subscribed')).toMatchObject([{ operation: 'Ticks', transport: 'sse' }])
    expect(await server.metrics()).toContain('dialgraph_subscriptions_total{transport="sse",end="client"} 1')
  })

  test('tells what each event has read where that is asked for', async () => {
    const server = await start()
    const headers = { ...EVENT_STREAM, 'x-dialgraph-explain': '1' }
    const ticks = await listening(server, { query: TICKS, headers })
    server.ticker.append('one')
    expect(await ticks.untilResults(1)).toMatchObject([{ extensions: { explain: { totals: { requests: 0 } } } }])
  })

  test.each(['planned', 'compiled', 'interpreted', 'adaptive'] as const)(
    'reads arguments and aliases when %s',
    async (executor) => {
      const server = await start({ executor })
      const query =
        'subscription S($n: Int!, $no: Boolean!) { tick: ticks { ...T __typename } } fragment T on Tick { loud: shout(times: $n) shout cursor @include(if: $no) }'
      const ticks = await listening(server, { query, variables: { n: 2, no: false } })
      server.ticker.append('ab', 'cd')
      expect(await ticks.untilResults(2)).toEqual([
        { data: { tick: { loud: 'ABAB', shout: 'AB', __typename: 'Tick' } } },
        { data: { tick: { loud: 'CDCD', shout: 'CD', __typename: 'Tick' } } },
      ])
    },
  )
})

describe('queries and mutations over the same way', () => {
  test('are answered as one event, or as JSON to whoever takes it', async () => {
    const server = await start()
    const only = await stream(server, { query: 'mutation { tick(text: "a") }' })
    expect(await only.ended).toBe(true)
    expect(only.text()).toBe(':\n\nevent: next\ndata: {"data":{"tick":"a"}}\n\nevent: complete\ndata: \n\n')
    const list = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed'
    const both = await stream(server, { query: '{ hello }', headers: { accept: list } })
    await both.ended
    expect([both.headers['content-type'], both.text()]).toEqual([
      'application/graphql-response+json; charset=utf-8',
      '{"data":{"hello":null}}',
    ])
    const failed = await stream(server, { query: '{ fails }' })
    await failed.ended
    expect(failed.results()).toMatchObject([{ data: { fails: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
  })

  test('change nothing by GET', async () => {
    const server = await start()
    const forged = await stream(server, { query: 'mutation { tick(text: "a") }', method: 'GET' })
    await forged.ended
    expect(forged.status).toBe(405)
    expect(server.ticker.log).toEqual([])
  })
})

test('the client of graphql-sse is served, comes back after a cut, and misses nothing', async () => {
  const server = await start()
  let cursor = '0'
  const seen: unknown[] = []
  const client = createClient({ url: `${server.url}/graphql`, retryAttempts: 5, retry: async () => {} })
  open.push({ close: () => client.dispose() })
  const follow = async () => {
    const variables = { after: cursor }
    for await (const { data } of client.iterate<{ ticks: { text: string; cursor: string } }>({
      query: TICKS,
      variables,
    })) {
      seen.push(data!.ticks.text)
      cursor = data!.ticks.cursor
      if (data!.ticks.text === 'last') return
    }
  }
  server.ticker.append('one')
  const followed = follow()
  await until(() => seen.length === 1)
  server.ticker.append('two', 'last')
  await followed
  expect(seen).toEqual(['one', 'two', 'last'])
})
