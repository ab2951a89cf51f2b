import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Which core a process runs on: the server alone on one, everything that only measures on the other. */
export const SERVER_CORE = 0
export const BENCH_CORE = 1

const LONGEST_START = 30_000
const TICKS_PER_SECOND = 100

/** A process of its own, on one core. */
export interface Child {
  readonly process: ChildProcess
  readonly pid: number
  /** CPU it has used so far in user and system mode, ms; null where the system does not tell. */
  cpuMs(): number | null
  /** The most memory it ever held, MiB; null where the system does not tell. */
  peakMib(): number | null
  /** Memory it holds now, MiB. */
  heldMib(): number | null
  /** What it wrote to stdout and stderr. */
  written(): string
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly core: number
  readonly command?: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly channel?: boolean
}

/** Nothing that was started, and no file, outlives this process, however it ends. */
const living = new Set<ChildProcess>()
let scratch: string | null = null
let scratchFiles = 0
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
  if (scratch !== null) rmSync(scratch, { recursive: true, force: true })
})
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

/** A new file's path, in a directory that is gone when this process ends. */
export function scratchFile(name: string): string {
  scratch ??= mkdtempSync(join(tmpdir(), 'dialgraph-bench-'))
  return join(scratch, `${++scratchFiles}-${name}`)
}

/** Whether processes can be kept to one core here. */
export const canPin = existsSync('/usr/bin/taskset') && availableParallelism() > 1

export function startChild({ core, command = process.execPath, args, environment = {}, channel }: ChildOptions): Child {
  const line = canPin ? ['/usr/bin/taskset', '-c', String(core), command, ...args] : [command, ...args]
  // Written to a file, as a server's log is: a pipe would have to be read on the core that measures.
  const file = scratchFile('output.log')
  const output = openSync(file, 'w')
  const child = spawn(line[0]!, line.slice(1), {
    stdio: ['ignore', output, output, ...(channel ? (['ipc'] as const) : [])],
    env: { ...process.env, NODE_ENV: 'production', ...environment },
  })
  closeSync(output)
  const exited = once(child, 'exit')
  living.add(child)
  child.once('exit', () => living.delete(child))
  const pid = child.pid!
  return {
    process: child,
    pid,
    cpuMs: () => cpuOf(pid),
    peakMib: () => memoryOf(pid, 'VmHWM'),
    heldMib: () => memoryOf(pid, 'VmRSS'),
    written: () => readFileSync(file, 'utf8'),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exited
      clearTimeout(late)
    },
  }
}

/** The address a server says it listens at, as ours does: `GraphQL:  http://…/graphql`. Throws with what it wrote when it ends instead. */
export async function listeningAt(child: Child): Promise<string> {
  for (let waited = 0; waited < LONGEST_START; waited += 5) {
    const address = /^GraphQL: +(http:\/\/\S+)$/m.exec(child.written())?.[1]
    if (address) return address
    if (child.process.exitCode !== null) break
    await delay(5)
  }
  throw new Error(`the server ended instead of starting: ${child.written().slice(-2_000)}`)
}

/** Keeps this process, which asks, off the server's core. */
export async function pinOurselves(): Promise<void> {
  if (!canPin) return
  await once(spawn('/usr/bin/taskset', ['-a', '-c', '-p', String(BENCH_CORE), String(process.pid)]), 'exit')
}

function cpuOf(pid: number): number | null {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return null
  // The name in brackets may hold anything; what follows it is fields, of which these count from the state on.
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
}

function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): number | null {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return null
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8')) ?? []
  return kibibytes === undefined ? null : Number(kibibytes) / 1024
}
