/** Builds of other commits, each in a folder of the bench. */
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Seen from `dist`, where the bench is compiled to. Other builds stand there too, where neither git nor any check of the code looks. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const BUILDS = fileURLToPath(new URL('./builds/', import.meta.url))
/** All that a build needs of a commit. */
const SOURCES = ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'schema']

/** The full hash of a commit, by any name of it. */
export const commitOf = (name: string): string => git('rev-parse', '--verify', `${name}^{commit}`).trim()

/** `main.js` of a commit's build, made if it has not been made before. `commit`: its full hash. */
export function builtFrom(commit: string): string {
  const folder = `${BUILDS}${commit}`
  const main = `${folder}/dist/main.js`
  const lock = (of: string) => readFileSync(`${of}/package-lock.json`, 'utf8')
  const isShared = (of: string) => lstatSync(`${of}/node_modules`).isSymbolicLink()
  // Packages may have been shared when they were the same, and have moved on since.
  if (existsSync(main) && (!isShared(folder) || lock(folder) === lock(ROOT))) return main
  rmSync(folder, { recursive: true, force: true })
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  execFileSync('tar', ['-x', '-C', unfinished], {
    input: execFileSync('git', ['archive', commit, ...SOURCES], { cwd: ROOT, maxBuffer: 2 ** 30 }),
  })
  const show = ['ignore', 'inherit', 'inherit'] as const
  if (lock(unfinished) === lock(ROOT)) symlinkSync(`${ROOT}node_modules`, `${unfinished}/node_modules`)
  else execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished, stdio: [...show] })
  // Not GraphiQL: it is not served here.
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src', '--noCheck'], {
    cwd: unfinished,
    stdio: [...show],
  })
  renameSync(unfinished, folder)
  return main
}

const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
