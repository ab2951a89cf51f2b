import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { interleave, type Interleaving } from './interleavings.js'
import { cases } from '../support/proof.js'

const plans: readonly (readonly [string, Interleaving])[] = [
  ['two processes', { processes: 2, lease: true, rename: true, unlink: false, hiccup: false }],
  [
    'three processes that do not wait for each other',
    { processes: 3, lease: false, rename: true, unlink: false, hiccup: false },
  ],
  [
    'two processes and a provider that fails once',
    { processes: 2, lease: false, rename: true, unlink: false, hiccup: true },
  ],
  ['two processes and an unlinking', { processes: 2, lease: true, rename: true, unlink: true, hiccup: false }],
  [
    'two processes that do not wait, and an unlinking',
    { processes: 2, lease: false, rename: true, unlink: true, hiccup: false },
  ],
]

describe('a refresh, a new label and an unlinking lose nothing in any order', () => {
  test.each(plans)('%s', async (_, plan) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        expect(await interleave(scheduler, plan)).toEqual([])
      }),
      { numRuns: cases(150) },
    )
  })
})
