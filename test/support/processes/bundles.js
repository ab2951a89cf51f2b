import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { rolldown } from 'rolldown'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const BUNDLES = join(ROOT, 'node_modules/.cache/dialgraph-processes')
const LATEST = join(BUNDLES, 'latest.json')
const LOCK = join(BUNDLES, 'lock')

const ENTRIES = [
  ...readdirSync(HERE).flatMap((file) => (/^(?!start-).*-process\.ts$/.test(file) ? [join(HERE, file)] : [])),
  join(HERE, '../scan-output.ts'),
]

/** What decorators call, before anything that is decorated. */
const POLYFILL = pathToFileURL(createRequire(import.meta.url).resolve('reflect-metadata')).href

/**
 * The options of Node, and the script, by which a process of its own runs one of the TypeScript files beside this one. All are made
 * once, with everything that they import: a hundred processes that each look for a thousand modules would take minutes of a core.
 *
 * @param {string} name without its ending
 * @returns {Promise<{ script: string, execArgv: string[] }>}
 */
export async function processScript(name) {
  const folder = freshBundle() ?? (await makeInTurn())
  return { script: join(folder, `${name}.mjs`), execArgv: ['--import', POLYFILL] }
}

/** Where the bundle is, if nothing that it was made of has changed since. */
function freshBundle() {
  try {
    const { folder, made } = JSON.parse(readFileSync(LATEST, 'utf8'))
    const isFresh = Object.entries(made).every(([file, changedAt]) => statSync(file).mtimeMs === changedAt)
    return isFresh ? folder : null
  } catch {
    return null
  }
}

/** Workers of Jest ask at the same time: one makes it, the others wait for it. */
async function makeInTurn() {
  mkdirSync(BUNDLES, { recursive: true })
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      break
    } catch {
      if (!isHeld()) rmSync(LOCK, { force: true })
      await after(50)
      const folder = freshBundle()
      if (folder) return folder
    }
  }
  try {
    return freshBundle() ?? (await make())
  } finally {
    rmSync(LOCK, { force: true })
  }
}

/** Whether the process that makes it is still there. */
function isHeld() {
  try {
    return process.kill(Number(readFileSync(LOCK, 'utf8')), 0)
  } catch {
    return false
  }
}

async function make() {
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((file) => [basename(file, '.ts'), file])),
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.json'),
    // They load files beside themselves, or what is not installed.
    external: ['libsql', 'pg', 'pino', 'reflect-metadata', 'class-validator'],
    treeshake: false,
    onLog: () => {},
    plugins: [{ name: 'own-address', transform: withOwnAddress }],
  })
  const folder = join(BUNDLES, `${Date.now()}-${process.pid}`)
  await bundle.write({
    dir: folder,
    keepNames: true,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
  const files = [...(await bundle.watchFiles), join(ROOT, 'package-lock.json')]
  await bundle.close()
  const ours = files.filter((file) => !file.includes('node_modules') && statSync(file, { throwIfNoEntry: false }))
  const made = Object.fromEntries(ours.map((file) => [file, statSync(file).mtimeMs]))
  writeFileSync(`${LATEST}.new`, JSON.stringify({ folder, made }))
  renameSync(`${LATEST}.new`, LATEST)
  for (const old of readdirSync(BUNDLES).filter((one) => /^\d+-/.test(one) && one !== basename(folder)))
    rmSync(join(BUNDLES, old), { recursive: true, force: true })
  return folder
}

/** What looks for files beside itself finds those of its source. */
const withOwnAddress = (code, file) =>
  file.includes('node_modules') || !code.includes('import.meta.url')
    ? null
    : code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
