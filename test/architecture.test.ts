import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Who may import whom; every room may import itself. The leaves come first, so a room only names rooms above its own line.
 * `contract` is what a provider is (providers/provider.ts, providers/account.ts), `provider door` what the package shows of it and of
 * all that a provider needs, `provider` one provider's folder,
 * `provider emulator` its emulator, `registry` the list of all of them.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  secret: [],
  clock: [],
  attached: [],
  awaitable: [],
  ending: [],
  'linked-list': [],
  bulkhead: ['ending', 'linked-list'],
  version: [],
  'heap-growth': [],
  'signed-text': [],
  emulator: [],
  explorer: [],
  console: [],
  model: ['errors'],
  http: ['errors', 'secret', 'clock', 'awaitable', 'ending', 'linked-list', 'bulkhead', 'version'],
  operation: ['errors', 'ending', 'http'],
  store: ['errors', 'secret'],
  auth: ['errors', 'secret', 'clock', 'attached', 'awaitable', 'ending', 'http', 'store'],
  contract: ['errors', 'attached', 'awaitable', 'emulator', 'model', 'http', 'operation', 'auth'],
  live: ['errors', 'clock', 'awaitable', 'bulkhead', 'model', 'operation', 'store', 'contract'],
  archive: ['errors', 'clock', 'awaitable', 'model', 'operation', 'store', 'contract', 'live'],
  statistics: ['errors', 'clock', 'model', 'store', 'live', 'archive'],
  kit: ['errors', 'attached', 'model', 'http', 'contract'],
  'provider door': ['errors', 'secret', 'attached', 'awaitable', 'model', 'http', 'auth', 'contract', 'kit'],
  provider: ['errors', 'secret', 'attached', 'awaitable', 'model', 'http', 'auth', 'contract', 'kit', 'provider door'],
  'provider emulator': ['emulator'],
  registry: ['contract', 'provider'],
  loaders: [
    'errors',
    'signed-text',
    'attached',
    'awaitable',
    'bulkhead',
    'model',
    'operation',
    'store',
    'contract',
    'live',
    'archive',
    'statistics',
  ],
  writes: ['errors', 'clock', 'ending', 'model', 'http', 'operation', 'store', 'contract', 'live', 'loaders'],
  exports: ['errors', 'clock', 'model', 'operation', 'store', 'contract', 'live', 'archive', 'loaders', 'writes'],
  graphql: ['errors', 'awaitable', 'model', 'operation', 'contract', 'live', 'archive', 'loaders', 'writes', 'exports'],
  server: [
    'heap-growth',
    'errors',
    'secret',
    'signed-text',
    'clock',
    'attached',
    'awaitable',
    'ending',
    'bulkhead',
    'model',
    'http',
    'operation',
    'store',
    'auth',
    'contract',
    'live',
    'archive',
    'statistics',
    'loaders',
    'writes',
    'exports',
    'graphql',
  ],
  sandbox: ['emulator', 'contract'],
  testing: [
    'errors',
    'secret',
    'clock',
    'ending',
    'emulator',
    'model',
    'http',
    'operation',
    'store',
    'auth',
    'contract',
    'server',
  ],
  'testing door': ['emulator', 'testing'],
  'package door': ['errors', 'contract', 'registry', 'server'],
  commands: [
    'errors',
    'secret',
    'clock',
    'model',
    'version',
    'store',
    'auth',
    'contract',
    'registry',
    'graphql',
    'emulator',
    'server',
    'sandbox',
    'testing',
  ],
  main: ['errors', 'heap-growth', 'server', 'commands'],
}

/** Rooms that may name the contract's types and none of its values. */
const TYPES_ONLY: readonly (readonly [string, string])[] = [
  ['loaders', 'contract'],
  ['writes', 'contract'],
  ['graphql', 'contract'],
]

/** The entries of the package: what others may import. */
const DOORS: Readonly<Record<string, string>> = {
  'src/provider.ts': 'provider door',
  'src/testing.ts': 'testing door',
  'src/index.ts': 'package door',
}

const MOST_FILES = 25
const MOST_LINES = 300

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
  readonly lazy: boolean
}

const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))

const sources = files('src').filter((file) => /\.tsx?$/.test(file))
/** All but what `npm run codegen` makes of the console's documents, for nobody to read. */
const written = sources.filter((file) => !/^src\/console\/\w+\/generated\//.test(file))

function roomOf(file: string): string {
  const [, first = '', second = '', third = ''] = file.split('/')
  if (file in DOORS) return DOORS[file]!
  if (first !== 'providers') return first.replace(/\.ts$/, '')
  if (second === 'index.ts') return 'registry'
  if (second.endsWith('.ts')) return 'contract'
  return /^emulator(\.ts)?$/.test(third) ? 'provider emulator' : 'provider'
}

const providerOf = (file: string): string => file.split('/')[2] ?? ''

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b(\s+type\b)?[^'"()]*?['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]/g,
  )
  return [...statements].map(([, type, eager, lazy]) => ({
    from: file,
    to: normalize(join(dirname(file), eager ?? lazy!))
      .split(sep)
      .join('/')
      .replace(/\.js$/, '.ts'),
    typeOnly: type !== undefined,
    lazy: lazy !== undefined,
  }))
}

const imports = sources.flatMap(importsOf).filter(({ to }) => /^src\/.*\.ts$/.test(to))
const arrow = ({ from, to }: Import): string => `${from} -> ${to}`

describe('imports run one way', () => {
  test('every folder is a room of the table', () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => !(room in MAY_IMPORT))).toEqual([])
  })

  test('the table itself has no way back', () => {
    const rooms = Object.keys(MAY_IMPORT)
    for (const [index, room] of rooms.entries()) {
      expect({ room, later: MAY_IMPORT[room]!.filter((other) => rooms.indexOf(other) >= index) }).toEqual({
        room,
        later: [],
      })
    }
  })

  test('the reader of imports sees them all', () => {
    expect(imports.length).toBeGreaterThan(sources.length)
    expect(
      imports.filter(({ to }) => !existsSync(join(ROOT, to)) && !existsSync(join(ROOT, `${to}x`))).map(arrow),
    ).toEqual([])
  })

  test('no room imports what it may not', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        roomOf(from) !== roomOf(to) && !MAY_IMPORT[roomOf(from)]?.includes(roomOf(to)) && !isDoorOfEmulator(from, to),
    )
    expect(wrong.map(arrow)).toEqual([])
  })

  test('two providers never import each other', () => {
    const inside = imports.filter(({ from, to }) =>
      [from, to].every((file) => ['provider', 'provider emulator'].includes(roomOf(file))),
    )
    expect(inside.filter(({ from, to }) => providerOf(from) !== providerOf(to)).map(arrow)).toEqual([])
  })

  test('an emulator is only ever loaded when it is wanted', () => {
    const entering = imports.filter(
      ({ from, to }) => roomOf(to) === 'provider emulator' && roomOf(from) !== 'provider emulator',
    )
    expect(entering.filter(({ lazy }) => !lazy).map(arrow)).toEqual([])
  })

  test('loaders and resolvers know providers by their types alone', () => {
    const values = imports.filter(
      ({ from, to, typeOnly }) =>
        !typeOnly && TYPES_ONLY.some(([room, other]) => roomOf(from) === room && roomOf(to) === other),
    )
    expect(values.map(arrow)).toEqual([])
  })

  test('no import goes around in a circle, types counted', () => {
    const imported = new Map<string, string[]>()
    for (const { from, to, lazy } of imports) if (!lazy) imported.set(from, [...(imported.get(from) ?? []), to])
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      if (done.has(file)) return
      for (const next of imported.get(file) ?? []) walk(next, [...path, file])
      done.add(file)
    }
    for (const file of sources) walk(file, [])
    expect(circles).toEqual([])
  })
})

/** A provider's index may open the door of its own emulator, lazily. */
const isDoorOfEmulator = (from: string, to: string): boolean =>
  roomOf(to) === 'provider emulator' && providerOf(from) === providerOf(to) && from.endsWith('/index.ts')

/** Whom files outside of providers may speak of, and why: all others say what holds for every provider. */
const NAMING: Readonly<Record<string, RegExp>> = {
  // The list of them.
  'src/providers/index.ts': /./,
  // Examples of a slug.
  'src/model/provider.ts': /^ipex$/,
  'src/graphql/resolvers/provider.resolver.ts': /^bulutfon$/,
  // Logins that nobody else has; they could be anybody's.
  'src/auth/flows/token-exchange.ts': /^ipex$/,
  'src/auth/flows/b2b-login.ts': /^ipex$/,
  'src/auth/flows/sso-login.ts': /^ipex$/,
  // The company of the story uses four of them.
  'src/emulator/story.ts': /^(bulutfon|ipex|postacell|rails api v1)$/,
  'src/emulator/story/offices.ts': /^bulutfon$/,
}

describe('providers', () => {
  test('are named by the registry, and by no other room but for a reason', () => {
    const outside = sources.filter((file) => !/^src\/providers\/[^/]+\//.test(file))
    const wrong = outside.flatMap((file) => {
      const named = readFileSync(join(ROOT, file), 'utf8').match(
        /bulutfon|ipex(?!\w)|postacell|rails.?api.?v1|freepbx/gi,
      )
      return (named ?? []).filter((name) => !NAMING[file]?.test(name.toLowerCase())).map((name) => `${file}: ${name}`)
    })
    expect(wrong).toEqual([])
  })

  test('that are written with the kit alone import nothing else, and are small', () => {
    const own = sources.filter((file) => file.startsWith('src/providers/freepbx/') && roomOf(file) === 'provider')
    const beyond = imports.filter(
      ({ from, to }) =>
        own.includes(from) && !own.includes(to) && to !== 'src/provider.ts' && !isDoorOfEmulator(from, to),
    )
    expect(beyond.map(arrow)).toEqual([])
    const lines = own.reduce((sum, file) => sum + readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1, 0)
    expect(lines).toBeGreaterThan(1_000)
    expect(lines).toBeLessThan(1_600)
  })
})

describe('files', () => {
  test('stand at most 25 in a folder, so that its names can be taken in at a glance', () => {
    const folders = new Map<string, number>()
    for (const file of sources.filter((name) => !name.includes('/emulator/')))
      folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1)
    expect([...folders].filter(([, count]) => count > MOST_FILES)).toEqual([])
  })

  test('hold one idea: none is longer than 300 lines', () => {
    const lines = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1
    expect(written.filter((file) => lines(file) > MOST_LINES)).toEqual([])
  })

  test('are named in small words with hyphens', () => {
    expect(sources.filter((file) => !/^src\/([a-z0-9-]+\/)*[a-z0-9-]+(\.resolver)?\.tsx?$/.test(file))).toEqual([])
  })
})

const isBuilt = existsSync(join(ROOT, 'dist/main.js'))

;(isBuilt ? describe : describe.skip)(
  isBuilt ? 'the built package' : 'the built package (skipped: `npm run build` was not run)',
  () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> }

    test('starts as a command', () => {
      expect(readFileSync(join(ROOT, bin['dialgraph']!), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    })

    test('has a compiled twin for every source, and the pages', () => {
      const missing = sources
        .filter((file) => !/^src\/(explorer|console)\//.test(file))
        .map((file) => file.replace(/^src/, 'dist').replace(/\.ts$/, '.js'))
        .filter((file) => !existsSync(join(ROOT, file)))
      expect(missing).toEqual([])
      for (const page of ['explorer', 'console'])
        expect(statSync(join(ROOT, `dist/${page}/index.html`)).size).toBeGreaterThan(0)
    })

    test('holds no test', () => {
      // The test of a new provider is written by `provider new`, and is none of ours.
      const ours = files('dist').filter((file) => !file.includes('/provider/template/'))
      expect(ours.filter((file) => /\.test\.|(?<!\.d)\.tsx?$/.test(file))).toEqual([])
    })
  },
)
