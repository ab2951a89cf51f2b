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
  request(name: string): ConcreteRequest
  fragment(name: string): ReaderFragment
}

/** What relay-compiler makes of these source files, in a folder that is gone afterwards. */
export async function compile(config: string, sources: Readonly<Record<string, string>>): Promise<Artifacts> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-relay-'))
  try {
    for (const part of ['src', 'src/__generated__']) mkdirSync(join(folder, part))
    // Modules of their own would be kept for ever by whoever imports them.
    const settings = { ...(JSON.parse(config) as object), eagerEsModules: false }
    writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(settings))
    writeFileSync(join(folder, 'schema.graphql'), SDL)
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, 'src', name), text)
    await promisify(execFile)(process.execPath, [COMPILER, 'relay.config.json'], { cwd: folder, maxBuffer: 1e8 })
    const names = Object.values(sources).flatMap((text) =>
      [...text.matchAll(/(?:^\s*(?:query|fragment) |queryName: ")(\w+)/gm)].map(([, name]) => name!),
    )
    const read = (name: string) => readFileSync(join(folder, 'src/__generated__', `${name}.graphql.js`), 'utf8')
    return loaded(new Map(names.map((name) => [name, read(name)])))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The artifacts are CommonJS, and name one another. */
function loaded(texts: ReadonlyMap<string, string>): Artifacts {
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
