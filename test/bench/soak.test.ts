import { describe, expect, test } from '@jest/globals'

import { providers } from '../../src/providers/index.js'
import { isBuilt } from '../calls/built-server.js'
import { unexplained } from './soak-failures.js'
import { soak, verdict, type Soaked, type SoakSample } from './soak.js'

/** The long form is `npm run bench -- soak`. */
const maybe = isBuilt ? test : test.skip
maybe(
  `seconds of load, of tokens running out and of faults leave nothing behind${isBuilt ? '' : ' (skipped: `npm run build` was not run)'}`,
  async () => {
    const soaked = await soak(providers, { seconds: 4, queriesPerSecond: 20, faultShare: 0.1, sampleEverySeconds: 2 })
    expect(verdict(soaked)).toEqual([])
    expect(soaked.samples).toHaveLength(2)
    expect(soaked.samples.at(-1)!.queries).toBe(80)
    expect(soaked.samples.at(-1)!.tokenRequests).toBeGreaterThan(10)
  },
  60_000,
)

describe('what is wrong with a soak', () => {
  const sample = (heapMib: number, handles: number): SoakSample => ({
    ...{ seconds: 0, queries: 0, failed: 0, providerRequests: 0, tokenRequests: 0, rssMib: 0, heapMib, handles },
  })
  const soaked = (
    heap: (index: number) => number,
    handles: (index: number) => number,
    more: Partial<Soaked> = {},
  ): Soaked => ({
    samples: Array.from({ length: 40 }, (_, index) => sample(heap(index), handles(index))),
    ...{ unexplained: [], logins: { izmir: 'ACTIVE' }, exitCode: 0, ...more },
  })

  test.each<[string, Soaked, RegExp | null]>([
    [
      'nothing',
      soaked(
        (index) => 50 + (index % 3),
        (index) => 20 + (index % 5),
      ),
      null,
    ],
    [
      'nothing but a warm-up',
      soaked(
        (index) => Math.min(80, 40 + 5 * index),
        () => 20,
      ),
      null,
    ],
    [
      'a heap that grows',
      soaked(
        (index) => 50 + index / 4,
        () => 20,
      ),
      /^The heap grows: 5\d\.\d MiB early, 5\d\.\d MiB late\.$/,
    ],
    [
      'handles that stay',
      soaked(
        () => 50,
        (index) => 20 + index,
      ),
      /^Handles grow/,
    ],
    [
      'a login that ended',
      soaked(
        () => 50,
        () => 20,
        { logins: { izmir: 'REAUTHORIZATION_REQUIRED' } },
      ),
      /izmir ended/,
    ],
    [
      'a failure',
      soaked(
        () => 50,
        () => 20,
        { unexplained: ['X: y'] },
      ),
      /^A failure without a fault: X: y$/,
    ],
    [
      'an end',
      soaked(
        () => 50,
        () => 20,
        { exitCode: 2 },
      ),
      /ended with 2/,
    ],
  ])('is %s', (_what, given, told) => {
    expect(verdict(given)).toEqual(told === null ? [] : [expect.stringMatching(told)])
  })

  test('is a failure that no line of the log explains', () => {
    const at = Date.parse('2026-02-11T09:00:10Z')
    const failed = (requestId: string, code: string, accountId = 'id-of-izmir') => ({
      ...{ requestId, from: at - 500, at, errors: [{ message: requestId, extensions: { code, accountId } }] },
    })
    const log = [
      'GraphQL: http://127.0.0.1:1/graphql',
      { time: '2026-02-11T09:00:09Z', msg: 'provider failed', requestId: 'broken', account: 'izmir', status: 503 },
      { time: '2026-02-11T09:00:09.800Z', msg: 'provider failed', requestId: 'another', account: 'desk', status: null },
      { time: '2026-02-11T09:00:01Z', msg: 'login', account: 'praha#actor', outcome: 'backing off' },
    ]
    const written = log.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    const all = [
      failed('broken', 'PROVIDER_UNAVAILABLE'),
      failed('waiting', 'PROVIDER_UNAVAILABLE', 'id-of-praha'),
      failed('broken', 'INTERNAL_SERVER_ERROR'),
      failed('beside', 'PROVIDER_TIMEOUT', 'id-of-desk'),
      failed('alone', 'PROVIDER_TIMEOUT', 'id-of-shop'),
    ]
    expect(unexplained(all, written, (id) => id.replace('id-of-', ''))).toEqual([
      'INTERNAL_SERVER_ERROR: broken',
      'PROVIDER_TIMEOUT: alone',
    ])
  })
})
