import { deepStrictEqual } from 'node:assert/strict'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { BENCH_CORE, listeningAt, SERVER_CORE, startChild, type Child } from './child.js'
import type { Contestant } from './contestants.js'
import { headersOf, load } from './load.js'
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
  /** Seconds of load that are not measured. */
  readonly warmUp: number
  readonly measured: number
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
 * Starts, compares, warms up, measures, stops. While it warms up the provider is near, whatever its distance afterwards: code becomes fast by
 * how often it has run. Throws when an answer is not the expected one.
 */
export async function measure(cell: Cell, durations: Durations, expected: Expected): Promise<Sample> {
  const { contestant, workload, latencyMs, connections } = cell
  const stub = await startStubProcess({ offices: workload.offices, latencyMs: 0 })
  let server: Child | null = null
  try {
    const startedAt = performance.now()
    server = startChild({ core: SERVER_CORE, ...contestant.start(workload, stub.url) })
    const url = await listeningAt(server)
    const first = await ask(url, workload, 0)
    const firstAnswerMs = performance.now() - startedAt
    await compare(cell, url, first, expected)
    await stub.ask('clear')
    await askAtOnce(url, workload)
    const { count } = await stub.ask('count')
    let cpuBefore: number | null = null
    const measured = await load(url, workload, {
      ...{ connections, seconds: durations.measured, warmUp: durations.warmUp },
      async onWarm() {
        await stub.ask({ latencyMs })
        cpuBefore = server!.cpuMs()
      },
    })
    const cpuAfter = server.cpuMs()
    const cpu = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
    return {
      perSecond: measured.requests / measured.seconds,
      p50: measured.p50,
      p99: measured.p99,
      cpuMs: cpu === null ? null : cpu / measured.requests,
      busy: cpu === null ? null : cpu / 1000 / measured.seconds,
      peakMib: server.peakMib(),
      providerRequests: count / COUNTED,
      firstAnswerMs,
    }
  } catch (error) {
    throw new Error(
      `${contestant.name} under ${workload.name}: ${(error as Error).message}\n${server?.written().slice(-1_000) ?? ''}`,
      {
        cause: error,
      },
    )
  } finally {
    await server?.stop()
    await stub.stop()
  }
}

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
