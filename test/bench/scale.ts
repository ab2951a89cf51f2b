/** `npm run bench -- scale`: what one more account, one more caller and one more call on a page cost. */
import { listeningAt, SERVER_CORE, startChild, type Child } from './child.js'
import { contestants } from './contestants.js'
import { load } from './load.js'
import { ask, startStubProcess } from './measure.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { lineThrough, spreadOf } from './statistics.js'
import { figure, table } from './table.js'
import { accountsAndCallers, pageOf, type Workload } from './workloads.js'

export interface ScaleResults extends Circumstances {
  readonly rounds: number
  readonly accounts: readonly Point[]
  readonly callers: readonly Point[]
  readonly calls: readonly Point[]
}

/** So many of it; the middle of all rounds. */
interface Point {
  readonly count: number
  /** From the start of the process to its first answer. */
  readonly firstAnswerMs: number
  /** Held once every account, or every caller, has had its turn. */
  readonly heldMib: number
  readonly cpuMs: number
  readonly perSecond: number
}

interface Pace {
  readonly rounds: number
  /** Seconds. */
  readonly warmUp: number
  readonly measured: number
}

const FULL: Pace = { rounds: 3, warmUp: 3, measured: 3 }
const QUICK: Pace = { rounds: 1, warmUp: 1, measured: 1 }
const CLIENTS = 10
const ACCOUNTS = [5, 50, 500, 2_000]
const CALLERS = [1, 10, 100, 1_000]
const CALLS = [10, 100, 1_000]
/** Callers are counted over so many accounts, and accounts with so many callers. */
const OTHER = { accounts: 50, callers: 10 }

/** `--quick`: one short round, which is shown and not kept. */
export async function run(rest: readonly string[]): Promise<void> {
  const pace = rest.includes('--quick') ? QUICK : FULL
  const results: ScaleResults = {
    ...circumstances('npm run bench -- scale'),
    rounds: pace.rounds,
    accounts: await points(pace, ACCOUNTS, (accounts) => accountsAndCallers(accounts, OTHER.callers)),
    callers: await points(pace, CALLERS, (callers) => accountsAndCallers(OTHER.accounts, callers)),
    calls: await points(pace, CALLS, pageOf),
  }
  console.log(scaleReport(results))
  if (pace === FULL) console.log(`\n${keep('scale', results)}`)
}

/** The measured points, and the straight line through them. */
export function scaleReport({ command, date, machine, accounts, callers, calls, rounds }: ScaleResults): string {
  const rows = (one: string, many: string, points: readonly Point[]) =>
    points.map(({ count, firstAnswerMs, heldMib, cpuMs, perSecond }) => [
      `${figure(count)} ${count === 1 ? one : many}`,
      ...[firstAnswerMs, heldMib, cpuMs, perSecond].map(figure),
    ])
  return [
    `\`${command}\`, ${date}, ${machine}; the middle of ${rounds} fresh processes, nothing kept from one operation to the next. ` +
      `Accounts and callers are asked W1 in turn, ${OTHER.callers} callers over the accounts and ${OTHER.accounts} accounts over the callers.`,
    table([
      ['one process with', 'first answer ms', 'held MiB', 'CPU ms a question', 'answers/s'],
      ...rows('account', 'accounts', accounts),
      ...rows('caller', 'callers', callers),
      ...rows('call a page', 'calls a page', calls),
    ]),
    table([
      ['one more', 'memory', 'CPU of a question', 'start'],
      ['account', ...oneMore(accounts)],
      ['caller', ...oneMore(callers)],
      ['call on the page', '–', slope(calls, 'cpuMs', 1_000, 'µs'), '–'],
    ]),
  ].join('\n\n')
}

const oneMore = (points: readonly Point[]) => [
  slope(points, 'heldMib', 1024, 'KiB'),
  slope(points, 'cpuMs', 1_000, 'µs'),
  slope(points, 'firstAnswerMs', 1_000, 'µs'),
]

/** What one more costs; less than a tenth over the whole range is no slope but noise. */
function slope(points: readonly Point[], value: Exclude<keyof Point, 'count'>, factor: number, unit: string): string {
  const { base, slope } = lineThrough(points.map((point) => [point.count, point[value]]))
  const range = points.at(-1)!.count - points[0]!.count
  return slope * range < 0.1 * base ? 'none that shows' : `${figure(slope * factor)} ${unit}`
}

async function points(
  pace: Pace,
  counts: readonly number[],
  workloadOf: (count: number) => Workload,
): Promise<Point[]> {
  const samples = counts.map((): Omit<Point, 'count'>[] => [])
  for (let round = 0; round < pace.rounds; round++) {
    for (const [index, count] of counts.entries()) {
      const workload = workloadOf(count)
      const sample = await measured(workload, pace)
      samples[index]!.push(sample)
      console.error(`round ${round + 1} of ${pace.rounds}, ${workload.about}: ${JSON.stringify(sample)}`)
    }
  }
  const middle = (of: readonly Omit<Point, 'count'>[], value: keyof Omit<Point, 'count'>) =>
    spreadOf(of.map((sample) => sample[value]))!.median
  return counts.map((count, index) => {
    const of = samples[index]!
    return {
      count,
      firstAnswerMs: middle(of, 'firstAnswerMs'),
      heldMib: middle(of, 'heldMib'),
      cpuMs: middle(of, 'cpuMs'),
      perSecond: middle(of, 'perSecond'),
    }
  })
}

async function measured(workload: Workload, pace: Pace): Promise<Omit<Point, 'count'>> {
  const contestant = contestants.find(({ name }) => name === 'dialgraph')!
  const stub = await startStubProcess({ offices: workload.offices, latencyMs: 0 })
  let server: Child | null = null
  try {
    const startedAt = performance.now()
    server = startChild({ core: SERVER_CORE, ...contestant.start(workload, stub.url) })
    const url = await listeningAt(server)
    await ask(url, workload, 0)
    const firstAnswerMs = performance.now() - startedAt
    for (let index = 0; index < workload.compared; index += CLIENTS) {
      await Promise.all(Array.from({ length: CLIENTS }, (_, client) => ask(url, workload, index + client)))
    }
    let before = Number.NaN
    const result = await load(url, workload, {
      ...{ connections: CLIENTS, seconds: pace.measured, warmUp: pace.warmUp },
      onWarm: () => void (before = server!.cpuMs() ?? Number.NaN),
    })
    return {
      firstAnswerMs,
      heldMib: server.heldMib() ?? Number.NaN,
      cpuMs: ((server.cpuMs() ?? Number.NaN) - before) / result.requests,
      perSecond: result.requests / result.seconds,
    }
  } finally {
    await server?.stop()
    await stub.stop()
  }
}
