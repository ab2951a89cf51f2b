import { contestants } from './contestants.js'
import type { Cell, Durations } from './measure.js'
import { overview, W0, W1, W2, W3, W4, W5, type Workload } from './workloads.js'

export interface Plan {
  readonly rounds: number
  readonly durations: Durations
  /** What is held against each other, row by row: the servers of a row live at the same time. */
  readonly rows: readonly (readonly Cell[])[]
}

/** How far the provider is away where waiting is what is measured, ms. */
export const FAR = 20

const ours = contestants.filter(({ name }) => name === 'dialgraph')
/** Ours with nothing kept, and as it starts by default. */
const both = contestants.filter(({ name }) => name === 'dialgraph' || name === 'dialgraph cached')

const cells = (workload: Workload, latencyMs: number, connections: number, who = contestants): Cell[] =>
  who
    .filter(({ only }) => !only || only.includes(workload.name))
    .map((contestant) => ({ contestant, workload, latencyMs, connections }))

/** Ours both ways, and the peers that a goal names. */
const IN_GOALS: ReadonlySet<string> = new Set([
  'dialgraph',
  'dialgraph cached',
  'usual',
  'yoga',
  'mercurius',
  'fastify',
  'raw',
])
const inGoals = contestants.filter(({ name }) => IN_GOALS.has(name))
/** Where waiting for the provider is measured, what need not be asked is no measure. */
const waiting = inGoals.filter(({ name }) => name !== 'dialgraph cached')

/** @throws Error for what is no number of rounds. */
export function roundsOf(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new Error(`--rounds takes a number from 1 to 99; ${text} was given.`)
  return Number(text)
}

/** Everything, within an hour. The code of a server that does much takes seconds to become as fast as it will be. */
export const full: Plan = {
  rounds: 5,
  durations: { warmUp: 6, turns: 3, turn: 1 },
  rows: [
    ...[W0, W1, W5, W2, W3, W4].map((workload) => cells(workload, 0, 10)),
    ...[1, 10].map((connections) => cells(W1, FAR, connections, waiting)),
    [overview(5), overview(50)].flatMap((workload) => cells(workload, 0, 10, both)),
  ],
}

/** The same in two minutes, for a first look: one round, and the peers only where a goal names them. */
export const quick: Plan = {
  rounds: 1,
  durations: { warmUp: 1, turns: 1, turn: 1 },
  rows: [
    ...[W0, W1, W3, W4].map((workload) => cells(workload, 0, 10, inGoals)),
    ...[cells(W5, 0, 10, ours), cells(W1, FAR, 1, ours), cells(W1, FAR, 10, ours)],
    [overview(5), overview(50)].flatMap((workload) => cells(workload, 0, 10, both)),
  ],
}
