import { contestants } from './contestants.js'
import type { Cell, Durations } from './measure.js'
import { overview, W1, W2, W3, W4, W5, type Workload } from './workloads.js'

export interface Plan {
  readonly rounds: number
  readonly durations: Durations
  /** In the order they are measured, round after round. */
  readonly cells: readonly Cell[]
}

/** How far the provider is away where waiting is what is measured, ms. */
export const FAR = 20

const ours = (name: string) => contestants.filter((one) => one.name === name)

const cells = (workload: Workload, latencyMs: number, connections: number, who = contestants): Cell[] =>
  who
    .filter(({ only }) => !only || only.includes(workload.name))
    .map((contestant) => ({ contestant, workload, latencyMs, connections }))

/** Ours with nothing kept, and the peers that a goal names. */
const IN_GOALS: ReadonlySet<string> = new Set(['dialgraph', 'usual', 'yoga', 'mercurius', 'raw'])
const inGoals = contestants.filter(({ name }) => IN_GOALS.has(name))

/** Everything, in half an hour. */
export const full: Plan = {
  rounds: 5,
  durations: { warmUp: 2, measured: 3 },
  cells: [
    ...[W1, W2, W3, W4, W5].flatMap((workload) => cells(workload, 0, 10)),
    ...[1, 10].flatMap((connections) => cells(W1, FAR, connections, inGoals)),
    ...cells(overview(5), 0, 10, ours('dialgraph')),
    ...cells(overview(50), 0, 10, ours('dialgraph')),
  ],
}

/** The same in two minutes, for a first look: one round, and the peers only where a goal names them. */
export const quick: Plan = {
  rounds: 1,
  durations: { warmUp: 1, measured: 1 },
  cells: [
    ...[W1, W3, W4].flatMap((workload) => cells(workload, 0, 10, inGoals)),
    ...[
      cells(W5, 0, 10, ours('dialgraph')),
      cells(W1, FAR, 1, ours('dialgraph')),
      cells(W1, FAR, 10, ours('dialgraph')),
    ].flat(),
    ...[overview(5), overview(50)].flatMap((workload) => cells(workload, 0, 10, ours('dialgraph'))),
  ],
}
