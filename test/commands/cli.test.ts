import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, describe, expect, test } from '@jest/globals'

import { commandHere } from './command-here.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const CANARY = 'canary-3e77'
const isBuilt = existsSync(MAIN)

// A command that ends by itself is asked in this process, except where the process itself is asked for.
interface Run {
  readonly child: ChildProcess
  stdout: string
  stderr: string
}

const running: ChildProcess[] = []
const directory = () => mkdtempSync(join(tmpdir(), 'dialgraph-cli-'))

function dialgraph(
  commandLine: readonly string[],
  { cwd = directory(), environment = {} as Record<string, string> } = {},
): Run {
  const { DIALGRAPH_CONFIG: _none, ...inherited } = process.env
  const child = spawn(process.execPath, [MAIN, ...commandLine], { cwd, env: { ...inherited, ...environment } })
  const run: Run = { child, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (run.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (run.stderr += String(chunk)))
  running.push(child)
  return run
}

async function ended(run: Run): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [code] = (await once(run.child, 'close')) as [number | null]
  return { code, stdout: run.stdout, stderr: run.stderr }
}

/** The URL a started server printed. */
async function listening(run: Run): Promise<string> {
  for (;;) {
    const [, url] = /^GraphQL: +(http:\/\/\S+)\/graphql$/m.exec(run.stdout) ?? []
    if (url) return url
    if (run.child.exitCode !== null) throw new Error(`ended instead of listening: ${run.stderr}`)
    await Promise.race([once(run.child.stdout!, 'data'), once(run.child, 'close')])
  }
}

const configured = (text: string, cwd = directory()) => {
  writeFileSync(join(cwd, 'dialgraph.config.yaml'), text)
  return cwd
}

/** An account without an upstream: starting sends nothing to it. */
const ONE_ACCOUNT = `
store: { url: 'memory:' }
accounts:
  - id: office
    provider: bulutfon
    label: Office
    auth: { flow: static_token, token: '\${TOKEN}' }
`

afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** A query by GET must not be one that a page of another origin can send. */
const PREFLIGHT = { 'apollo-require-preflight': 'true' }

const suite = isBuilt ? describe : describe.skip
suite(isBuilt ? 'dialgraph' : 'dialgraph (skipped: `npm run build` was not run)', () => {
  test('explains itself and exits 0, and a mistake of the user exits 1, with no more than that', async () => {
    expect(await ended(dialgraph(['--help']))).toMatchObject({ code: 0, stderr: '' })
    expect(await ended(dialgraph(['stop']))).toMatchObject({ code: 1, stdout: '' })
  })

  test.each([[['--help']], [['start', '--help']], [['check', '--help']], [['accounts', '--help']]])(
    '%j explains itself and exits 0',
    async (commandLine) => {
      const { code, stdout } = await commandHere(commandLine, directory())
      expect(code).toBe(0)
      expect(stdout).toMatch(/^Usage: dialgraph/)
    },
  )

  test.each([[['stop']], [['start', '--prot', '1']], [['start', '--port', '70000']], [['--port', 'x']]])(
    '%j is a mistake of the user: exit 1',
    async (commandLine) => {
      const { code, stdout, stderr } = await commandHere(commandLine, directory())
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/error: /)
    },
  )

  describe('check', () => {
    test('finds nothing wrong: exit 0', async () => {
      const cwd = configured(ONE_ACCOUNT)
      expect(await ended(dialgraph(['check'], { cwd, environment: { TOKEN: CANARY } }))).toEqual({
        code: 0,
        stdout: `${join(cwd, 'dialgraph.config.yaml')} is fine: 1 account\n`,
        stderr: '',
      })
    })

    test('reports every mistake by its key and not its value: exit 1', async () => {
      const cwd = configured(`${ONE_ACCOUNT}    tokn: ${CANARY}\nservr: ${CANARY}\n`)
      const { code, stdout, stderr } = await commandHere(['check'], cwd)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(
        stderr
          .split('\n')
          .filter((line) => line.startsWith('  - '))
          .toSorted(),
      ).toEqual([
        '  - accounts[0].auth.token: the environment variable TOKEN is not set',
        '  - accounts[0].tokn: is not a known key',
        '  - servr: is not a known key',
      ])
      expect(stderr).not.toContain(CANARY)
    })

    test('finds no configuration: exit 1', async () => {
      const { code, stderr } = await commandHere(['check'], directory())
      expect(code).toBe(1)
      expect(stderr).toContain('--config')
    })
  })

  describe('start', () => {
    test('without a configuration serves the sandbox, one line per account and the two addresses, and drains on SIGTERM: exit 0', async () => {
      const run = dialgraph(['--port', '0'])
      const url = await listening(run)
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ accounts { nodes { key label provider { name } profile { status } } } }' }),
      })
      const { data, errors } = (await answer.json()) as {
        data: { accounts: { nodes: { key: string; label: string; provider: { name: string } }[] } }
        errors?: readonly { path: unknown; extensions: unknown }[]
      }
      // One of them needs a person: the output holds its link.
      expect(errors).toEqual([
        expect.objectContaining({
          path: ['accounts', 'nodes', data.accounts.nodes.findIndex(({ key }) => key === 'browser'), 'profile'],
          extensions: expect.objectContaining({ reason: 'NOT_LINKED', authorizeUrl: `${url}/connect/browser` }),
        }),
      ])
      expect(run.stdout.trim().split('\n')).toEqual([
        `Console:  ${url}/console`,
        'Sandbox: emulated phone systems on this machine, with made-up data.',
        ...data.accounts.nodes.map(({ key, label, provider }) => `${key}: ${label} at ${provider.name}`),
        `GraphQL:  ${url}/graphql`,
        `GraphiQL: ${url}/`,
      ])
      const readers = ['http://localhost:5173', 'https://app.example.com'].map(async (origin) => {
        const { headers } = await fetch(`${url}/graphql`, { headers: { origin, authorization: 'Bearer x' } })
        return headers.get('access-control-allow-origin')
      })
      expect(await Promise.all(readers)).toEqual(['http://localhost:5173', null])
      run.child.kill('SIGTERM')
      expect((await ended(run)).code).toBe(0)
    })

    test('serves the configured accounts without asking them anything, and exits 0 on SIGINT', async () => {
      const cwd = configured(ONE_ACCOUNT)
      const run = dialgraph(['start', '--port', '0'], { cwd, environment: { TOKEN: CANARY } })
      const url = await listening(run)
      expect(run.stdout).toContain('office: Office at Bulutfon\n')
      const states = await commandHere(['accounts', '--json', '--port', new URL(url).port], cwd, { TOKEN: CANARY })
      expect(JSON.parse(states.stdout)).toEqual([
        {
          id: 'office',
          provider: 'bulutfon',
          flow: 'STATIC_TOKEN',
          status: 'NEW',
          expiresAt: null,
          lastError: null,
          nextAttemptAt: null,
          authorizeUrl: null,
        },
      ])
      const asked = Array.from({ length: 20 }, () => fetch(`${url}/graphql?query={__typename}`, { headers: PREFLIGHT }))
      for (const answer of await Promise.all(asked)) expect(await answer.text()).toContain('Query')
      run.child.kill('SIGINT')
      const { code, stdout, stderr } = await ended(run)
      expect(code).toBe(0)
      // A server that drains loses no line of its log; one of them is of the command above.
      const lines = stderr
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg)
      expect(lines.filter((msg) => msg === 'operation')).toHaveLength(21)
      expect(lines.at(-1)).toBe('stopped')
      expect(stdout + stderr).not.toContain(CANARY)
    })

    test('on a port that is taken says so: exit 1', async () => {
      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      const cwd = configured(ONE_ACCOUNT)
      const { code, stdout, stderr } = await commandHere(['start', '--port', String(port)], cwd, { TOKEN: 'x' })
      other.close()
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain(
        `Cannot listen on 127.0.0.1:${port} (EADDRINUSE). Something else listens there: choose another port with --port.`,
      )
    })

    test('with a configuration that is wrong does not start: exit 1', async () => {
      const { code, stderr } = await commandHere(['start', '--config', '/nowhere/dialgraph.yaml'], directory())
      expect(code).toBe(1)
      expect(stderr).toContain('/nowhere/dialgraph.yaml cannot be used')
    })
  })

  describe('accounts', () => {
    test('shows the configured accounts where no server answers, in plain lines for a pipe', async () => {
      const cwd = configured(ONE_ACCOUNT)
      const { code, stdout, stderr } = await commandHere(['accounts', '--port', '1'], cwd, { TOKEN: CANARY })
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'office\tbulutfon\tSTATIC_TOKEN\tNEW\t\t\n' })
      expect(stderr).toContain('this is what the store knows')
    })

    test('with neither a configuration nor a server: exit 1', async () => {
      const { code, stderr } = await commandHere(['accounts', '--port', '1'], directory())
      expect(code).toBe(1)
      expect(stderr).toContain('no server answers')
    })
  })
})
