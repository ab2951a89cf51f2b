import { get } from 'node:http'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { createMetrics } from '../../../src/server/observing/metrics.js'
import { startServer } from '../../../src/server/server.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'

/** Values by name and labels, as they stand in the text. */
async function figuresOf(url: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

let harness: Harness
/** How much each figure has grown since. */
async function since(before: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const now = await figuresOf(harness.url)
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, value]) =>
      value !== (before[name] ?? 0) ? [[name, value - (before[name] ?? 0)]] : [],
    ),
  )
}

beforeAll(async () => {
  harness = await startHarness({
    accounts: { izmir: 'bulutfon/password', desk: 'rails-api-v1/password' },
    limits: { breakerFailures: 2, attempts: 1, breakerOpenMs: 600_000, cacheBytes: 1_000_000 },
  })
})
afterAll(() => harness.close())

const PROFILE = 'query Profiles { accounts { nodes { profile { name } } } }'

describe('GET /metrics', () => {
  test('counts operations by kind, requests by route, and what providers were asked', async () => {
    const before = await figuresOf(harness.url)
    await harness.query(PROFILE)
    await harness.query('mutation { accountUnlink(input: { accountId: "none" }) { unlinkedAccountId } }')
    await harness.query('{ accounts { nodes { key } } ')
    const grown = await since(before)
    expect(grown).toMatchObject({
      'dialgraph_operations_total{kind="query",status="200",errors="none"}': 1,
      'dialgraph_operations_total{kind="none",status="400",errors="some"}': 1,
      'dialgraph_errors_total{code="GRAPHQL_PARSE_FAILED"}': 1,
      'dialgraph_requests_total{route="/graphql",method="POST",status="200"}': 2,
      'dialgraph_requests_total{route="/graphql",method="POST",status="400"}': 1,
      'dialgraph_operation_duration_seconds_count{kind="mutation"}': 1,
      'dialgraph_provider_requests_total{provider="bulutfon",outcome="2xx"}': 1,
      'dialgraph_provider_request_duration_seconds_count{provider="bulutfon",outcome="2xx"}': 1,
      'dialgraph_token_request_duration_seconds_count{provider="rails-api-v1",flow="OAUTH2_PASSWORD",outcome="2xx"}': 1,
      'dialgraph_login_events_total{flow="OAUTH2_PASSWORD",reason="first use",outcome="logged in"}': 1,
      'dialgraph_cache_reads_total{result="miss"}': 2,
      dialgraph_cache_answers: 2,
    })
    expect(grown['dialgraph_cache_bytes']).toBeGreaterThan(500)
    await harness.query(PROFILE)
    expect(await since(before)).toMatchObject({ 'dialgraph_cache_reads_total{result="hit"}': 2 })
  })

  test('tells what went wrong upstream by its code, and which circuits are open', async () => {
    const before = await figuresOf(harness.url)
    expect(before['dialgraph_circuits{provider="bulutfon",state="CLOSED"}']).toBe(1)
    harness.advance(8_000)
    harness.emulators.bulutfon.faults.next({ status: 503 })
    await harness.query(PROFILE)
    harness.advance(8_000)
    harness.emulators.bulutfon.faults.next({ reset: true })
    await harness.query(PROFILE)
    harness.emulators.bulutfon.faults.clear()
    await harness.query(PROFILE)
    expect(await since(before)).toMatchObject({
      'dialgraph_provider_requests_total{provider="bulutfon",outcome="5xx"}': 1,
      'dialgraph_provider_requests_total{provider="bulutfon",outcome="PROVIDER_UNAVAILABLE"}': 1,
      'dialgraph_errors_total{code="PROVIDER_UNAVAILABLE"}': 3,
      'dialgraph_circuits{provider="bulutfon",state="CLOSED"}': -1,
      'dialgraph_circuits{provider="bulutfon",state="OPEN"}': 1,
    })
    const failures = harness.logLines
      .map((line) => JSON.parse(line) as object)
      .filter((line) => 'msg' in line && line.msg === 'provider failed')
    expect(failures).toEqual([
      expect.objectContaining({
        level: 'warn',
        provider: 'bulutfon',
        account: 'izmir',
        status: 503,
        code: null,
        requestId: expect.any(String),
      }),
      expect.objectContaining({ provider: 'bulutfon', account: 'izmir', status: null, code: 'PROVIDER_UNAVAILABLE' }),
    ])
  })

  test('knows what is under way while it is under way', async () => {
    harness.advance(8_000)
    harness.emulators['rails-api-v1'].faults.next({ path: /api/, hang: true })
    const gone = new AbortController()
    const asked = fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ account(key: "desk") { profile { email } } }' }),
      signal: gone.signal,
    })
    let figures = await figuresOf(harness.url)
    while (figures['dialgraph_provider_requests_pending{provider="rails-api-v1",state="under way"}'] !== 1)
      figures = await figuresOf(harness.url)
    // This very look at the figures is a request, too.
    expect(figures['dialgraph_requests_active']).toBe(2)
    gone.abort()
    await expect(asked).rejects.toThrow()
    while (figures['dialgraph_requests_active'] !== 1) figures = await figuresOf(harness.url)
    expect(figures).toMatchObject({
      'dialgraph_requests_total{route="/graphql",method="POST",status="499"}': 1,
      'dialgraph_provider_requests_pending{provider="rails-api-v1",state="waiting"}': 0,
    })
    harness.emulators['rails-api-v1'].faults.clear()
  })

  test('an operation took as long as the provider it waited for, and its log line says so, too', async () => {
    harness.advance(8_000)
    const before = await figuresOf(harness.url)
    harness.emulators['rails-api-v1'].faults.next({ path: /api/, delayMs: 60 })
    await harness.query('query Slow { account(key: "desk") { profile { email } } }')
    const grown = await since(before)
    // Timers of Node may be a millisecond early.
    expect(grown['dialgraph_operation_duration_seconds_sum{kind="query"}']).toBeGreaterThan(0.055)
    const lines = harness.logLines.map((line) => JSON.parse(line) as { operation?: string; durationMs?: number })
    expect(lines.find(({ operation }) => operation === 'Slow')?.durationMs).toBeGreaterThan(55)
  })

  test('has few labels, and says nothing of accounts, callers and numbers', async () => {
    for (const path of ['/graphql?query=%7Ba%7D', '/+905550000001', '/connect/izmir', '/recordings/x', '/wp-login.php'])
      await fetch(harness.url + path, { headers: { 'apollo-require-preflight': '1' }, redirect: 'manual' })
    await harness.query(`query P905550000001 { __typename }`)
    await new Promise((resolve) =>
      get(`${harness.url}/graphql`, { headers: { host: 'no host' } }, (answer) => answer.resume().on('end', resolve)),
    )
    const text = await (await fetch(`${harness.url}/metrics`)).text()
    expect(text).not.toMatch(/izmir|desk|905550000001|wp-login/)
    expect(text).toContain('route="none",method="GET",status="404"')
    expect(text).toContain('dialgraph_requests_total{route="/graphql",method="GET",status="400"} 2')
    const labels = [...text.matchAll(/(\w+)="([^"]*)"/g)].filter(([, name]) => name !== 'le')
    const values = new Map<string, Set<string>>()
    for (const [, name, value] of labels) values.set(name!, (values.get(name!) ?? new Set()).add(value!))
    for (const [name, seen] of values) expect({ name, few: seen.size < 20 }).toEqual({ name, few: true })
  })
})

test('places where answers are not as documented are counted each, and together once they are many', async () => {
  const metrics = createMetrics({ accounts: () => [], providerOf: () => null, wholeProcess: false })
  for (let place = 0; place < 600; place++) metrics.contractDrift('bulutfon', `Did.field${place}`)
  const text = await metrics.text()
  expect(text.match(/dialgraph_contract_drift_total\{/g)).toHaveLength(501)
  expect(text).toContain('dialgraph_contract_drift_total{provider="bulutfon",place="other"} 100')
})

test('requests that were too many are counted, by route', async () => {
  const key = 'a-key-of-24-letters-at-least'
  const config = checkConfig(
    {
      server: { port: 0 },
      store: { url: 'memory:' },
      callers: { apiKeys: [{ name: 'dashboard', key, scopes: ['telephony:read'] }] },
      limits: { requestsPerSecond: 1, requestBurst: 1 },
    },
    [],
    { environment: {} },
  )
  const server = await startServer(config, { providers: [], log: createLog({ write: () => true }) })
  const ask = () =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{"query":"{ __typename }"}',
    })
  const statuses = [await ask(), await ask(), await ask()].map(({ status }) => status)
  expect(statuses).toContain(429)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const refused = statuses.filter((status) => status === 429).length
  expect(text).toContain(`dialgraph_rate_limited_total{route="/graphql"} ${refused}`)
  expect(text).toContain(`dialgraph_errors_total{code="RATE_LIMITED"} ${refused}`)
  expect(text).not.toMatch(/dashboard|a-key-of/)
  await server.close()
})
