import { goalsOf, isCell, throughput, type Goal } from './goals.js'
import { FAR } from './plan.js'
import type { BenchResults, CellResult } from './results.js'
import { spreadOf } from './statistics.js'
import { figure, spread, table } from './table.js'
import type { WalkResults } from './walk.js'

/** The whole of one run as Markdown, as it is printed and as it stands in docs/performance.md. */
export function report(results: BenchResults, walk: WalkResults | null): string {
  const { rounds, durations, contestants } = results
  const inEach = `${rounds === 1 ? 'one round' : `${rounds} rounds`} of ${durations.turns} turns of ${durations.turn} s, after ${durations.warmUp} s that do not count`
  return [
    `\`${results.command}\`, ${results.date}, Node ${results.node.slice(1)}, ${results.machine}; ${inEach}. Medians, and in brackets the least and the most of all rounds.`,
    goalTable(goalsOf(results, walk)),
    ...['W0', 'W1', 'W2', 'W3', 'W4', 'W5'].flatMap((workload) => workloadTable(results, workload) ?? []),
    ...[1, 10].flatMap((connections) => waitingTable(results, connections) ?? []),
    contestants.map(({ name, about }) => `- **${name}**: ${about}`).join('\n'),
  ].join('\n\n')
}

export function goalTable(goals: readonly Goal[]): string {
  const word = { goal: 'goal reached', must: 'must reached', missed: 'missed', 'not measured': 'not measured' } as const
  return table(
    [
      ['', 'what is measured', 'must', 'goal', 'measured', ''],
      ...goals
        .filter(({ measured }) => measured !== null)
        .map(({ id, about, must, wanted, measured, unit, state }) => [
          ...[id, about, must, wanted, spread(measured, unit), word[state]],
        ]),
    ],
    GOAL_TEXT_COLUMNS,
  )
}

const GOAL_TEXT_COLUMNS = 2

function workloadTable({ cells, workloads }: BenchResults, name: string): string | null {
  const found = cells.filter(({ workload, latencyMs }) => workload === name && latencyMs === 0)
  if (found.length === 0) return null
  const ours = found.find(isCell({ contestant: 'dialgraph', workload: name, latencyMs: 0, connections: 10 }))
  const head = ['', 'dialgraph is', 'answers/s', 'CPU ms', 'p50 ms', 'p99 ms', 'peak MiB', 'provider requests']
  const rows = found.map((cell) => [
    cell.contestant,
    ours && cell !== ours ? spread(throughput(ours.samples, cell.samples), ' ×') : '',
    ...(['perSecond', 'cpuMs', 'p50', 'p99', 'peakMib', 'providerRequests'] as const).map((value) =>
      value === 'perSecond' || value === 'cpuMs'
        ? spread(of(cell, value))
        : figure(of(cell, value)?.median ?? Number.NaN),
    ),
  ])
  const { about } = workloads.find((workload) => workload.name === name)!
  return `**${name}**: ${about}; 10 clients, the provider 0 ms away.\n\n${table([head, ...rows])}`
}

function waitingTable({ cells, roundTripMs }: BenchResults, connections: number): string | null {
  const found = cells.filter((cell) => cell.latencyMs === FAR && cell.connections === connections)
  if (found.length === 0) return null
  const rows = found.map((cell) => [
    cell.contestant,
    spread(of(cell, 'p50')),
    spread(of(cell, 'p99')),
    figure((of(cell, 'p50')?.median ?? Number.NaN) / (roundTripMs ?? FAR)),
  ])
  const trip = roundTripMs === null ? '' : `, one round trip takes ${figure(roundTripMs)} ms`
  return `**W1, the provider ${FAR} ms away**${trip}; ${clients(connections)}.\n\n${table([
    ['', 'p50 ms', 'p99 ms', 'round trips in p50'],
    ...rows,
  ])}`
}

export const clients = (count: number) => (count === 1 ? '1 client' : `${count} clients`)

const of = (cell: CellResult, value: keyof CellResult['samples'][number]) =>
  spreadOf(cell.samples.map((sample) => sample[value]))
