import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

import { beforeAll, describe, expect, test } from '@jest/globals'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MINUTE = 60_000

interface Suite {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
}

/** Runs suites that are wrong on purpose, one after the other in one process, as `npm run jest` does. */
const run = () =>
  new Promise<{ readonly code: unknown; readonly suites: ReadonlyMap<string, Suite> }>((resolve) => {
    const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
    const suites = ['--testMatch', '**/runner/suites/{one,another,not-found,not-handled,leaks}.ts']
    execFile(process.execPath, [...jest, '--runInBand', '--json', ...suites], { cwd: ROOT }, (error, stdout) => {
      const { testResults } = JSON.parse(stdout) as { testResults: readonly Suite[] }
      const byName = testResults.map((suite) => [
        suite.name.slice(join(ROOT, 'test/support/runner/suites/').length),
        suite,
      ])
      resolve({ code: error?.code ?? 0, suites: new Map(byName as [string, Suite][]) })
    })
  })

describe('suites that share their packages', () => {
  let ran: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    ran = await run()
  }, MINUTE)
  const suite = (name: string) => ran.suites.get(name)!
  const message = (name: string) => stripVTControlCharacters(suite(name).message)
  const statuses = (name: string) => suite(name).assertionResults.map(({ status }) => status)

  test('are all told of, and fail the run when one of them fails', () => {
    expect([...ran.suites.keys()].sort()).toEqual([
      'another.ts',
      'leaks.ts',
      'not-found.ts',
      'not-handled.ts',
      'one.ts',
    ])
    expect(ran.code).toBe(1)
  })

  test.each(['one.ts', 'another.ts'])('see nothing of what another one has left behind: %s', (name) => {
    expect(message(name)).toBe('')
    expect(statuses(name)).toEqual(['passed'])
  })

  test('fail when they import what is not there, and name both', () => {
    expect(suite('not-found.ts').status).toBe('failed')
    expect(message('not-found.ts')).toMatch(/suites\/not-found\.ts imports \S*\/nothing\.js: Cannot find module/)
  })

  test('fail by what nobody handles, and show the line of the TypeScript file', () => {
    expect(statuses('not-handled.ts')).toEqual(['failed', 'failed'])
    expect(message('not-handled.ts')).toMatch(/nobody looks here[^]*> 6 \|[^]*suites\/not-handled\.ts:6:/)
    expect(message('not-handled.ts')).toMatch(/nobody catches this[^]*> 11 \|[^]*suites\/not-handled\.ts:11:/)
  })

  test('fail when a secret is logged, or all objects have been given something', () => {
    expect(statuses('leaks.ts')).toEqual(['failed', 'passed'])
    expect(message('leaks.ts')).toMatch(/a line of the log: .*\[secret\]/)
    expect(message('leaks.ts')).toMatch(/\+ +"left"/)
  })
})
