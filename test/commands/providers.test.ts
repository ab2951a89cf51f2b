import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { described, startAlone } from '../../src/commands/provider/emulator.js'
import { providers } from '../../src/providers/index.js'
import { loadProviders } from '../../src/server/providers/provider-modules.js'
import { isBuilt, runNode } from '../support/packed.js'
import { commandHere } from './command-here.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialgraph-providers-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string): void => {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
const dialgraph = (...args: string[]) => runNode([MAIN, ...args], folder)

/** A module with a provider of this slug; `more` comes after its definition. */
const PROVIDER = (slug: string, more = '') => `
import { defineProvider, staticToken, Secret, z } from 'dialgraph/provider'
export const phones = defineProvider({
  slug: '${slug}', name: 'Phones', flows: ['STATIC_TOKEN'], capabilities: [],
  defaults: { country: 'CZ', timeZone: 'UTC' },
  settings: z.strictObject({
    urls: z.strictObject({ api: z.url().describe('Where it is.') }),
    auth: z.strictObject({ token: z.string().min(3).describe('A token of the phones.') }),
    options: z.strictObject({ floors: z.number().default(2).describe('How many floors there are.') }).prefault({}),
  }),
  connect: ({ urls, auth }) => ({
    flow: staticToken({ token: new Secret(auth.token), isExpired: () => false, rides: { isOwnWord: () => true } }),
    origins: [new URL(urls.api).origin],
    source: () => ({ profile: () => Promise.reject(new Error('not asked')) }),
  }),
  emulator: () => Promise.reject(new Error('none')),
})
${more}`

const CONFIG = (providers: string, auth = '{ token: abc }') => `
providers: ${providers}
store: { url: 'memory:' }
accounts:
  - { id: front, provider: phones, urls: { api: https://phones.example.com }, auth: ${auth} }
`

const suite = isBuilt ? describe : describe.skip
suite(isBuilt ? 'providers of others' : 'providers of others (skipped: `npm run build` was not run)', () => {
  test('are loaded relative to the configuration, from files and from packages', async () => {
    write('deep/phones/index.js', PROVIDER('phones'))
    write('deep/package.json', '{ "type": "module" }')
    write(
      'deep/node_modules/@acme/dialgraph-3cx/package.json',
      JSON.stringify({ type: 'module', exports: { import: './it.js' } }),
    )
    write('deep/node_modules/@acme/dialgraph-3cx/it.js', PROVIDER('three-cx'))
    write('deep/dialgraph.config.yaml', CONFIG("['./phones/index.js', '@acme/dialgraph-3cx']"))
    const { code, stdout, stderr } = await dialgraph('check', '--config', 'deep/dialgraph.config.yaml')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('is fine: 1 account')
  })

  test('have their settings checked by their own schema, and shown in that of the configuration', async () => {
    write('deep/wrong.yaml', CONFIG("['./phones/index.js']", '{ token: x, floor: 1 }'))
    const wrong = await dialgraph('check', '--config', 'deep/wrong.yaml')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('accounts[0].auth.token: must have at least 3 characters')
    expect(wrong.stderr).toContain('accounts[0].auth.floor: is not a known key')
    const { code, stdout } = await dialgraph('config-schema', '--config', 'deep/dialgraph.config.yaml')
    expect(code).toBe(0)
    const schema = JSON.parse(stdout) as {
      properties: {
        accounts: {
          items: { oneOf: { properties: { provider: { const: string } } }[] }
        }
      }
    }
    const slugs = schema.properties.accounts.items.oneOf.map(({ properties }) => properties.provider.const)
    expect(slugs).toEqual(expect.arrayContaining(['bulutfon', 'phones', 'three-cx']))
    expect(stdout).toContain('How many floors there are.')
  })

  test('that cannot be used are all told, each by its key of the configuration, with exit code 1', async () => {
    write('package.json', '{ "type": "module" }')
    write('empty.js', 'export const nothing = 1')
    write('throws.js', "throw new Error('no luck')")
    write('imports.js', "import 'nowhere-to-be-found'\nexport default 1")
    write('taken.js', PROVIDER('ipex'))
    write('promise.js', `${PROVIDER('slow').replace('export const', 'const')}\nexport default Promise.resolve(phones)`)
    write(
      'settings.js',
      `${PROVIDER('own').replace('export const', 'const')}\nexport default { ...phones, settings: { token: 'text' } }`,
    )
    write(
      'newer.js',
      `${PROVIDER('newer').replace('export const', 'const')}\nexport default { ...phones, contract: 99 }`,
    )
    const wrong = [
      ['./absent.js', 'is not there'],
      ['@acme/absent', 'is not there'],
      ['./empty.js', 'exports no provider'],
      ['./throws.js', 'cannot be loaded: no luck'],
      ['./imports.js', 'cannot be loaded: Cannot find package'],
      ['./taken.js', 'has the slug ipex, which IPEX has already'],
      ['./promise.js', 'exports a promise'],
      ['./settings.js', 'has settings of another type'],
      ['./newer.js', 'is written for version 99 of the contract'],
    ] as const
    const names = wrong.map(([name]) => name)
    write('broken.yaml', `providers: ${JSON.stringify(names)}\nstore: { url: 'memory:' }\n`)
    const { code, stderr } = await dialgraph('check', '--config', 'broken.yaml')
    expect(code).toBe(1)
    const told = stderr.split('\n').filter((line) => line.startsWith('  - '))
    expect(told).toEqual(
      wrong.map(([name, what], at) => expect.stringContaining(`  - providers[${at}]: ${name} ${what}`)),
    )
    expect(stderr).not.toMatch(/\n +at /)
  })

  test('of which two have one slug are told of each other, and one that never ends holds nothing up', async () => {
    const modules: Record<string, Promise<object>> = {
      'one.js': Promise.resolve({
        default: { ...providers[0]!, slug: 'same', name: 'One' },
      }),
      'two.js': Promise.resolve({
        default: { ...providers[0]!, slug: 'same', name: 'Two' },
      }),
      'never.js': new Promise<never>(() => undefined),
      'odd.js': Promise.resolve({
        phones: Object.defineProperty({ ...providers[0]!, slug: 'odd' }, 'settings', {
          get: () => {
            throw new Error('no settings today')
          },
        }),
      }),
    }
    const importModule = (name: string) => modules[name]!
    const loading = loadProviders(Object.keys(modules), providers, {
      ...{
        source: 'the list',
        directory: folder,
        importModule,
        longestLoadMs: 20,
      },
    })
    await expect(loading).rejects.toMatchObject({
      problems: [
        'providers[1]: two.js has the slug same, which One has already',
        'providers[2]: never.js is not loaded after 0.02 seconds: what it awaits at its top level never comes',
        'providers[3]: odd.js cannot be read: no settings today',
      ],
    })
  })

  test('cannot begin with the name of one that is built in', async () => {
    const { code, stderr } = await commandHere(['provider', 'new', 'freepbx'], folder)
    expect([code, stderr]).toEqual([
      1,
      'freepbx is the slug of FreePBX, which this server has already: choose another name.\n',
    ])
    expect(existsSync(join(folder, 'freepbx'))).toBe(false)
  })

  test('are not looked for where the list is no list: the configuration says so', async () => {
    write('shape.yaml', "providers: ./phones/index.js\nstore: { url: 'memory:' }\n")
    const { code, stderr } = await commandHere(['check', '--config', 'shape.yaml'], folder)
    expect({ code, is: stderr.includes('providers: must be a list') }).toEqual({ code: 1, is: true })
  })
})

suite(isBuilt ? 'dialgraph emulator' : 'dialgraph emulator (skipped: `npm run build` was not run)', () => {
  let child: ChildProcess | null = null
  afterEach(() => void child?.kill())

  interface Described {
    readonly urls: Readonly<Record<string, string>>
    readonly accounts: readonly { readonly id: string; readonly auth: Readonly<Record<string, string>> }[]
  }
  /** Starts it, and gives what its one line says. */
  async function emulator(...args: string[]) {
    const process_ = spawn(process.execPath, [MAIN, 'emulator', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = process_
    for await (const line of createInterface(process_.stdout)) return JSON.parse(line) as Described
    throw new Error('the emulator ended without a word')
  }
  const post = (url: string, body: unknown) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  async function servesAlone({ urls, accounts }: Described): Promise<void> {
    expect(Object.values(urls).every((url) => url.startsWith('http://127.0.0.1:'))).toBe(true)
    expect(accounts.length).toBeGreaterThan(1)
    for (const { id, auth } of accounts) {
      expect(id).toMatch(/^[a-z0-9-]+$/)
      expect(typeof auth['flow']).toBe('string')
    }
    const base = new URL(Object.values(urls)[0]!).origin
    const response = await fetch(`${base}/-/journal`)
    expect(await response.json()).toEqual([])
  }

  // In this process: one of its own would tell the whole story again for each.
  test.each(providers.map(({ slug }) => slug).filter((slug) => slug !== 'bulutfon'))(
    'serves %s alone, in the names of the configuration',
    async (slug) => {
      const alone = await startAlone(slug, { seed: 3 })
      await servesAlone(JSON.parse(JSON.stringify(described(alone))) as Described)
      await alone.close()
    },
  )

  test('serves Bulutfon in a process of its own, driven by its clock, its faults and its journal', async () => {
    const told = await emulator('bulutfon', '--seed', '3')
    await servesAlone(told)
    const { urls, accounts } = told
    const token = accounts.find(({ id }) => id === 'master-token')!.auth['token']
    const dids = () => fetch(`${urls['api']}/dids?access_token=${token}`)
    const driven = async (path: string) => (await fetch(`${urls['api']}/-/${path}`)).json() as Promise<unknown>

    const { now } = (await driven('clock')) as { now: string }
    const moved = (await (await post(`${urls['api']}/-/clock`, { advanceSeconds: 3600 })).json()) as { now: string }
    const passed = Date.parse(moved.now) - Date.parse(now)
    expect(passed).toBeGreaterThanOrEqual(3_600_000)
    expect(passed).toBeLessThan(3_630_000)
    expect((await post(`${urls['api']}/-/clock`, { advanceSeconds: 'x' })).status).toBe(400)

    const fault = { path: '/dids', kind: 'status', status: 503, times: 1 }
    expect((await post(`${urls['api']}/-/faults`, fault)).status).toBe(201)
    expect([(await dids()).status, (await dids()).status]).toEqual([503, 200])
    await post(`${urls['api']}/-/faults`, fault)
    await fetch(`${urls['api']}/-/faults`, { method: 'DELETE' })
    expect((await dids()).status).toBe(200)
    expect((await post(`${urls['api']}/-/faults`, { kind: 'earthquake' })).status).toBe(400)

    const journal = (await driven('journal')) as {
      method: string
      path: string
      status: number
    }[]
    expect(journal.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      'GET /dids 503',
      'GET /dids 200',
      'GET /dids 200',
    ])
  })
})
