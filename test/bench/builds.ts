/** `npm run bench -- builds <commit>`: this build against the build of another commit, in turns. */
import { parseArgs } from 'node:util'

import { dialgraph, type Contestant } from './contestants.js'
import { WITHOUT_CACHE } from './dialgraph-config.js'
import { measureInTurns, type Cell, type Durations, type Expected, type Sample } from './measure.js'
import { builtFrom, commitOf } from './old-build.js'
import { roundsOf } from './plan.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { ratios, spreadOf, type Spread } from './statistics.js'
import { figure, spread, table } from './table.js'
import { W1, W2, W3, W4, W5, type Workload } from './workloads.js'

/** One workload in one setting, by both builds; a sample of each for every round. */
export interface BuildPair {
  readonly workload: string
  readonly setting: string
  readonly old: readonly Sample[]
  readonly new: readonly Sample[]
}

export interface BuildResults extends Circumstances {
  /** What the other build was made of: the full hash of a commit. */
  readonly commit: string
  readonly rounds: number
  readonly durations: Durations
  readonly pairs: readonly BuildPair[]
}

const WORKLOADS = [W1, W5, W2, W3, W4]
const SETTINGS = [
  { setting: 'as it starts', limits: {} },
  { setting: 'nothing kept', limits: WITHOUT_CACHE },
]
const FULL: Durations = { warmUp: 4, turns: 5, turn: 1 }
const QUICK: Durations = { warmUp: 0.5, turns: 1, turn: 0.5 }

export async function run(rest: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...rest],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      /** Half a second each: shows that it works, and nothing else. */
      quick: { type: 'boolean', default: false },
      /** One of W1 … W5; default all of them. */
      only: { type: 'string', multiple: true, default: [] },
    },
  })
  const [name] = positionals
  const rounds = roundsOf(values.rounds)
  if (!name) throw new Error('Name the commit to compare with: npm run bench -- builds <commit>')
  const commit = commitOf(name)
  const other = builtFrom(commit)
  const results: BuildResults = {
    ...circumstances(`npm run bench -- builds ${commit.slice(0, 10)}`),
    ...{ commit, rounds, durations: values.quick ? QUICK : FULL },
    pairs: await measurePairs(other, rounds, values.quick ? QUICK : FULL, values.only),
  }
  console.log(buildReport(results))
  if (!values.quick) console.log(`\n${keep('builds', results)}`)
}

/** Both builds of a pair live at the same time, and are measured in turns of a second. */
async function measurePairs(
  other: string,
  rounds: number,
  durations: Durations,
  only: readonly string[],
): Promise<readonly BuildPair[]> {
  const expected: Expected = new Map()
  const pairs = WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name)).flatMap((workload) =>
    SETTINGS.map(({ setting, limits }) => ({
      ...{ workload, setting, old: [] as Sample[], new: [] as Sample[] },
      contestants: {
        old: dialgraph(`old, ${setting}`, '', { limits }, { main: () => other }),
        new: dialgraph(`new, ${setting}`, '', { limits }),
      },
    })),
  )
  const began = performance.now()
  for (let round = 0; round < rounds; round++) {
    for (const pair of pairs) {
      // Who goes first changes from round to round.
      const order = round % 2 === 0 ? (['old', 'new'] as const) : (['new', 'old'] as const)
      const cells = order.map((which) => cellOf(pair.contestants[which], pair.workload))
      const samples = await measureInTurns(cells, durations, expected)
      for (const [at, which] of order.entries()) pair[which].push(samples[at]!)
      const [before, after] = [pair.old.at(-1)!, pair.new.at(-1)!]
      console.error(
        `${figure((performance.now() - began) / 1000)} s, round ${round + 1} of ${rounds}, ${pair.workload.name} ${pair.setting}: ` +
          `CPU ${figure(before.cpuMs ?? Number.NaN)} ms, then ${figure(after.cpuMs ?? Number.NaN)} ms`,
      )
    }
  }
  return pairs.map(({ workload, setting, old, new: ours }) => ({ workload: workload.name, setting, old, new: ours }))
}

const cellOf = (contestant: Contestant, workload: Workload): Cell => ({
  ...{ contestant, workload, latencyMs: 0, connections: 10 },
})

/** Ratios of the new build to the old one, round by round: under 1 is better for CPU, above 1 for answers a second. */
export function buildReport({ command, date, node, machine, commit, rounds, durations, pairs }: BuildResults): string {
  const of = (samples: readonly Sample[], value: 'cpuMs' | 'perSecond' | 'providerRequests') =>
    samples.map((sample) => sample[value])
  const rows = pairs.map(({ workload, setting, old, new: ours }) => [
    ...[workload, setting],
    ...[old, ours].map((samples) => figure(spreadOf(of(samples, 'cpuMs'))?.median ?? Number.NaN)),
    spread(ratios(of(ours, 'cpuMs'), of(old, 'cpuMs'))),
    spread(ratios(of(ours, 'perSecond'), of(old, 'perSecond'))),
    [old, ours].map((samples) => spread(spreadOf(of(samples, 'providerRequests')))).join(' → '),
  ])
  return [
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}; ${rounds} rounds of ${durations.turns} turns of ${durations.turn} s, after ${durations.warmUp} s that do not count. Old: ${commit.slice(0, 10)}. Ratios are new over old, round by round: median (least–most).`,
    table(
      [
        ['', '', 'CPU ms old', 'CPU ms new', 'CPU new/old', 'answers/s new/old', 'provider requests'],
        ...rows,
        ['all', '', '', '', spread(together(pairs, 'cpuMs')), spread(together(pairs, 'perSecond')), ''],
      ],
      2,
    ),
  ].join('\n\n')
}

/** The geometric mean of all pairs' ratios, round by round. */
function together(pairs: readonly BuildPair[], value: 'cpuMs' | 'perSecond'): Spread | null {
  const rounds = Math.min(...pairs.map(({ new: ours }) => ours.length))
  const means = Array.from({ length: rounds }, (_, round) => {
    const logs = pairs.map(({ old, new: ours }) => Math.log((ours[round]![value] ?? NaN) / (old[round]![value] ?? NaN)))
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)
  })
  return spreadOf(means)
}
