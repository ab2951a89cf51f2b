import { FAR } from './plan.js'
import type { BenchResults, CellResult } from './results.js'
import type { Sample } from './measure.js'
import { ratios, spreadOf, type Spread } from './statistics.js'
import type { WalkResults } from './walk.js'

/** One goal of the bench, what it must reach, what it should, and what was measured. */
export interface Goal {
  readonly id: string
  readonly about: string
  readonly must: string
  readonly wanted: string
  readonly measured: Spread | null
  readonly unit: string
  readonly state: 'goal' | 'must' | 'missed' | 'not measured'
}

interface Bound {
  /** Absent: there is none. */
  readonly must?: number
  readonly wanted: number
  readonly unit?: string
  /** Whether more is better; default less. */
  readonly atLeast?: boolean
}

export function goal(
  id: string,
  about: string,
  measured: Spread | null,
  { must, wanted, unit = '', atLeast = false }: Bound,
): Goal {
  const sign = atLeast ? '≥' : '≤'
  const meets = (bound: number | undefined) =>
    measured !== null && bound !== undefined && (atLeast ? measured.median >= bound : measured.median <= bound)
  const shown = (bound: number | undefined) => (bound === undefined ? '–' : `${sign} ${round(bound)}${unit}`)
  return {
    ...{ id, about, measured, unit },
    must: shown(must),
    wanted: shown(wanted),
    state: measured === null ? 'not measured' : meets(wanted) ? 'goal' : meets(must) ? 'must' : 'missed',
  }
}

const round = (value: number) => String(Number(value.toPrecision(3)))

/** All goals that can be told from what was measured. */
export function goalsOf(results: BenchResults, walk: WalkResults | null): Goal[] {
  const samples = (contestant: string, workload: string, latencyMs = 0, connections = 10): readonly Sample[] =>
    results.cells.find(isCell({ contestant, workload, latencyMs, connections }))?.samples ?? []
  const ours = (workload: string, latencyMs?: number, connections?: number) =>
    samples('dialgraph', workload, latencyMs, connections)
  const pick = (of: readonly Sample[], value: keyof Sample) => of.map((sample) => sample[value])
  const trip = results.roundTripMs ?? FAR
  const late = (connections: number, percentile: 'p50' | 'p99') =>
    spreadOf(pick(ours('W1', FAR, connections), percentile).map((value) => value! - trip))
  /** As it starts by default, and with nothing kept from one operation to the next: the peers keep nothing either. */
  const both = (id: string, about: string, measure: (who: string) => Spread | null, bound: Bound): Goal[] => [
    goal(id, about, measure('dialgraph cached'), bound),
    goal(id, 'the same, with nothing kept', measure('dialgraph'), bound),
  ]

  const excess = results.workloads.flatMap(({ name, providerRequests }) =>
    ours(name).map((sample) => sample.providerRequests - providerRequests),
  )
  const kept = results.workloads.flatMap(({ name }) =>
    samples('dialgraph cached', name).map((sample) => sample.providerRequests),
  )
  const perAccount = (who: string, accounts: number) =>
    pick(samples(who, `A${accounts}`), 'cpuMs').map((value) => (value === null ? null : value / accounts))
  const [short, long] = [walk?.walks[0], walk?.walks[1]]
  return [
    goal('P1', 'provider requests over the lower bound, all workloads', worstOf(excess), { must: 0, wanted: 0 }),
    goal('P1', 'provider requests for what is fresh in the cache', worstOf(kept), { wanted: 0 }),
    goal('P2', `W1, provider ${FAR} ms away, 1 client, p50 over one round trip`, late(1, 'p50'), {
      must: 8,
      wanted: 3,
      unit: ' ms',
    }),
    goal('P3', `W1, provider ${FAR} ms away, 10 clients, p99 over one round trip`, late(10, 'p99'), {
      must: 25,
      wanted: 15,
      unit: ' ms',
    }),
    ...(
      [
        ['P4', 'usual', { W1: [10, 18], W3: [5, 7], W4: [3.5, 5] }],
        ['P5', 'yoga', { W1: [2, 3], W3: [2, 3] }],
        ['P6', 'mercurius', { W1: [0.55, 0.8], W3: [0.85, 1] }],
        ['P7', 'raw', { W1: [0.4, 0.55], W3: [0.5, 0.7], W4: [0.6, 0.75] }],
      ] as const
    ).flatMap(([id, peer, bounds]) =>
      Object.entries(bounds).flatMap(([workload, [must, wanted]]) =>
        both(
          id,
          `${workload} throughput against ${peer}`,
          (who) => throughput(samples(who, workload), samples(peer, workload)),
          { must, wanted, unit: ' ×', atLeast: true },
        ),
      ),
    ),
    ...both(
      'P8',
      'W5 throughput against W1: many callers instead of one',
      (who) => throughput(samples(who, 'W5'), samples(who, 'W1')),
      { must: 0.85, wanted: 0.95, unit: ' ×', atLeast: true },
    ),
    ...both(
      'P9',
      'CPU for an account among 50 against one among 5',
      (who) => ratios(perAccount(who, 50), perAccount(who, 5)),
      { must: 1.1, wanted: 0.8, unit: ' ×' },
    ),
    goal('P10', 'peak memory while 1,000,000 calls are walked', spreadOf([long?.peakMib]), {
      ...{ must: 200, wanted: 1.2 * (short?.peakMib ?? Number.NaN), unit: ' MiB' },
    }),
    goal(
      'P11',
      'from start to first answer',
      spreadOf(pick(ours('W1'), 'firstAnswerMs').map((value) => value! / 1000)),
      {
        ...{ must: 3, wanted: 1.5, unit: ' s' },
      },
    ),
  ]
}

/** Where one request too many is one too many. */
function worstOf(values: readonly number[]): Spread | null {
  const spread = spreadOf(values)
  return spread && { ...spread, median: spread.max }
}

/**
 * The worse of two ratios: of answers a second, and of answers a second of CPU. Where something else than the server was the narrow place
 * (the provider or the one who asks, on the other core) the first would flatter whoever is slower.
 */
export function throughput(of: readonly Sample[], to: readonly Sample[]): Spread | null {
  const bySecond = ratios(
    of.map(({ perSecond }) => perSecond),
    to.map(({ perSecond }) => perSecond),
  )
  const byCpu = ratios(
    to.map(({ cpuMs }) => cpuMs),
    of.map(({ cpuMs }) => cpuMs),
  )
  return bySecond && byCpu ? (byCpu.median < bySecond.median ? byCpu : bySecond) : bySecond
}

export const isCell = (wanted: Omit<CellResult, 'samples'>) => (cell: CellResult) =>
  Object.entries(wanted).every(([key, value]) => cell[key as keyof CellResult] === value)
