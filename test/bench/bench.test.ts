import { existsSync, readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'

import { providers } from '../../src/providers/index.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { buildReport } from './builds.js'
import { dialgraphConfig, WITHOUT_CACHE } from './dialgraph-config.js'
import { goalsOf, throughput } from './goals.js'
import { headersOf } from './load.js'
import type { Sample } from './measure.js'
import type { BenchResults } from './results.js'
import { lineThrough, ratios, spreadOf } from './statistics.js'
import { startStub, type Stub } from './stub.js'
import { table } from './table.js'
import { accountId, bodyOf, W1, W2, W3, W4, W5, type WorkloadRequest, type Workload } from './workloads.js'

/** As far as the tests look into it. */
interface Answer {
  readonly data: {
    readonly account?: {
      readonly id: string
      readonly dids: {
        readonly totalCount: number
        readonly nodes: readonly {
          readonly destination: { readonly id?: string }
          readonly businessHours?: { readonly days: readonly object[] }
        }[]
      }
    } | null
    readonly callRecords?: { readonly nodes: readonly object[] }
  }
  readonly errors?: readonly object[]
}

interface Bench {
  readonly stub: Stub
  ask(asked: WorkloadRequest): Promise<Answer>
}

/** The whole server over the stub, as the bench joins them. */
async function withBench(workload: Workload, limits: object, run: (bench: Bench) => Promise<void>): Promise<void> {
  const stub = await startStub(workload)
  const config = checkConfig(dialgraphConfig(workload, { stubUrl: stub.url, limits: { ...limits } }), providers, {
    environment: {},
  })
  const server = await startServer(config, { providers, log: createLog({ write() {} }) })
  try {
    await run({
      stub,
      async ask(asked) {
        const body = bodyOf(workload, asked)
        const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: headersOf(asked), body })
        return (await response.json()) as Answer
      },
    })
  } finally {
    await server.close()
    await stub.close()
  }
}

/** How many rows of the answer have everything the question selects. */
const rowsOf: Readonly<Record<string, (answer: Answer) => number | undefined>> = {
  Numbers: ({ data }) => data.account?.dids.nodes.filter(({ destination }) => destination.id).length,
  Hours: ({ data }) => data.account?.dids.nodes.filter(({ businessHours }) => businessHours?.days.length === 7).length,
  Calls: ({ data }) => data.callRecords?.nodes.length,
  Merged: ({ data }) => data.callRecords?.nodes.length,
}

describe('a question costs the fewest provider requests that can answer it', () => {
  test.each([W1, W2, W3, W4, W5])('$name: $about', (workload) =>
    withBench(workload, WITHOUT_CACHE, async ({ ask, stub }) => {
      const asked = workload.request(0)
      const answer = await ask(asked)
      expect(answer.errors).toBeUndefined()
      expect(rowsOf[asked.operationName]!(answer)).toBe(asked.variables['first'])
      expect(stub.count()).toBe(workload.providerRequests)
      expect(Object.values(stub.asked()).every((times) => times === 1)).toBe(true)
    }),
  )

  test('many callers at once, each with a question of its own, cost what they cost one by one', () =>
    withBench(W5, WITHOUT_CACHE, async ({ ask, stub }) => {
      const all = Array.from({ length: 50 }, (_, index) => W5.request(index))
      const answers = await Promise.all(all.map(ask))
      answers.forEach(({ data, errors }, index) => {
        const { id } = all[index]!.variables
        expect(errors).toBeUndefined()
        expect(data.account).toMatchObject({ id, dids: { totalCount: 20 } })
        expect(data.account?.dids.nodes).toHaveLength(20)
      })
      expect(stub.count()).toBe(50 * W5.providerRequests)
    }))

  test('what is fresh in the cache costs none', () =>
    withBench(W1, {}, async ({ ask, stub }) => {
      const first = await ask(W1.request(0))
      stub.clear()
      expect(await ask(W1.request(1))).toEqual(first)
      expect(stub.count()).toBe(0)
    }))
})

test('the callers of the bench see the accounts of their own workspace only', () =>
  withBench(W5, WITHOUT_CACHE, async ({ ask, stub }) => {
    const asked = W5.request(0)
    const { data, errors } = await ask({ ...asked, variables: { ...asked.variables, id: accountId('office-1') } })
    expect({ data, errors }).toEqual({ data: { account: null } })
    expect(stub.count()).toBe(0)
  }))

test('no two requests of W5 are alike, and each is answered with as much as W1', () => {
  const requests = Array.from({ length: 98_000 }, (_, index) => W5.request(index))
  expect(new Set(requests.map((asked) => asked.caller.name + bodyOf(W5, asked))).size).toBe(requests.length)
  const least = requests.reduce((least, { variables }) => Math.min(least, Number(variables['first'])), Infinity)
  expect(least).toBe(Number(W1.request(0).variables['first']))
  expect(new Set([...W1.offices, ...W5.offices].map(({ dids }) => dids))).toEqual(new Set([least]))
})

describe('figures', () => {
  const sample = (perSecond: number, cpuMs: number): Sample => ({
    ...{ perSecond, cpuMs, p50: 1, p99: 2, busy: 1, peakMib: 100, providerRequests: 4, firstAnswerMs: 900 },
  })

  test('the middle of several, and how far they lie apart', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
    expect(spreadOf([4, null, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 })
    expect(spreadOf([null])).toBeNull()
  })

  test('a ratio is taken round by round', () => {
    expect(ratios([10, 40], [1, 2])).toEqual({ median: 15, min: 10, max: 20 })
  })

  test('of the two ways to compare servers the one that flatters us less counts', () => {
    const [ours, other] = [[sample(1_000, 1)], [sample(500, 1.5)]]
    expect(throughput(ours, other)?.median).toBe(1.5)
    expect(throughput([sample(600, 1)], other)?.median).toBe(1.2)
  })

  test('a line is laid through points', () => {
    const { base, slope } = lineThrough([
      [0, 5],
      [10, 25],
      [20, 45],
    ])
    expect([base, slope]).toEqual([5, 2])
  })

  test('a goal is reached, its must is, neither is, or nobody has measured it', () => {
    const cell = (contestant: string, workload: string, perSecond: number, cpuMs: number) => ({
      ...{ contestant, workload, latencyMs: 0, connections: 10, samples: [sample(perSecond, cpuMs)] },
    })
    const results = {
      ...{ rounds: 1, roundTripMs: 20, contestants: [], workloads: [{ name: 'W1', about: '', providerRequests: 4 }] },
      cells: [
        cell('dialgraph cached', 'W1', 1_000, 1),
        cell('dialgraph', 'W1', 100, 10),
        cell('dialgraph old', 'W1', 60, 18),
        cell('usual', 'W1', 70, 14),
        cell('yoga', 'W1', 40, 25),
        cell('raw', 'W1', 9_000, 0.1),
      ],
    } as unknown as BenchResults
    const states = goalsOf(results, null).flatMap(({ id, about, state }) =>
      about.startsWith('W1') && !about.includes('away') ? [[id, about.split(' ').at(-1), state]] : [],
    )
    expect(states).toEqual([
      ['N1', '9ea7bb9', 'must'],
      ['N2', 'mercurius', 'not measured'],
      ['N2', 'raw', 'missed'],
      ['N5', 'yoga', 'must'],
      ['N6', 'usual', 'missed'],
      ['P4', 'usual', 'must'],
      ['P6', 'mercurius', 'not measured'],
      ['P7', 'raw', 'missed'],
    ])
    expect(goalsOf(results, null).find(({ id }) => id === 'P1')).toMatchObject({
      state: 'goal',
      measured: { median: 0 },
    })
  })

  test('two builds are compared round by round, pair by pair and all together', () => {
    const samples = (...cpuMs: number[]) => cpuMs.map((cpu) => sample(100 / cpu, cpu))
    const text = buildReport({
      ...{ command: 'npm run bench -- builds x', date: '2026-01-01', machine: 'a machine', node: 'v20.0.0' },
      ...{ commit: '0123456789abcdef', rounds: 3, durations: { warmUp: 4, turns: 5, turn: 1 } },
      pairs: [
        { workload: 'W1', setting: 'as it starts', old: samples(1, 1, 2), new: samples(0.5, 1, 4) },
        { workload: 'W2', setting: 'as it starts', old: samples(1, 1, 1), new: samples(2, 1, 2) },
      ],
    })
    const cells = text
      .split('\n')
      .filter((line) => /^\| (W\d|all)/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
    expect(cells.map((row) => row[5])).toEqual(['1 (0.5–2)', '2 (1–2)', '1 (1–2)'])
    expect(cells.map((row) => row[7])).toEqual(['4 → 4', '4 → 4', ''])
  })

  test('tables are Markdown as the formatter leaves it', () => {
    const rows = [
      ['', 'answers/s'],
      ['raw', '4,210'],
    ]
    expect(table(rows)).toBe('|     | answers/s |\n| --- | --------: |\n| raw |     4,210 |')
  })
})

test('docs/performance.md has a place for everything that is measured', () => {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8')
  for (const part of ['measured', 'walk', 'scale', 'live', 'bytes']) {
    expect(page).toMatch(new RegExp(`<!-- bench:${part} -->\n[^]*<!-- bench:${part} end -->`))
  }
})

test('what the bench loads of the built server is a file of its source', () => {
  const text = readFileSync(new URL('./interpreted.ts', import.meta.url), 'utf8')
  const modules = [...text.matchAll(/'\.\/([\w/.-]+)\.js'/g)].map(([, path]) => path!)
  expect(modules.length).toBeGreaterThan(3)
  expect(modules.filter((path) => !existsSync(new URL(`../../src/${path}.ts`, import.meta.url)))).toEqual([])
})
