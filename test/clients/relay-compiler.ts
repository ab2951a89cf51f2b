import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { ConcreteRequest, ReaderFragment } from 'relay-runtime'

import { SDL } from './questions.js'

const COMPILER = fileURLToPath(new URL('../../node_modules/relay-compiler/cli.js', import.meta.url))

export interface Artifacts {
  /** Texts by id, when the configuration says where to write them. */
  readonly persisted: Readonly<Record<string, string>>
  request(name: string): ConcreteRequest
  fragment(name: string): ReaderFragment
}

interface RelayConfig {
  readonly persistConfig?: { readonly file: string }
}

/** What relay-compiler makes of these source files, in a folder that is gone afterwards. */
export async function compile(config: string, sources: Readonly<Record<string, string>>): Promise<Artifacts> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-relay-'))
  try {
    for (const part of ['src', 'src/__generated__']) mkdirSync(join(folder, part))
    // Modules of their own would be kept for ever by whoever imports them.
    const settings = { ...(JSON.parse(config) as RelayConfig), eagerEsModules: false }
    writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(settings))
    writeFileSync(join(folder, 'schema.graphql'), SDL)
    // The compiler adds to what an earlier build has written.
    if (settings.persistConfig) writeFileSync(join(folder, settings.persistConfig.file), '{}')
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, 'src', name), text)
    await promisify(execFile)(process.execPath, [COMPILER, 'relay.config.json'], { cwd: folder, maxBuffer: 1e8 })
    const names = Object.values(sources).flatMap((text) =>
      [...text.matchAll(/(?:^\s*(?:query|mutation|fragment) |queryName: ")(\w+)/gm)].map(([, name]) => name!),
    )
    const read = (name: string) => readFileSync(join(folder, 'src/__generated__', `${name}.graphql.js`), 'utf8')
    const { file = null } = settings.persistConfig ?? {}
    const persisted = file === null ? '{}' : readFileSync(join(folder, file), 'utf8')
    return {
      ...loaded(new Map(names.map((name) => [name, read(name)]))),
      persisted: JSON.parse(persisted) as Artifacts['persisted'],
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The artifacts are CommonJS, and name one another. */
function loaded(texts: ReadonlyMap<string, string>): Omit<Artifacts, 'persisted'> {
  const modules = new Map<string, { exports: unknown }>()
  const load = (name: string): unknown => {
    const known = modules.get(name)
    if (known) return known.exports
    if (!texts.has(name)) throw new Error(`nothing was compiled to ${name}`)
    const module = { exports: undefined as unknown }
    modules.set(name, module)
    const require = (path: string) => load(path.replace(/^\.\/|\.graphql$/g, ''))
    new Function('module', 'require', texts.get(name)!)(module, require)
    return module.exports
  }
  return {
    request: (name) => load(name) as ConcreteRequest,
    fragment: (name) => load(name) as ReaderFragment,
  }
}
