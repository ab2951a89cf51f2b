/** `npm run bench`: installs what we are held against when it is not there, compiles the bench, and runs it. Plain JavaScript, because it must run before anything is compiled. */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const compiler = fileURLToPath(new URL('../../node_modules/@typescript/native/bin/tsc', import.meta.url))
const isWindows = process.platform === 'win32'

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: here, stdio: 'inherit', shell: isWindows })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 2)
}

const changedAt = (path) => statSync(new URL(path, import.meta.url)).mtimeMs
const installed = './node_modules/.package-lock.json'
// Or what we are held against has become more since.
const isInstalled =
  existsSync(new URL(installed, import.meta.url)) && changedAt(installed) >= changedAt('./package-lock.json')
if (!isInstalled) run('npm', 'ci', '--no-audit', '--no-fund')
run(process.execPath, compiler, '-p', '.')
run(process.execPath, 'dist/run.js', ...process.argv.slice(2))
