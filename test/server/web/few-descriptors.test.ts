import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { RailsApiV1Emulator } from '../../../src/providers/rails-api-v1/emulator/emulator.js'
import { startRailsApiV1Emulator } from '../../../src/providers/rails-api-v1/emulator/emulator.js'
import { isBuilt } from '../../calls/built-server.js'

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const DESCRIPTORS = 256

const hasLimits = spawnSync('prlimit', ['--version']).status === 0
const lacking = hasLimits ? (isBuilt ? null : '`npm run build` was not run') : 'there is no prlimit'
const suite = lacking ? describe.skip : describe
suite(`a server that may open ${DESCRIPTORS} files${lacking ? ` (skipped: ${lacking})` : ''}`, () => {
  let emulator: RailsApiV1Emulator
  let child: ChildProcess
  let url: string
  beforeAll(async () => {
    emulator = await startRailsApiV1Emulator({ scale: 0.02 })
    const file = join(mkdtempSync(join(tmpdir(), 'dialgraph-few-')), 'config.json')
    const accounts = [{ id: 'desk', ...emulator.accounts['password'] }]
    const config = { server: { port: 0 }, store: { url: 'memory:' }, limits: { cacheBytes: 0 }, accounts }
    writeFileSync(file, JSON.stringify(config))
    child = spawn(process.execPath, [MAIN, '--config', file], { stdio: ['ignore', 'pipe', 'ignore'] })
    for await (const line of createInterface(child.stdout!)) {
      url = /^GraphQL: +(http:\/\/\S+)\/graphql$/.exec(line)?.[1] ?? ''
      if (url) break
    }
    child.stdout!.resume()
    // Not from its first moment on: Node itself opens more than that, to read all the modules.
    execFileSync('prlimit', ['--pid', String(child.pid), `--nofile=${DESCRIPTORS}`])
  }, 60_000)
  afterAll(async () => {
    child.kill('SIGKILL')
    await emulator.close()
  })

  const ask = async (): Promise<unknown> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ query: '{ account(key: "desk") { profile { email } } }' }),
      signal: AbortSignal.timeout(5_000),
    })
    return response.json()
  }
  const answer = { data: { account: { profile: { email: expect.any(String) } } } }

  test('lives through more connections than that, and answers again when they are gone', async () => {
    expect(await ask()).toEqual(answer)
    const sockets: Socket[] = []
    const { hostname, port } = new URL(url)
    for (let index = 0; index < 2 * DESCRIPTORS; index++) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      sockets.push(socket)
    }
    await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
    // Nobody else gets in now, or gets to the provider; and that is all that happens.
    const crowded = await ask().catch(() => null)
    expect(crowded).not.toEqual(answer)
    expect(child.exitCode).toBeNull()
    for (const socket of sockets) socket.destroy()
    const began = performance.now()
    for (let again = await ask().catch(() => null); again === null; again = await ask().catch(() => null))
      await sleep(20)
    expect(await ask()).toEqual(answer)
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(child.exitCode).toBeNull()
  }, 60_000)
})
