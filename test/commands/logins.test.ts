import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { openDialect } from '../../src/store/open-store.js'
import { startEmulators } from '../server/logins/login-servers.js'
import { commandHere } from './command-here.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const isBuilt = existsSync(MAIN)
const key = () => randomBytes(32).toString('base64')

let emulators: Awaited<ReturnType<typeof startEmulators<'rails-api-v1'>>>
let folder: string
const children: ReturnType<typeof spawn>[] = []

beforeAll(async () => {
  emulators = await startEmulators(['rails-api-v1'])
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-cli-'))
})
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => emulators.close())

function configure(keys: readonly string[]): void {
  const accounts = [{ id: 'desk', ...emulators['rails-api-v1'].accounts.password }]
  writeFileSync(
    join(folder, 'dialgraph.config.yaml'),
    JSON.stringify({ server: { port: 0 }, store: { encryptionKeys: keys }, accounts }),
  )
}

/** In this process, except for a server that goes on. */
const dialgraph = (...commandLine: string[]) => commandHere(commandLine, folder)

/** A server in a process of its own: its address once it listens. */
async function startServer(): Promise<string> {
  const { DIALGRAPH_CONFIG: _none, ...environment } = process.env
  const child = spawn(process.execPath, [MAIN, 'start'], { cwd: folder, env: environment })
  children.push(child)
  const told = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (told.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (told.stderr += String(chunk)))
  for (;;) {
    const [, url] = /^GraphQL: +(http:\/\/\S+)\/graphql$/m.exec(told.stdout) ?? []
    if (url) return url
    if (child.exitCode !== null) throw new Error(`ended instead of listening: ${told.stderr}`)
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  }
}

/** All rows, as stored. */
async function rows(): Promise<unknown> {
  const { db } = await openDialect(`sqlite:${join(folder, 'dialgraph.db')}`)
  const tables = (await db.introspection.getTables()).map(({ name }) => name as 'grants').sort()
  const kept = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  await db.destroy()
  return kept
}

/** As a server does at its first request. */
const logIn = async () => expect(await dialgraph('accounts', 'retry', 'desk')).toMatchObject({ code: 0 })

const suite = isBuilt ? describe : describe.skip
suite(
  isBuilt ? 'the command and its store' : 'the command and its store (skipped: `npm run build` was not run)',
  () => {
    test('a configuration without a key does not start, and names the key it lacks: exit 1', async () => {
      writeFileSync(join(folder, 'dialgraph.config.yaml'), 'accounts: []\n')
      const { code, stderr } = await dialgraph('start')
      expect(code).toBe(1)
      expect(stderr).toContain('store.encryptionKeys: is required for a store that is not memory:')
      expect(readdirSync(folder)).toEqual(['dialgraph.config.yaml'])
    })

    test('a store that does not answer does not start, and its password is not told: exit 1', async () => {
      const store = `{ url: 'postgres://ada:canary-pass@127.0.0.1:1/logins', encryptionKeys: [${key()}] }`
      writeFileSync(join(folder, 'dialgraph.config.yaml'), `server: { port: 0 }\nstore: ${store}\n`)
      const { code, stdout, stderr } = await dialgraph('start')
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('store.url: the database at 127.0.0.1:1 cannot be opened (ECONNREFUSED).')
      expect(stderr).not.toContain('canary')
    })

    test('accounts retry logs in now, says what keeps a login from working, and knows no other accounts: exit 0 or 1', async () => {
      configure([key()])
      const retry = (id: string) => dialgraph('accounts', 'retry', id)
      expect(await retry('desk')).toMatchObject({ code: 0, stdout: 'desk: ACTIVE\n' })
      emulators['rails-api-v1'].revokeGrants('password')
      emulators['rails-api-v1'].faults.next({ path: /token/, status: 401, body: '{"error":"invalid_grant"}', times: 2 })
      const url = await startServer()
      const read = async () => {
        const body = JSON.stringify({ query: '{ account(key: "desk") { profile { email } } }' })
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
        return ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code
      }
      expect(await read()).toBe('REAUTHORIZATION_REQUIRED')
      emulators['rails-api-v1'].faults.next({ path: /token/, status: 401, body: '{"error":"invalid_grant"}' })
      const refused = await retry('desk')
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain('REAUTHORIZATION_REQUIRED: The provider refuses the configured credentials.')
      expect(await read()).toBe('REAUTHORIZATION_REQUIRED')
      expect(await retry('desk')).toMatchObject({ code: 0, stdout: 'desk: ACTIVE\n' })
      expect(await read()).toBeUndefined()
      const unknown = await retry('nobody')
      expect(unknown.code).toBe(1)
      expect(unknown.stderr).toContain('there is no account nobody')
    }, 60_000)

    test('logins are kept beside the configuration, and another key does not open them: exit 1, nothing changed', async () => {
      configure([key()])
      await logIn()
      const before = await rows()
      configure([key()])
      for (const command of ['start', 'accounts', 'reencrypt']) {
        const { code, stdout, stderr } = await dialgraph(command, ...(command === 'accounts' ? ['--port', '1'] : []))
        expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: '' })
        expect(stderr).toContain('store.encryptionKeys: ')
      }
      expect(await rows()).toEqual(before)
    })

    test('`accounts` tells what the store knows where no server answers, for a person and for a program', async () => {
      configure([key()])
      await logIn()
      const lines = await dialgraph('accounts', '--port', '1')
      expect(lines.stdout).toMatch(/^desk\trails-api-v1\tOAUTH2_PASSWORD\tACTIVE\t\d{4}-\d\d-\d\dT\S+Z\t\n$/)
      const json = await dialgraph('accounts', '--port', '1', '--json')
      expect(JSON.parse(json.stdout)).toMatchObject([{ id: 'desk', status: 'ACTIVE', lastError: null }])
    })

    test('`reencrypt` says how many rows it sealed anew, and leaves nothing that needs the old key', async () => {
      const [old, fresh] = [key(), key()]
      configure([old])
      await logIn()
      configure([fresh, old])
      expect(await dialgraph('reencrypt')).toEqual({
        code: 0,
        stdout: '1 row was sealed anew; no row needs another key than the first.\n',
        stderr: '',
      })
      expect((await dialgraph('reencrypt')).stdout).toContain('0 rows were sealed anew')
      configure([fresh])
      expect((await dialgraph('accounts', '--port', '1')).stdout).toContain('ACTIVE')
    })
  },
)
