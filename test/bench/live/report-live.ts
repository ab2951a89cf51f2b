import { goal, type Goal } from '../goals.js'
import { goalTable } from '../report.js'
import type { Circumstances } from '../results.js'
import { ratios, spreadOf, type Spread } from '../statistics.js'
import { figure, spread, table } from '../table.js'
import { RATES, type LivePace, type LiveSample } from './measure-live.js'
import type { Asking } from './question.js'
import type { Transport } from './subscriber.js'

export interface LiveResults extends Circumstances {
  readonly rounds: number
  readonly pace: LivePace
  readonly servers: readonly { readonly name: string; readonly about: string }[]
  readonly cells: readonly LiveCellResult[]
}

/** One server over one transport, asked in one way; a sample for each round. */
export interface LiveCellResult {
  readonly server: string
  readonly transport: Transport
  readonly asking: Asking
  readonly samples: readonly LiveSample[]
}

const [MUST_HOLD = 50] = RATES
/** Of a rate that is more than the server, or this machine, can do. */
const TOO_MUCH: Spread = { median: Infinity, min: Infinity, max: Infinity }
const TRANSPORTS: Readonly<Record<Transport, string>> = { websocket: 'WebSocket', sse: 'SSE' }

/** The whole of one run as Markdown, as it is printed and as it stands in docs/performance.md. */
export function liveReport(results: LiveResults): string {
  const { command, date, machine, node, rounds, pace, servers } = results
  const inEach = `${rounds === 1 ? 'one round' : `${rounds} rounds`} of ${pace.measured} s as fast as it goes and ${pace.steady} s at each rate`
  const parts = [
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}; ${inEach}. Medians, and in brackets the least and the most of all rounds.`,
    goalTable(liveGoals(results)),
    ...(['same', 'different'] as const).flatMap((asking) => speedTable(results, asking) ?? []),
    slowTable(results),
    servers.map(({ name, about }) => `- **${name}**: ${about}`).join('\n'),
  ]
  return parts.filter((part) => part !== null).join('\n\n')
}

/** What was wanted, as far as it was measured; a ratio is against the better peer of the same transport. */
export function liveGoals(results: LiveResults): Goal[] {
  const count = results.pace.subscribers.toLocaleString('en-US')
  return (['websocket', 'sse'] as const).flatMap((transport) => {
    const over = `over ${TRANSPORTS[transport]}`
    const of = (asking: Asking) => samplesOf(results, { server: 'dialgraph', transport, asking })
    const faster = (asking: Asking) =>
      leastRatio(results, { transport, asking }, ({ perCpuSecond }) => perCpuSecond, false)
    const late = (asking: Asking) => {
      const measured = of(asking).map((sample) => steadyAt(sample, MUST_HOLD)?.p99)
      return measured.includes(undefined) ? TOO_MUCH : spreadOf(measured)
    }
    const memory = (asking: Asking) => leastRatio(results, { transport, asking }, ({ idleKib }) => idleKib, true)
    const times = { unit: ' ×', atLeast: true }
    return [
      goal('L1', `deliveries per CPU second, all ask the same, ${over}`, faster('same'), { wanted: 8, ...times }),
      goal('L2', `the same, each asks something else, ${over}`, faster('different'), { wanted: 1, ...times }),
      ...(['same', 'different'] as const).map((asking) =>
        goal(
          'L3',
          `p99 at ${MUST_HOLD} events/s × ${count}, ${asking === 'same' ? 'all ask the same' : 'each something else'}, ${over}`,
          late(asking),
          { wanted: 100, unit: ' ms' },
        ),
      ),
      ...(['same', 'different'] as const).map((asking) =>
        goal(
          'L4',
          `memory of an idle subscriber, ${asking === 'same' ? 'all ask the same' : 'each something else'}, ${over}`,
          memory(asking),
          { wanted: 1, unit: ' ×' },
        ),
      ),
    ]
  })
}

/** Against the peer that is best in it, round by round. */
function leastRatio(
  results: LiveResults,
  cell: Pick<LiveCellResult, 'transport' | 'asking'>,
  value: (sample: LiveSample) => number | null,
  isLessBetter: boolean,
): Spread | null {
  const ours = samplesOf(results, { ...cell, server: 'dialgraph' }).map(value)
  const peers = results.servers.filter(({ name }) => name !== 'dialgraph')
  const all = peers.flatMap(({ name }) => ratios(ours, samplesOf(results, { ...cell, server: name }).map(value)) ?? [])
  const sorted = all.sort((one, other) => one.median - other.median)
  return (isLessBetter ? sorted.at(-1) : sorted[0]) ?? null
}

function samplesOf({ cells }: LiveResults, { server, transport, asking }: Omit<LiveCellResult, 'samples'>) {
  const found = cells.find((cell) => cell.server === server && cell.transport === transport && cell.asking === asking)
  return found?.samples ?? []
}

const steadyAt = ({ steady }: LiveSample, rate: number) => steady.find((one) => one.rate === rate)

function speedTable(results: LiveResults, asking: Asking): string | null {
  const found = results.cells.filter((cell) => cell.asking === asking)
  if (found.length === 0) return null
  const isHeld = (rate: number) => found.every(({ samples }) => samples.every((sample) => steadyAt(sample, rate)))
  const common = RATES.slice(1).find(isHeld)
  const rates = [MUST_HOLD, ...(common === undefined ? [] : [common])]
  const head = ['', 'deliveries/s', 'per CPU second', ...rates.map((rate) => `p50 / p99 ms at ${rate}/s`), 'KiB idle']
  const rows = found.map(({ server, transport, samples }) => [
    `${server}, ${TRANSPORTS[transport]}`,
    spread(spreadOf(samples.map(({ perSecond }) => perSecond))),
    spread(spreadOf(samples.map(({ perCpuSecond }) => perCpuSecond))),
    ...rates.map((rate) => bothPercentiles(samples, rate)),
    spread(spreadOf(samples.map(({ idleKib }) => idleKib))),
  ])
  const { subscribers } = results.pace
  const about = `${figure(subscribers)} subscribers who ${asking === 'same' ? 'ask the same' : 'each ask for something else'}`
  return `**${about}**; a dash is a rate that is too much.\n\n${table([head, ...rows])}`
}

function slowTable(results: LiveResults): string | null {
  const found = results.cells.filter(({ asking }) => asking === 'slow')
  if (found.length === 0) return null
  const { subscribers, slow, slowSeconds } = results.pace
  const head = ['', 'deliveries/s', 'per CPU second', 'p50 / p99 ms', 'slow ones closed', 'MiB more at the end']
  const rows = found.map(({ server, transport, samples }) => [
    `${server}, ${TRANSPORTS[transport]}`,
    spread(spreadOf(samples.map(({ perSecond }) => perSecond))),
    spread(spreadOf(samples.map(({ perCpuSecond }) => perCpuSecond))),
    bothPercentiles(samples, MUST_HOLD),
    spread(spreadOf(samples.map((sample) => sample.slow?.closed))),
    spread(spreadOf(samples.map((sample) => sample.slow?.grownMib))),
  ])
  const about = `${figure(slow)} of ${figure(subscribers)} read nothing`
  return `**${about}**, for ${slowSeconds} s of at most ${MUST_HOLD} events/s; the figures are those of the others.\n\n${table([head, ...rows])}`
}

function bothPercentiles(samples: readonly LiveSample[], rate: number): string {
  const at = samples.map((sample) => steadyAt(sample, rate))
  const middle = (value: 'p50' | 'p99') => figure(spreadOf(at.map((one) => one?.[value]))?.median ?? Number.NaN)
  const [p50, p99] = [middle('p50'), middle('p99')]
  return p50 === '–' ? p50 : `${p50} / ${p99}`
}
