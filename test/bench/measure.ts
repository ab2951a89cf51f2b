import { deepStrictEqual } from 'node:assert/strict'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { BENCH_CORE, listeningAt, SERVER_CORE, startChild, type Child } from './child.js'
import type { Contestant } from './contestants.js'
import { headersOf, load, percentile, type Load } from './load.js'
import type { StubMessage, StubTask, StubCommand } from './stub-process.js'
import { bodyOf, type Workload } from './workloads.js'

/** One contestant under one workload, at one distance from the provider, under so many clients. */
export interface Cell {
  readonly contestant: Contestant
  readonly workload: Workload
  readonly latencyMs: number
  readonly connections: number
}

export interface Durations {
  /** Seconds of load that are not measured, for each server. */
  readonly warmUp: number
  /** How often each server has its turn. */
  readonly turns: number
  /** Seconds of a turn. */
  readonly turn: number
}

/** What one fresh process did in one round. */
export interface Sample {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** CPU of the server, ms a query; null where the system does not tell. */
  readonly cpuMs: number | null
  /** Share of one core that the server used, 0 … 1: under 0.9 something else held it up. */
  readonly busy: number | null
  readonly peakMib: number | null
  readonly providerRequests: number
  /** From the start of the process to its first whole answer, ms. */
  readonly firstAnswerMs: number
}

/** First answers by workload: the first contestant's, which everyone else's must equal. */
export type Expected = Map<string, readonly unknown[]>

/** The provider in a process of its own. */
export interface StubProcess {
  readonly url: string
  ask(command: StubCommand): Promise<Extract<StubMessage, { count: number }>>
  stop(): Promise<void>
}

export async function startStubProcess(task: StubTask): Promise<StubProcess> {
  const script = fileURLToPath(new URL('./stub-process.js', import.meta.url))
  const child = startChild({ core: BENCH_CORE, args: [script, JSON.stringify(task)], channel: true })
  const [{ url }] = (await once(child.process, 'message')) as [Extract<StubMessage, { url: string }>]
  return {
    url,
    async ask(command) {
      child.process.send(command)
      const [answer] = (await once(child.process, 'message')) as [Extract<StubMessage, { count: number }>]
      return answer
    },
    stop: child.stop,
  }
}

/**
 * One round of cells that are held against each other: all their servers live at the same time, each fresh, and have a second of load in
 * turn, again and again. A shared machine is not the same machine a minute later: what stands in one ratio is measured within seconds.
 * While they warm up the provider is near, whatever its distance afterwards: code becomes fast by how often it has run.
 *
 * @throws Error where an answer is not the expected one
 */
export async function measureInTurns(
  cells: readonly Cell[],
  durations: Durations,
  expected: Expected,
): Promise<readonly Sample[]> {
  const measured: MeasuredServer[] = []
  try {
    for (const cell of cells) measured.push(await startMeasured(spelt(cell), durations, expected))
    for (const one of measured) await one.stub.ask({ latencyMs: one.cell.latencyMs })
    for (let turn = 0; turn < durations.turns; turn += 1) for (const one of measured) await takeTurn(one, durations)
    return measured.map(sampleOf)
  } finally {
    await Promise.all(measured.flatMap(({ server, stub }) => [server.stop(), stub.stop()]))
  }
}

const spelt = (cell: Cell): Cell => {
  const { workload, contestant } = cell
  return contestant.spell ? { ...cell, workload: { ...workload, document: contestant.spell(workload.document) } } : cell
}

/** A server that is measured, and all that was measured of it so far. */
interface MeasuredServer {
  readonly cell: Cell
  readonly server: Child
  readonly stub: StubProcess
  readonly url: string
  readonly firstAnswerMs: number
  readonly providerRequests: number
  readonly turns: (Load & { readonly cpuMs: number | null })[]
}

async function startMeasured(cell: Cell, durations: Durations, expected: Expected): Promise<MeasuredServer> {
  const { contestant, workload, connections } = cell
  const stub = await startStubProcess({ offices: workload.offices, latencyMs: 0 })
  // A build of another commit may have to be made first.
  const start = contestant.start(workload, stub.url)
  const startedAt = performance.now()
  const server = startChild({ core: SERVER_CORE, ...start })
  try {
    const url = await listeningAt(server)
    const first = await ask(url, workload, 0)
    const firstAnswerMs = performance.now() - startedAt
    await compare(cell, url, first, expected)
    await stub.ask('clear')
    await askAtOnce(url, workload)
    const { count } = await stub.ask('count')
    await load(url, workload, { connections, seconds: durations.warmUp })
    return { ...{ cell, server, stub, url, firstAnswerMs }, providerRequests: count / COUNTED, turns: [] }
  } catch (error) {
    await Promise.all([server.stop(), stub.stop()])
    throw failedUnder(cell, server, error)
  }
}

async function takeTurn({ cell, server, url, turns }: MeasuredServer, durations: Durations): Promise<void> {
  const { workload, connections } = cell
  let before: number | null = null
  try {
    const measured = await load(url, workload, {
      ...{ connections, seconds: durations.turn, warmUp: durations.turn * UNCOUNTED },
      onWarm: () => void (before = server.cpuMs()),
    })
    const after = server.cpuMs()
    turns.push({ ...measured, cpuMs: before === null || after === null ? null : after - before })
  } catch (error) {
    throw failedUnder(cell, server, error)
  }
}

/** The beginning of a turn, in which connections are made and caches of the processor are filled. */
const UNCOUNTED = 0.2

function sampleOf({ turns, server, firstAnswerMs, providerRequests }: MeasuredServer): Sample {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const requests = sum(turns.map((turn) => turn.requests))
  const seconds = sum(turns.map((turn) => turn.seconds))
  const cpuMs = turns.some((turn) => turn.cpuMs === null) ? null : sum(turns.map((turn) => turn.cpuMs!))
  const spent = turns.flatMap((turn) => turn.spent).sort((a, b) => a - b)
  return {
    perSecond: requests / seconds,
    p50: percentile(spent, 0.5),
    p99: percentile(spent, 0.99),
    cpuMs: cpuMs === null ? null : cpuMs / requests,
    busy: cpuMs === null ? null : cpuMs / 1000 / seconds,
    peakMib: server.peakMib(),
    ...{ providerRequests, firstAnswerMs },
  }
}

const failedUnder = ({ contestant, workload }: Cell, server: Child, error: unknown): Error =>
  new Error(
    `${contestant.name} under ${workload.name}: ${(error as Error).message}\n${server.written().slice(-1_000)}`,
    { cause: error },
  )

/** The data of one answer; throws when it has an error in it. */
export async function ask(url: string, workload: Workload, index: number): Promise<unknown> {
  const request = workload.request(index)
  const response = await fetch(url, { method: 'POST', headers: headersOf(request), body: bodyOf(workload, request) })
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: readonly unknown[] }
  if (errors || data == null)
    throw new Error(`request ${index} was answered ${response.status}, ${JSON.stringify(errors)?.slice(0, 500)}`)
  return data
}

/** Requests whose provider requests are counted: while there is load, some would be on their way. */
const COUNTED = 20

async function askAtOnce(url: string, workload: Workload): Promise<void> {
  await Promise.all(Array.from({ length: COUNTED }, (_, index) => ask(url, workload, index)))
}

async function compare({ workload }: Cell, url: string, first: unknown, expected: Expected): Promise<void> {
  const answers = [first]
  for (let index = 1; index < workload.compared; index++) answers.push(await ask(url, workload, index))
  const reference = expected.get(workload.name)
  if (reference) deepStrictEqual(answers, reference, 'its first answers differ from ours')
  else expected.set(workload.name, answers)
}
