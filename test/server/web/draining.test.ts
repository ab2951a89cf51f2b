import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { providers } from '../../../src/providers/index.js'
import type { RailsApiV1Emulator } from '../../../src/providers/rails-api-v1/emulator/emulator.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer, type RunningServer } from '../../../src/server/server.js'
import { openStore } from '../../../src/store/open-store.js'
import { isBuilt } from '../../calls/built-server.js'

const QUESTION = '{ account(key: "desk") { profile { email } } }'
const ask = (url: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUESTION }),
  })

let emulator: RailsApiV1Emulator
beforeAll(async () => {
  const rails = providers.find(({ slug }) => slug === 'rails-api-v1')!
  emulator = (await (await rails.emulator())({ scale: 0.02 })) as RailsApiV1Emulator
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

const document = (limits: object, store: object = { url: 'memory:' }) => ({
  ...{ server: { port: 0 }, store },
  // Nothing is answered from a cache: every question needs the login.
  limits: { cacheBytes: 0, ...limits },
  accounts: [{ id: 'desk', ...emulator.accounts['password'] }],
})

async function startHere(limits: object, store?: object, lines: string[] = []): Promise<RunningServer> {
  const log = createLog({ write: (line: string) => void lines.push(line) })
  return startServer(checkConfig(document(limits, store), providers, { environment: {} }), { providers, log })
}

/** One request over a connection of this agent's. */
async function over(agent: Agent, url: string): Promise<{ status: number; connection: string | undefined }> {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  return { status: answer.statusCode!, connection: answer.headers.connection }
}

describe('a server that is told to stop', () => {
  test('is not ready first, and still answers whoever comes until that can have been noticed, closing each connection', async () => {
    const server = await startHere({ drainNoticeMs: 1_500 })
    const agent = new Agent({ keepAlive: true })
    expect(await over(agent, `${server.url}/readyz`)).toEqual({ status: 200, connection: 'keep-alive' })
    const closed = server.close()
    expect(await over(agent, `${server.url}/readyz`)).toEqual({ status: 503, connection: 'close' })
    expect(await over(agent, `${server.url}/healthz`)).toEqual({ status: 200, connection: 'close' })
    expect((await ask(server.url)).status).toBe(200)
    expect(await closed).toBe(true)
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
    agent.destroy()
  })

  test('does not wait to be noticed where nobody asks', async () => {
    const server = await startHere({ drainNoticeMs: 60_000, drainTimeoutMs: 60_000 })
    expect((await ask(server.url)).status).toBe(200)
    expect(await server.close()).toBe(true)
  })

  test('lets what runs finish, a refresh of a login included, and what it was granted is stored', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-drain-'))
    const store = { url: `sqlite:${join(folder, 'logins.db')}`, encryptionKeys: [randomBytes(32).toString('base64')] }
    const server = await startHere({ drainNoticeMs: 0 }, store)
    await ask(server.url)
    emulator.expireAccessTokens()
    let goOn = () => {}
    emulator.faults.next({ path: /token/, until: new Promise<void>((resolve) => (goOn = resolve)) })
    const answer = ask(server.url)
    while (emulator.journal.tokenRequests.length < 2) await new Promise((resolve) => setImmediate(resolve))
    const closed = server.close()
    goOn()
    expect(await (await answer).json()).toEqual({ data: { account: { profile: { email: expect.any(String) } } } })
    expect(await closed).toBe(true)
    const kept = await openStore(store.url, store.encryptionKeys)
    expect(await kept.read('desk')).toMatchObject({ generation: 2, status: 'ACTIVE', intent: null })
    await kept.close()
    rmSync(folder, { recursive: true })
  })

  test('says so when something had to be cut off', async () => {
    const lines: string[] = []
    const server = await startHere({ drainTimeoutMs: 200 }, undefined, lines)
    emulator.faults.next({ path: /api/, hang: true })
    const answer = ask(server.url)
    answer.catch(() => {})
    while (emulator.journal.apiRequests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await server.close()).toBe(false)
    await expect(answer).rejects.toThrow()
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ level: 'warn', msg: 'stopped', complete: false })
  })
})

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** The built server in a process of its own, and its address. */
async function startProcess(
  config: object,
): Promise<{ child: ChildProcess; url: string; exit: Promise<number | null> }> {
  const file = join(mkdtempSync(join(tmpdir(), 'dialgraph-drain-')), 'config.json')
  writeFileSync(file, JSON.stringify(config))
  const child = spawn(process.execPath, [MAIN, '--config', file], { stdio: ['ignore', 'pipe', 'ignore'] })
  running.push(child)
  const exit = once(child, 'close').then(([code]) => code as number | null)
  for await (const line of createInterface(child.stdout)) {
    const url = /^GraphQL: +(http:\/\/\S+)\/graphql$/.exec(line)?.[1]
    if (url) return { child, url, exit }
  }
  throw new Error('the server did not start')
}

const suite = isBuilt ? describe : describe.skip
suite(isBuilt ? 'a process' : 'a process (skipped: `npm run build` was not run)', () => {
  test('whose drain limit has passed exits with 1 and leaves its refresh to the next one, announced', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-drain-'))
    const store = { url: `sqlite:${join(folder, 'logins.db')}`, encryptionKeys: [randomBytes(32).toString('base64')] }
    const { child, url, exit } = await startProcess(document({ drainTimeoutMs: 300 }, store))
    await ask(url)
    emulator.expireAccessTokens()
    emulator.faults.next({ path: /token/, hang: true, times: Infinity })
    ask(url).catch(() => {})
    while (emulator.journal.tokenRequests.length < 2) await new Promise((resolve) => setImmediate(resolve))
    child.kill('SIGTERM')
    expect(await exit).toBe(1)
    const kept = await openStore(store.url, store.encryptionKeys)
    expect(await kept.read('desk')).toMatchObject({ generation: 1, intent: { owner: expect.any(String) } })
    await kept.close()
    emulator.faults.clear()
    const lines: string[] = []
    const next = await startHere({}, store, lines)
    expect(await (await ask(next.url)).json()).not.toHaveProperty('errors')
    expect(lines.map((line) => (JSON.parse(line) as { outcome?: string }).outcome)).toEqual(
      expect.arrayContaining(['resumed', 'refreshed']),
    )
    await next.close()
    rmSync(folder, { recursive: true })
  })

  test('that is told twice exits with 1 at once', async () => {
    const { child, url, exit } = await startProcess(document({ drainTimeoutMs: 60_000, drainNoticeMs: 60_000 }))
    await fetch(`${url}/readyz`)
    child.kill('SIGTERM')
    while ((await fetch(`${url}/readyz`)).status !== 503) await new Promise((resolve) => setImmediate(resolve))
    child.kill('SIGTERM')
    expect(await exit).toBe(1)
  })
})
