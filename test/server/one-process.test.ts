import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import type { BulutfonEmulator } from '../../src/providers/bulutfon/emulator/emulator.js'
import { startBulutfonEmulator } from '../../src/providers/bulutfon/emulator/emulator.js'
import { isBuilt } from '../calls/built-server.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const SECRET = 'canary-77b1'

/** Loaded into the server's process: fails on command in ways that no request can be blamed for. */
const SABOTAGE = `data:text/javascript,${encodeURIComponent(`
  const secret = ['${SECRET.slice(0, 6)}', '${SECRET.slice(6)}'].join('')
  process.on('SIGUSR2', () => { Promise.reject(new Error(secret)); Promise.reject(secret); Promise.reject() })
  process.on('SIGHUP', () => { throw new Error(secret) })
`)}`

let emulator: BulutfonEmulator
let child: ChildProcess
let url: string
let complaints: string

async function start(nodeOptions: readonly string[], limits: object = {}): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'dialgraph-process-')), 'config.json')
  const accounts = [{ id: 'izmir', ...emulator.accounts['masterToken'] }]
  writeFileSync(file, JSON.stringify({ server: { port: 0 }, store: { url: 'memory:' }, limits, accounts }))
  child = spawn(process.execPath, [...nodeOptions, MAIN, 'start', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  complaints = ''
  child.stderr!.on('data', (chunk) => (complaints += String(chunk)))
  url = ''
  for await (const line of createInterface(child.stdout!)) {
    url = /^GraphQL: +(\S+)$/.exec(line)?.[1] ?? ''
    if (url) break
  }
  child.stdout!.resume()
}

async function ask(query: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, text: await response.text() }
}

/** `npm run proof:hostile` has more of them. */
const CLIENTS = process.env['PROOF_TIMES'] ? 100 : 12

const suite = isBuilt ? describe : describe.skip
suite(`the process of a server${isBuilt ? '' : ' (skipped: `npm run build` was not run)'}`, () => {
  beforeAll(async () => {
    emulator = await startBulutfonEmulator({ scale: 0.2 })
  })
  afterEach(() => void child.kill('SIGKILL'))
  afterAll(() => emulator.close())

  test('lives on when something that nobody waits for fails, and ends with 2 when it cannot know what state it is in', async () => {
    await start(['--import', SABOTAGE])
    child.kill('SIGUSR2')
    while (complaints.split('"msg":"defect"').length < 4) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(JSON.parse((await ask('{ viewer { workspace } }')).text)).toEqual({
      data: { viewer: { workspace: 'default' } },
    })
    child.kill('SIGHUP')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(2)
    expect(complaints).not.toContain(SECRET)
  })

  test(`with little memory answers, or turns away, ${CLIENTS} of the largest questions at once`, async () => {
    await start(['--max-old-space-size=256'])
    for (const question of LARGEST) {
      const answers = await Promise.all(Array.from({ length: CLIENTS }, () => ask(question)))
      expect(
        [...new Set(answers.map(({ status }) => status))].filter((status) => status !== 200 && status !== 503),
      ).toEqual([])
    }
    expect(child.exitCode).toBeNull()
    expect((await ask('{ viewer { workspace } }')).status).toBe(200)
  })
})

const CALL =
  'id providerResourceId fetchedAt raw kind direction startedAt answeredAt endedAt durationSeconds disposition caller { number rawNumber extension { id number displayName email } } callee { number rawNumber extension { id number displayName email } }'

/** What passes the limits and holds as much as it can: nearly 20,000 values. */
const LARGEST = [
  `{ ${[...'abc'].map((name) => `${name}: callRecords(first: 100) { nodes { ${CALL} } }`).join(' ')} }`,
  '{ groups(first: 2) { nodes { members(first: 80) { nodes { ... on Extension { id raw number displayName email dids(first: 5) { nodes { id raw number rawNumber status } } } } } } } }',
]
