/** `npm run bench -- statistics`: adding up millions of archived calls, by ours, by plain SQL over the same rows, and by an engine made for it. */
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { scratchFile, SERVER_CORE, startChild } from './child.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { figure, table } from './table.js'

/** One way to add them up, in a process that has just started. */
export interface Addition {
  readonly name: string
  readonly ms: number
  readonly rows: number
  readonly calls: number
  readonly talkSeconds: number
  readonly peakMib: number | null
}

export interface CallStatisticsResults extends Circumstances {
  readonly calls: number
  readonly fileGib: number
  readonly fillSeconds: number
  readonly additions: readonly Addition[]
}

const CALLS = 10_000_000
const ROUNDS = 3

const WAYS = [
  ['HOUR', 'ours, by hour, with a percentile'],
  ['EXTENSION', 'ours, by extension'],
  ['columns', 'DuckDB over the same calls, by hour, with a percentile'],
  ['sql', 'SQL over the rows, by hour, without percentiles'],
] as const

/** Of so many calls at most, each is read once more: what a question takes that sums do not answer. */
const READ_ONE_BY_ONE = 1_000_000

/**
 * `rest`: how many calls, in place of the usual number; then nothing is kept. `--file <path>`: where they are, or will be for the next
 * time: filling takes longer than all else, and holds for a day.
 */
export async function run(rest: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...rest],
    allowPositionals: true,
    options: { file: { type: 'string' } },
  })
  const [count] = positionals
  const calls = count === undefined ? CALLS : Number(count)
  const file = values.file ?? scratchFile('statistics.db')
  const began = performance.now()
  if (!existsSync(file)) {
    await inChild('fill', file, calls)
    await inChild('fill columns', file, calls)
  }
  const fillSeconds = (performance.now() - began) / 1_000
  const additions: Addition[] = []
  const ways = calls <= READ_ONE_BY_ONE ? [...WAYS, ['FOLD', 'ours, read one by one'] as const] : WAYS
  for (const [task, name] of ways) {
    const tries: Addition[] = []
    // In turns of their own processes: nothing is warm but the file system.
    for (let round = 0; round < ROUNDS; round += 1)
      tries.push({ name, ...(await inChild(task, file, calls)) } as Addition)
    additions.push(tries.sort((one, other) => one.ms - other.ms)[Math.floor(ROUNDS / 2)]!)
  }
  const [first, ...others] = additions
  for (const { name, calls: counted, talkSeconds } of others)
    if (counted !== first!.calls || talkSeconds !== first!.talkSeconds) throw new Error(`${name} adds up other calls`)
  const fileGib = statSync(file).size / 2 ** 30
  const results = { ...circumstances('npm run bench -- statistics'), calls, fileGib, fillSeconds, additions }
  console.log(callStatisticsReport(results))
  if (count === undefined) console.log(`\n${keep('call-statistics', results)}`)
}

async function inChild(task: string, file: string, calls: number): Promise<object> {
  const script = fileURLToPath(new URL('./call-statistics-child.js', import.meta.url))
  const child = startChild({ core: SERVER_CORE, args: [script, task, file, String(calls)], channel: true })
  const measured = await new Promise<object>((resolve, reject) => {
    child.process.once('message', resolve)
    child.process.once('exit', (code) => reject(new Error(`${task} ended with ${code}: ${child.written()}`)))
  })
  const peakMib = child.peakMib()
  await child.stop()
  return { ...measured, peakMib }
}

export function callStatisticsReport({ command, date, machine, node, ...results }: CallStatisticsResults): string {
  const { calls, fileGib, additions } = results
  const ours = additions[0]!.ms
  const rows = additions.map(({ name, ms, rows: found, peakMib }) => [
    name,
    figure(ms),
    `${figure(ms / ours)} ×`,
    figure(found),
    figure(peakMib ?? Number.NaN),
  ])
  const head = ['way', 'ms', 'to the first', 'rows', 'peak, MiB']
  return (
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}. ${figure(calls)} calls of 90 days in SQLite, ` +
    `with short records: ${figure(fileGib)} GiB. Each in a process that has just started, on one core; the middle of ${ROUNDS}.\n\n` +
    table([head, ...rows])
  )
}
