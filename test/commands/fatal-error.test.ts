import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from '@jest/globals'

import { isBuilt } from '../calls/built-server.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const CANARY = 'canary-61fe'

/**
 * Once the server listens, a promise is rejected unhandled, and then an exception is thrown
 * uncaught.
 */
const ACCIDENT = `const { log } = console
console.log = (...said) => {
  log(...said)
  void Promise.reject(new RangeError(process.env.CANARY))
  setTimeout(() => {
    log('it lives')
    throw new EvalError(process.env.CANARY)
  }, 100)
}`

const maybe = isBuilt ? test : test.skip
maybe(
  `a forgotten promise ends nothing, an exception nobody can catch ends the process with 2, and both are told by kind and place${isBuilt ? '' : ' (skipped: `npm run build` was not run)'}`,
  async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'dialgraph-fatal-')), 'config.json')
    writeFileSync(file, JSON.stringify({ server: { port: 0 }, store: { url: 'memory:' } }))
    const accident = `data:text/javascript,${encodeURIComponent(ACCIDENT)}`
    const child = spawn(process.execPath, ['--import', accident, MAIN, '--config', file], {
      // Not in the script: its text is its data: URL, and so appears in the stack.
      env: { ...process.env, CANARY },
    })
    let said = ''
    for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (said += String(chunk)))
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(2)
    expect(said).toContain('"msg":"defect"')
    expect(said.indexOf('"error":"RangeError"')).toBeGreaterThan(0)
    expect(said.indexOf('it lives')).toBeGreaterThan(0)
    expect(said.indexOf('"error":"EvalError"')).toBeGreaterThan(0)
    expect(said).not.toContain(CANARY)
  },
)
