import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

import type { Scorecard } from '../../src/testing.js'
import { isBuilt, runNode } from '../support/packed.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const MUTANTS = fileURLToPath(new URL('run-mutants.js', import.meta.url))
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

const suite = isBuilt ? describe : describe.skip
suite(
  isBuilt
    ? 'a provider written with the kit'
    : 'a provider written with the kit (skipped: `npm run build` was not run)',
  () => {
    test('keeps every promise of the contract that it claims, and claims nearly all', async () => {
      const { code, stdout } = await runNode([MAIN, 'provider', 'check', 'parley', '--json'], HERE)
      const { promises } = JSON.parse(stdout) as Scorecard
      expect(promises.filter(({ outcome }) => outcome === 'red')).toEqual([])
      expect(promises.filter(({ outcome }) => outcome === 'green').length).toBeGreaterThan(140)
      expect(code).toBe(0)
    }, 120_000)

    // `npm run proof:mutants` tries every promise on every one.
    test('is red where it has a defect, at the promise that the documentation names: 58 defects', async () => {
      const { code, stdout } = await runNode([MUTANTS, '--as-documented'], HERE)
      expect(stdout).toMatch(/\n58 of 58 are seen\n$/)
      expect(code).toBe(0)
    }, 120_000)
  },
)
