import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = join(tmpdir(), 'dialgraph-swc')

/** Imports end in `.js` and mean the TypeScript beside it. */
export async function resolve(specifier, context, next) {
  if (/^\.{1,2}\//.test(specifier) && specifier.endsWith('.js') && context.parentURL) {
    const typescript = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL)
    if (existsSync(typescript)) return { url: typescript.href, format: 'module', shortCircuit: true }
  }
  return next(specifier, context)
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const file = fileURLToPath(url)
  const source = readFileSync(file, 'utf8')
  const kept = join(CACHE, `${createHash('sha256').update(source).digest('hex')}.js`)
  if (!existsSync(kept)) {
    const code = await compiled(source, file)
    mkdirSync(CACHE, { recursive: true })
    // Another process may be doing the same: each writes its own, and the last one stays.
    writeFileSync(`${kept}.${process.pid}`, code)
    renameSync(`${kept}.${process.pid}`, kept)
  }
  return { format: 'module', source: readFileSync(kept, 'utf8'), shortCircuit: true }
}

/** The compiler is loaded only when something must be compiled: most processes find all of it made. */
async function compiled(source, filename) {
  const { transformSync } = await import('@swc/core')
  const settings = JSON.parse(readFileSync(new URL('../../../.swcrc', import.meta.url), 'utf8'))
  return transformSync(source, { ...settings, sourceMaps: false, filename, swcrc: false }).code
}
