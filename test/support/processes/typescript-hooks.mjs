import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { transformSync } from '@swc/core'

const CACHE = join(tmpdir(), 'dialgraph-swc')
const settings = JSON.parse(readFileSync(new URL('../../../.swcrc', import.meta.url), 'utf8'))

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
    const { code } = transformSync(source, { ...settings, sourceMaps: false, filename: file, swcrc: false })
    mkdirSync(CACHE, { recursive: true })
    // Another process may be doing the same: each writes its own, and the last one stays.
    writeFileSync(`${kept}.${process.pid}`, code)
    renameSync(`${kept}.${process.pid}`, kept)
  }
  return { format: 'module', source: readFileSync(kept, 'utf8'), shortCircuit: true }
}
