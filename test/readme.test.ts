import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

import { program } from '../src/commands/program.js'
import { providers } from '../src/providers/index.js'
import { startSandbox, type Sandbox } from '../src/sandbox.js'
import { checkConfig } from '../src/server/config/config.js'
import { limitsSchema } from '../src/server/config/limits.js'
import { createLog } from '../src/server/observing/log.js'
import { startServer } from '../src/server/server.js'
import { memoryStore } from '../src/store/memory.js'
import { CallLogDocument } from './generated/graphql.js'

const ROOT = new URL('../', import.meta.url)
const documented = readdirSync(new URL('docs/', ROOT)).map((file) => `docs/${file}`)
/** The README and every page of docs/, by path. */
const pages: ReadonlyMap<string, string> = new Map(
  ['README.md', ...documented.filter((path) => path.endsWith('.md'))].map((path) => [
    path,
    readFileSync(new URL(path, ROOT), 'utf8'),
  ]),
)
const everything = [...pages.values()].join('\n')

/** The first fenced block of a language on a page. */
const block = (page: string, language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(pages.get(page) ?? '')?.[1] ?? ''

interface GapPage {
  readonly sources: readonly { readonly gap: { readonly retryCursor: string } | null }[]
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox(providers)
})
afterAll(() => sandbox.close())

/** One store for all servers: a login can be used once, and the next server goes on with its tokens. */
const store = memoryStore()

/** Starts a server over the sandbox, with these settings besides. */
async function withSandbox(settings: object, run: (url: string) => Promise<void>): Promise<void> {
  const config = checkConfig(
    { store: { url: 'memory:' }, server: { port: 0 }, accounts: sandbox.accounts, ...settings },
    providers,
  )
  const server = await startServer(config, { providers, store, log: createLog(new PassThrough()) })
  try {
    await run(server.url)
  } finally {
    await server.close()
  }
}

/** Runs an example as it stands on the page, with these names in scope. Answers what it resolves with. */
function runCode(code: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> {
  const AsyncFunction = (async () => {}).constructor as new (
    ...names: string[]
  ) => (...values: unknown[]) => Promise<unknown>
  return new AsyncFunction(...Object.keys(scope), code.replace(/^import .*$/m, ''))(...Object.values(scope))
}

describe('every example is run', () => {
  /** Blocks that a test below runs; a shell's commands are looked up. */
  const RUN: ReadonlySet<string> = new Set([
    'README.md graphql',
    'README.md json',
    'README.md yaml',
    'docs/callers.md yml',
    'docs/callers.md yml person.yml',
    'docs/configuration.md yaml',
    'docs/configuration.md yaml archive.yaml',
    // By test/commands/providers.
    'docs/configuration.md yaml providers.yaml',
    'docs/asking.md js',
    'docs/asking.md graphql',
    'docs/statistics.md graphql',
    'docs/exports.md graphql',
    'docs/asking.md yaml',
    'docs/asking.md ts',
    // By test/clients.
    ...[
      'js partial.js',
      'js cache-facts.js',
      'js apollo.js',
      'js urql.js',
      'js relay.js',
      'json relay.config.json',
      'json relay-persisted.config.json',
      'js CallLog.js',
      'json tsconfig.json',
      'ts missed-calls.ts',
      'js persisted.js',
      'js persisted-apollo.js',
      'js persisted-relay.js',
      'js persisted-urql.js',
      'js vite.config.js',
      'yaml cors.yaml',
      'js other-origin.js',
    ].map((name) => `docs/clients.md ${name}`),
    // By test/federation.
    ...[
      'yaml dialgraph.config.yaml',
      'graphql desks.graphql',
      'js compose.js',
      'js apollo-gateway.js',
      'js hive-gateway.js',
    ].map((name) => `docs/federation.md ${name}`),
    // By test/server/live/wallboard.
    'docs/live.md html wallboard.html',
    // By test/server/writes/dialler.
    'docs/writing.md html dialler.html',
    // By test/kit/graphql-api.
    'docs/adding-a-provider.md js',
    // By test/server/archive/page.
    'docs/archive.md js fold.js',
  ])

  test('no page has an example that is not run', () => {
    const blocks = [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/^```(\w.*)$/gm)].map(([, language]) => `${path} ${language}`),
    )
    expect(blocks.filter((name) => !name.endsWith(' sh')).sort()).toEqual([...RUN].sort())
  })

  test('the question in the README gets the answer in the README', () =>
    withSandbox({}, async (url) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: block('README.md', 'graphql') }),
      })
      expect(await response.json()).toEqual(JSON.parse(block('README.md', 'json')))
    }))

  test("a consumer's assertion on what a question costs holds, and would not for one request less", () =>
    withSandbox({}, async (url) => {
      const code = block('docs/asking.md', 'js').replace('http://127.0.0.1:4000', url)
      await expect(runCode(code.replace('<= 3', '<= 2'), { assert })).rejects.toThrow()
      await runCode(code, { assert })
    }))

  test('a gap of the call log is fetched as the page on asking says', () =>
    withSandbox({ limits: { providerRequestsPerOperation: 8 } }, async (url) => {
      const ask = async (query: string, variables = {}) => {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        })
        const { data, errors } = (await response.json()) as { data: Record<string, GapPage>; errors?: unknown }
        expect(errors).toBeUndefined()
        return data
      }
      // Matches next to nothing, so that the walk is stopped for its requests.
      const filter = '{ durationSeconds: { min: 100000 } }'
      const stopped = await ask(`{ callRecords(first: 5, filter: ${filter}) { sources { gap { retryCursor } } } }`)
      const [cursor] = stopped['callRecords']!.sources.flatMap(({ gap }) => gap?.retryCursor ?? [])
      const { callRecordGap } = await ask(block('docs/asking.md', 'graphql'), { cursor })
      await ask(block('docs/statistics.md', 'graphql'))
      await ask(block('docs/exports.md', 'graphql'))
      expect(callRecordGap!.sources).toHaveLength(1)
      expect(callRecordGap!.sources[0]!.gap?.retryCursor).not.toBe(cursor)
    }))

  test('the server takes the configuration in the README', () => {
    const environment = {
      DIALGRAPH_KEY: Buffer.alloc(32).toString('base64'),
      BF_ID: 'a',
      BF_SECRET: 'b',
      BF_REFRESH: 'c',
      IPEX_USER: 'd',
      IPEX_PASSWORD: 'e',
    }
    const { accounts, warnings } = checkConfig(parse(block('README.md', 'yaml')), providers, { environment })
    expect(accounts.map(({ facts }) => facts.key)).toEqual(['istanbul', 'praha'])
    expect(warnings).toEqual([])
  })

  test('calls under way are followed as the page on the configuration says', () => {
    const environment = { IPEX_PASSWORD: 'x', HOOK_PASSWORD: 'y' }
    const { accounts } = checkConfig(parse(block('docs/configuration.md', 'yaml')), providers, { environment })
    expect(accounts[0]!.live).toMatchObject({ basic: { username: 'hook' }, keys: { From: 'caller' }, pollSeconds: 3 })
  })

  test('archives are those that the page on the configuration says', () => {
    const document = parse(block('docs/configuration.md', 'yaml archive.yaml')) as object
    const checked = checkConfig({ store: { url: 'memory:' }, ...document }, providers, {
      environment: { BULUTFON_TOKEN: 'x' },
    })
    expect(checked.accountDefaults.archive).toEqual({
      sinceMs: 90 * 86_400_000,
      everySeconds: 60,
      recheckMs: 2 * 86_400_000,
    })
    expect(checked.accounts[0]!.archive).toBeNull()
  })

  test('a caller who is somebody is bound to an extension, by key and by token', () => {
    const { callers } = checkConfig(parse(block('docs/callers.md', 'yml person.yml')), providers, {
      environment: { AYSE_KEY: 'the-key-of-one-person' },
    })
    expect(callers?.apiKeys[0]).toMatchObject({ extension: { accountKey: 'istanbul', number: '0101' } })
    expect(callers?.jwt).toMatchObject({ extensionClaim: 'extension' })
  })

  test('the server takes the callers on their page', () => {
    const environment = { DASHBOARD_KEY: 'a key that is long enough'.replaceAll(' ', '-') }
    const { server, callers, warnings } = checkConfig(parse(block('docs/callers.md', 'yml')), providers, {
      environment,
    })
    expect(server.host).toBe('0.0.0.0')
    expect(callers).toMatchObject({ apiKeys: [{ name: 'dashboard' }], jwt: { workspaceClaim: 'org' } })
    expect(warnings).toEqual([])
  })

  test('an operation is asked for by its id as the page of persisted operations says', async () => {
    const manifest = fileURLToPath(new URL('test/generated/persisted-documents.json', ROOT))
    const settings = parse(block('docs/asking.md', 'yaml').replace('./persisted-documents.json', manifest)) as object
    await withSandbox(settings, async (url) => {
      const code = `${block('docs/asking.md', 'ts').replace('await fetch', 'return fetch')}`
      const fetchHere = (path: string, init: RequestInit) => fetch(`${url}${path}`, init)
      const response = (await runCode(code, { CallLogDocument, fetch: fetchHere })) as Response
      const { data } = (await response.json()) as { data: { callRecords: { nodes: readonly object[] } } }
      expect(data.callRecords.nodes).toHaveLength(25)

      const other = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{__typename}"}',
      }
      expect((await fetchHere('/graphql', other)).status).toBe(400)
    })
  })
})

describe('what the pages point at is there', () => {
  /** As GitHub makes the anchor of a heading. */
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!))

  test.each([...pages.keys()])('every file and heading that %s links to', (path) => {
    const links = [...pages.get(path)!.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
    const broken = links
      .filter((link) => !link.includes('://'))
      .filter((link) => {
        const [target = '', anchor] = link.split('#')
        const file = target === '' ? new URL(path, ROOT) : new URL(target, new URL(path, ROOT))
        if (!existsSync(file)) return true
        return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
      })
    expect(broken).toEqual([])
  })

  test('the README links to every page', () => {
    const unlinked = [...pages.keys()].filter(
      (path) => path !== 'README.md' && !pages.get('README.md')!.includes(`(${path})`),
    )
    expect(unlinked).toEqual([])
  })

  test('every folder and file of src that is named in code', () => {
    const named = [...everything.matchAll(/`((?:src|test|schema)\/[\w./-]+)`/g)].map(([, path]) => path!)
    const examples = /acme/
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((path) => !examples.test(path) && !existsSync(new URL(path, ROOT)))).toEqual([])
  })

  test('every command of dialgraph and of npm', () => {
    const log = createLog(new PassThrough())
    const commands = program(log).commands.map((command) => command.name())
    const named = [...everything.matchAll(/npx dialgraph ([a-z-]+)/g)].map(([, name]) => name!)
    expect(new Set(named)).toEqual(
      new Set(['check', 'config-schema', 'accounts', 'export', 'reencrypt', 'keys', 'provider', 'emulator']),
    )
    expect(named.filter((name) => !commands.includes(name))).toEqual([])
    expect([...everything.matchAll(/npm run ([\w:-]+)/g)].filter(([, name]) => !(name! in scripts))).toEqual([])
    // A mode of the bench is a file of the bench.
    const modes = [...everything.matchAll(/npm run bench -- ([a-z]+)/g)].map(([, mode]) => mode!)
    expect(modes.filter((mode) => !existsSync(new URL(`test/bench/${mode}.ts`, ROOT)))).toEqual([])
  })
})

test('every limit that a page names is a key of the configuration, and has the default that the page says', () => {
  const UNITS: Readonly<Record<string, number>> = {
    s: 1_000,
    ms: 1,
    min: 60_000,
    KiB: 1024,
    MiB: 1024 ** 2,
    '': 1,
  }
  const { live, exports, ...limits } = limitsSchema.parse({})
  const within = (name: string, part: object) =>
    Object.fromEntries(Object.entries(part).map(([key, value]) => [`${name}.${key}`, value as number]))
  const defaults: Readonly<Record<string, number>> = {
    ...{ ...limits, ...within('live', live), ...within('exports', exports) },
  }
  const unknown = [...everything.matchAll(/`limits\.([\w.]+)`/g)]
    .map(([, key]) => key!)
    .filter((key) => !(key in defaults))
  expect(unknown).toEqual([])

  const said = [...everything.matchAll(/`(?:limits\.)?([a-z][\w.]+)` \(?(\d[\d,]*)(?: (ms|s|min|KiB|MiB)\b)?/g)]
    .map(([, key, figure, unit = '']) => [key!, Number(figure!.replaceAll(',', '')) * UNITS[unit]!] as const)
    .filter(([key]) => key in defaults)
  expect(said.length).toBeGreaterThan(30)
  expect(said.filter(([key, value]) => defaults[key] !== value)).toEqual([])
})

const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

test('every command of package.json names a command or a file that is there', () => {
  const lines = Object.values(scripts).join(' && ')
  const commands = [...lines.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!)
  const files = [...lines.matchAll(/\bnode (?:--[\w-]+(?:=\S+)? )*([\w./-]+\.js)/g)].map(([, file]) => file!)
  expect(commands.filter((name) => !(name in scripts))).toEqual([])
  // What the build makes is looked for by those who run it.
  const kept = files.filter((file) => !file.startsWith('dist/'))
  expect(kept).toContain('test/bench/start.js')
  expect(kept.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([])
})
