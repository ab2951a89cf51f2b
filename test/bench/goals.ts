import { OLD, OLD_COMMIT } from './contestants.js'
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
  /** One goal for each workload that has a bound: how many times a peer's throughput ours is. */
  const against = (
    id: string,
    who: string,
    peer: string,
    bounds: Readonly<Record<string, readonly [number, number]>>,
  ) =>
    Object.entries(bounds).map(([workload, [must, wanted]]) =>
      goal(id, `${workload} throughput against ${peer}`, throughput(samples(who, workload), samples(peer, workload)), {
        ...{ must, wanted, unit: ' ×', atLeast: true },
      }),
    )

  const excess = results.workloads.flatMap(({ name, providerRequests }) =>
    ours(name).map((sample) => sample.providerRequests - providerRequests),
  )
  const kept = results.workloads.flatMap(({ name }) =>
    samples('dialgraph cached', name).map((sample) => sample.providerRequests),
  )
  const perAccount = (who: string, accounts: number) =>
    pick(samples(who, `A${accounts}`), 'cpuMs').map((value) => (value === null ? null : value / accounts))
  const amongMany = (who: string) => ratios(perAccount(who, 50), perAccount(who, 5))
  return [
    goal(
      'N1',
      `W1, CPU against the build of ${OLD_COMMIT}`,
      ratios(pick(ours('W1'), 'cpuMs'), pick(samples(OLD, 'W1'), 'cpuMs')),
      { must: 0.6, wanted: 0.5, unit: ' ×' },
    ),
    goal(
      'F1',
      'CPU of a trivial operation against bare Fastify',
      ratios(pick(ours('W0'), 'cpuMs'), pick(samples('fastify', 'W0'), 'cpuMs')),
      { must: 2, wanted: 1.5, unit: ' ×' },
    ),
    ...against('N2', 'dialgraph', 'mercurius', { W1: [0.75, 0.9] }),
    ...against('N2', 'dialgraph', 'raw', { W1: [0.5, 0.6] }),
    ...against('N3', 'dialgraph', 'mercurius', { W3: [1, 1.2] }),
    ...against('N3', 'dialgraph', 'raw', { W3: [0.8, 0.95] }),
    ...against('N4', 'dialgraph', 'raw', { W4: [0.85, 1] }),
    ...against('N4', 'dialgraph', 'usual', { W4: [3.5, 5] }),
    ...against('N5', 'dialgraph', 'yoga', { W1: [2, 3], W3: [2, 3] }),
    ...against('N6', 'dialgraph', 'usual', { W1: [8, 12], W3: [3.5, 5] }),
    ...against('N7', 'dialgraph', 'yoga', { W2: [1.5, 2] }),
    ...against('N7', 'dialgraph', 'mercurius', { W2: [0.8, 1] }),
    goal('N8', 'CPU for an account among 50 against one among 5', amongMany('dialgraph'), {
      ...{ must: 1.1, wanted: 0.9, unit: ' ×' },
    }),
    goal('P1', 'provider requests over the lower bound, all workloads', worstOf(excess), { must: 0, wanted: 0 }),
    goal('P1', 'provider requests for what is fresh in the cache', worstOf(kept), { must: 0, wanted: 0 }),
    goal('P2', `W1, provider ${FAR} ms away, 1 client, p50 over one round trip`, late(1, 'p50'), {
      ...{ must: 3, wanted: 1, unit: ' ms' },
    }),
    goal('P3', `W1, provider ${FAR} ms away, 10 clients, p99 over one round trip`, late(10, 'p99'), {
      ...{ must: 15, wanted: 8, unit: ' ms' },
    }),
    ...against('P4', 'dialgraph cached', 'usual', { W1: [12, 20], W3: [8, 12], W4: [9, 14] }),
    ...against('P6', 'dialgraph cached', 'mercurius', { W1: [1, 1.5], W3: [2.5, 4] }),
    ...against('P7', 'dialgraph cached', 'raw', { W1: [0.8, 1.1], W3: [2.4, 3.5], W4: [2.5, 3.5] }),
    goal(
      'P8',
      'W5 throughput against W1: many callers instead of one',
      throughput(samples('dialgraph cached', 'W5'), samples('dialgraph cached', 'W1')),
      { must: 0.9, wanted: 0.97, unit: ' ×', atLeast: true },
    ),
    goal('P9', 'CPU for an account among 50 against one among 5', amongMany('dialgraph cached'), {
      ...{ must: 1, wanted: 0.8, unit: ' ×' },
    }),
    goal('P10', 'peak memory while 1,000,000 calls are walked', spreadOf([walk?.walks[1]?.peakMib]), {
      ...{ must: 200, wanted: 160, unit: ' MiB' },
    }),
    goal(
      'P11',
      'from start to first answer',
      spreadOf(pick(ours('W1'), 'firstAnswerMs').map((value) => value! / 1000)),
      { must: 1.2, wanted: 0.8, unit: ' s' },
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
