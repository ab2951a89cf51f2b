import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../src/model/id.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { memoryStore } from '../../src/store/memory.js'
import { startSandboxedServer, type SandboxedServer } from './sandboxed-server.js'

const PROFILES = '{ accounts { nodes { key profile { name } } } }'

let server: SandboxedServer

const post = (query: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  })

const requests = () =>
  [...server.sandbox.emulators.values()].reduce((sum, { journal }) => sum + journal.entries.length, 0)

beforeAll(async () => {
  server = await startSandboxedServer()
})
beforeEach(() => {
  for (const { faults, journal } of server.sandbox.emulators.values()) {
    faults.clear()
    journal.clear()
  }
})
afterAll(() => server.close())

describe('the whole server', () => {
  test('asks nobody anything until it is asked', () => {
    expect(requests()).toBe(0)
  })

  test('tells which account is sick, and gives what the others gave', async () => {
    await post(PROFILES)
    server.sandbox.emulators
      .get('ipex')!
      .faults.next({ path: /users\/me/, status: 503, body: 'canary-body', times: Infinity })
    const response = await post(PROFILES, { 'x-request-id': 'sick-one' })
    const { data, errors } = (await response.json()) as {
      data: { accounts: { nodes: { key: string; profile: { name: string } | null }[] } }
      errors: { message: string; path: unknown[]; extensions: Record<string, unknown> }[]
    }
    expect(response.status).toBe(200)
    expect(data.accounts.nodes.map(({ key, profile }) => [key, profile !== null])).toEqual([
      ['izmir', true],
      ['prague', false],
      ['mailings', true],
      ['directory', true],
      ['ankara', true],
    ])
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['accounts', 'nodes', 1, 'profile'],
        extensions: expect.objectContaining({
          code: 'PROVIDER_UNAVAILABLE',
          provider: 'ipex',
          accountId: globalId('Account', 'prague'),
          retryable: true,
          requestId: 'sick-one',
        }),
      }),
    ])
    expect(JSON.stringify(errors)).not.toContain('canary-body')
  })

  test('lets go of its requests to providers when its client has gone', async () => {
    const emulator = server.sandbox.emulators.get('bulutfon')!
    emulator.faults.next({ path: /\/me$/, hang: true })
    const client = new AbortController()
    const answer = post('{ account(key: "izmir") { profile { name } } }', { 'x-request-id': 'gone' }, client.signal)
    answer.catch(() => {})
    while (emulator.journal.apiRequests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const left = performance.now()
    client.abort()
    await expect(answer).rejects.toThrow()
    const izmir = server.accounts.find(({ key }) => key === 'izmir')!
    while (izmir.health().lastFailureAt === null) await new Promise((resolve) => setImmediate(resolve))
    // Long before the provider's own deadline.
    expect(performance.now() - left).toBeLessThan(2_000)
    const lines = server.logLines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.find(({ requestId }) => requestId === 'gone')).toMatchObject({ msg: 'operation', status: 499 })
  })

  test('writes no secret of any login into its log', () => {
    const secrets = server.sandbox.accounts.flatMap(({ auth }) =>
      Object.entries(auth).flatMap(([key, value]) =>
        /password|secret|token/i.test(key) && typeof value === 'string' ? [value] : [],
      ),
    )
    expect(secrets.length).toBeGreaterThan(3)
    for (const secret of secrets) expect(server.logLines.join('\n')).not.toContain(secret)
    expect(server.logLines.some((line) => line.includes('"msg":"login"'))).toBe(true)
  })
})

test('a server whose store is gone lives and is not ready', async () => {
  const store = { ...memoryStore(), read: () => Promise.reject(new Error('the disk is gone')) }
  const log = createLog({ write: () => true })
  const config = checkConfig({ server: { port: 0 }, store: { url: 'memory:' } }, [], { environment: {} })
  const running = await startServer(config, { providers: [], log, store })
  const statuses = await Promise.all(
    ['/healthz', '/readyz'].map(async (path) => (await fetch(running.url + path)).status),
  )
  expect(statuses).toEqual([200, 503])
  await running.close()
})

test('a server that cannot listen says why and lets go of everything', async () => {
  const { port } = new URL(server.url)
  const log = createLog({ write: () => true })
  const config = checkConfig({ server: { port: Number(port) }, store: { url: 'memory:' } }, [], { environment: {} })
  await expect(startServer(config, { providers: [], log })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
