import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** Whether `npm run build` was run: without it there is nothing to pack. */
export const isBuilt = existsSync(join(ROOT, 'dist/main.js'))

/** What npm says of a tarball it made. */
export interface Packed {
  readonly filename: string
  readonly integrity: string
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

/** An empty folder in which the package is installed from its tarball. */
export interface Installed {
  readonly folder: string
  /** The tarball, and the same made again by the same npm. */
  readonly tarballs: readonly [Packed, Packed]
  remove(): void
}

/** Packs the package and unpacks it in an empty folder; its dependencies are ours, so nothing is fetched. */
export async function installPacked(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-installed-'))
  const pack = ['pack', '.', '.', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder]
  const { stdout } = await run('npm', pack, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
  const tarballs = JSON.parse(stdout) as [Packed, Packed]
  const file = join(folder, tarballs[0].filename)
  await run('tar', ['-xzf', file, '-C', folder])
  rmSync(file)
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
  renameSync(join(folder, 'package'), join(folder, 'node_modules/dialgraph'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules/dialgraph/node_modules'))
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
  return { folder, tarballs, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What a program said, and how it ended. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs Node in a folder; whatever becomes of it is its outcome. */
export async function runNode(args: readonly string[], cwd: string): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(process.execPath, [...args], { cwd, maxBuffer: 64 * 1024 * 1024 })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

/** The TypeScript compiler of this repository. */
export const TYPE_CHECKER = join(ROOT, 'node_modules/@typescript/native/bin/tsc')
