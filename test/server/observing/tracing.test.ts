import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { AsyncLocalStorage } from 'node:async_hooks'

import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base'

import { startHarness, type Harness } from '../../sandbox/harness.js'
import { leakIn } from '../../support/leaks.js'

/** As a host's `otel.js` registers them; the context manager and the propagator are the least that OpenTelemetry asks of one. */
const exporter = new InMemorySpanExporter()
const store = new AsyncLocalStorage<Context>()
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])$/

function register(): void {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager({
    active: () => store.getStore() ?? ROOT_CONTEXT,
    with: (own, fn, self, ...parameters) => store.run(own, () => fn.apply(self!, parameters)),
    bind: (own, target) =>
      typeof target === 'function'
        ? (((...all: unknown[]) =>
            store.run(own, () => (target as (...all: unknown[]) => unknown)(...all))) as typeof target)
        : target,
    enable() {
      return this
    },
    disable() {
      return this
    },
  })
  propagation.setGlobalPropagator({
    inject: (_context, carrier: Record<string, string>) => void (carrier['traceparent'] = 'must not be sent'),
    extract(own, carrier: Record<string, string>) {
      const [, traceId, spanId, flags] = TRACEPARENT.exec(carrier['traceparent'] ?? '') ?? []
      return traceId && spanId
        ? trace.setSpanContext(own, { traceId, spanId, traceFlags: Number(flags), isRemote: true })
        : own
    },
    fields: () => ['traceparent'],
  })
}

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/authorizationCode', desk: 'rails-api-v1/password' },
    limits: { attempts: 1, providerConcurrency: 1 },
  })
})
afterAll(async () => {
  await harness.close()
  trace.disable()
  context.disable()
  propagation.disable()
})

const QUESTION = 'query Profiles { accounts { nodes { profile { name } } } }'

/** Spans end a moment after the answer has left. */
async function spansOf(name: string): Promise<readonly ReadableSpan[]> {
  for (;;) {
    const spans = exporter.getFinishedSpans()
    if (spans.some((span) => span.name === name)) return spans
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('with an OpenTelemetry SDK in the process', () => {
  beforeAll(register)
  beforeEach(() => {
    exporter.reset()
    harness.clear()
    harness.advance(8_000)
  })

  test("a client's trace goes on through its request, the requests to providers and those to token endpoints", async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    await harness.query(QUESTION, {}, { traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'x-request-id': 'r-17' })
    const spans = await spansOf('POST /graphql')
    expect(spans.map(({ name }) => name).sort()).toEqual([
      'GET bulutfon',
      'GET rails-api-v1',
      'POST /graphql',
      'POST bulutfon token',
      'POST rails-api-v1 token',
    ])
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]))
    const server = spans.find(({ name }) => name === 'POST /graphql')!
    expect(server).toMatchObject({ kind: SpanKind.SERVER, parentSpanContext: { spanId: 'b7ad6b7169203331' } })
    expect(server.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Profiles',
      'dialgraph.request_id': 'r-17',
    })
    for (const span of spans.filter((one) => one !== server))
      expect(span).toMatchObject({ kind: SpanKind.CLIENT, parentSpanContext: { spanId: server.spanContext().spanId } })
    const provider = spans.find(({ name }) => name === 'GET bulutfon')!
    const { hostname, port } = new URL(harness.emulators.bulutfon.url)
    expect(provider.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': hostname,
      'server.port': Number(port),
      'http.response.status_code': 200,
      'dialgraph.provider': 'bulutfon',
      'dialgraph.account_id': expect.any(String),
    })
  })

  test('no provider is told of any trace', async () => {
    await harness.query(QUESTION)
    const requests = Object.values(harness.emulators).flatMap((emulator) => emulator.journal.entries)
    expect(requests.length).toBeGreaterThan(3)
    for (const { headers } of requests) expect(headers).not.toHaveProperty('traceparent')
  })

  test('what failed says so, by its code', async () => {
    harness.emulators.bulutfon.faults.next({ path: /me|user|v1/i, status: 503, times: Infinity })
    await harness.query(QUESTION)
    const spans = await spansOf('POST /graphql')
    const provider = spans.find(({ name }) => name === 'GET bulutfon')!
    expect(provider).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'http.response.status_code': 503, 'error.type': '503' },
    })
    expect(spans.find(({ name }) => name === 'POST /graphql')!.attributes).toMatchObject({
      'error.type': 'PROVIDER_UNAVAILABLE',
      'dialgraph.error_codes': ['PROVIDER_UNAVAILABLE'],
    })
  })

  test('two operations at once have each its own requests below it, though they wait in one queue', async () => {
    const ids = ['1'.repeat(32), '2'.repeat(32)]
    const lists = ['dids', 'extensions']
    await harness.query(QUESTION)
    exporter.reset()
    await Promise.all(
      lists.map((list, index) =>
        harness.query(
          `{ account(key: "izmir") { ${list}(first: 5) { totalCount } } }`,
          {},
          {
            traceparent: `00-${ids[index]}-${'b'.repeat(16)}-01`,
          },
        ),
      ),
    )
    const count = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name)
    while (count('POST /graphql').length < 2) await new Promise((resolve) => setImmediate(resolve))
    const requests = count('GET bulutfon')
    expect(requests.length).toBeGreaterThanOrEqual(2)
    const parents = requests.map(({ parentSpanContext }) => parentSpanContext!.spanId)
    expect(new Set(parents)).toEqual(new Set(count('POST /graphql').map((span) => span.spanContext().spanId)))
    expect(new Set(requests.map((span) => span.spanContext().traceId))).toEqual(new Set(ids))
  })

  test('no attribute holds a path, a query, a number or a secret', async () => {
    await harness.query(
      'query P905550000001 { phoneNumber(number: "+905550000001") { dids { number } } dids { nodes { number } } }',
    )
    await fetch(`${harness.url}/recordings/${'x'.repeat(40)}?token=905550000001`)
    await fetch(`${harness.url}/connect/905550000001`, { redirect: 'manual' })
    await spansOf('GET /recordings/*')
    const told = JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    )
    expect(told).toContain('/connect/:accountId')
    expect(told).not.toMatch(/905550000001|xxxx|\?|=/)
    expect(leakIn(told)).toBeNull()
  })

  test('health and figures are not traced', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) await fetch(harness.url + path)
    await harness.query('{ __typename }')
    expect((await spansOf('POST /graphql')).map(({ name }) => name)).toEqual(['POST /graphql'])
  })
})

test('the span of a delivery names its route, and nothing of its address', async () => {
  exporter.reset()
  const token = 'Zm9yZ290dGVuLWluLW5vLXRyYWNlLWF0LWFsbC1ldmVy'
  const answer = await fetch(`${harness.url}/webhooks/izmir/${token}`, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(404)
  const spans = await spansOf('POST /webhooks/*')
  expect(JSON.stringify(spans.map(({ name, attributes, events }) => ({ name, attributes, events })))).not.toContain(
    token,
  )
})
