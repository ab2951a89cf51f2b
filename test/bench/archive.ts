/** `npm run bench -- archive`: what an archive of calls costs: its filling, its bytes on disk, and the memory of a server that has one. */
import { statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { servedArchive } from './served-archive.js'
import { listeningAt, scratchFile, SERVER_CORE, startChild } from './child.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { figure, table } from './table.js'

/** One way to keep an archive. */
export interface ArchiveFill {
  readonly calls: number
  readonly sealed: boolean
  readonly seconds: number
  readonly cpuSeconds: number
  readonly bytesPerCall: number
  /** A page of 100 calls from the middle, ms. */
  readonly pageMs: number
  /** Counting all calls of one direction, ms. */
  readonly countMs: number
  /** What the filling process held at most, MiB. */
  readonly peakMib: number | null
}

export interface ArchiveResults extends Circumstances {
  readonly fills: readonly ArchiveFill[]
  /** What a server holds that has just started, and has answered fifty questions from its archive, MiB. */
  readonly servers: readonly { readonly calls: number; readonly heldMib: number | null }[]
}

const CALLS = 200_000
const MILLION = 1_000_000
const QUESTIONS = 50

const SERVER = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** `rest`: how many calls, in place of the usual number; then nothing is kept. */
export async function run(rest: readonly string[]): Promise<void> {
  const calls = rest.length > 0 ? Number(rest[0]) : CALLS
  const fills: ArchiveFill[] = []
  const servers: { calls: number; heldMib: number | null }[] = []
  for (const [count, sealed] of [
    [calls / 10, false],
    [calls, false],
    [calls, true],
  ] as const) {
    const file = scratchFile('archive.db')
    const filled = await fill(file, count, sealed)
    if (count === calls) fills.push(filled)
    if (!sealed) servers.push({ calls: count, heldMib: await serve(file, count) })
  }
  const results: ArchiveResults = { ...circumstances('npm run bench -- archive'), fills, servers }
  console.log(archiveReport(results))
  if (rest.length === 0) console.log(`\n${keep('archive', results)}`)
}

async function fill(file: string, calls: number, sealed: boolean): Promise<ArchiveFill> {
  const script = fileURLToPath(new URL('./archive-fill.js', import.meta.url))
  const child = startChild({ core: SERVER_CORE, args: [script, file, String(calls), String(sealed)], channel: true })
  const measured = await new Promise<Omit<ArchiveFill, 'bytesPerCall' | 'peakMib'>>((resolve, reject) => {
    child.process.once('message', resolve)
    child.process.once('exit', (code) => reject(new Error(`Filling ended with ${code}: ${child.written()}`)))
  })
  const peakMib = child.peakMib()
  await child.stop()
  return { ...measured, bytesPerCall: calls === 0 ? 0 : statSync(file).size / calls, peakMib }
}

/** A server of the archive whose provider cannot be reached, after questions that it answers from it. */
async function serve(file: string, calls: number): Promise<number | null> {
  const configuration = scratchFile('archive.yaml')
  writeFileSync(configuration, JSON.stringify(servedArchive(file)))
  const child = startChild({ core: SERVER_CORE, args: [SERVER, 'start', '--config', configuration] })
  try {
    const url = await listeningAt(child)
    for (let question = 0; question < QUESTIONS; question += 1) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: CALLS_QUERY }),
      })
      const answer = (await response.json()) as { data?: { callRecords: { nodes: unknown[] } } }
      const found = answer.data?.callRecords.nodes.length ?? -1
      if (found !== Math.min(calls, 100))
        throw new Error(`Of ${calls} calls it gave ${found}: ${JSON.stringify(answer)}`)
    }
    return child.heldMib()
  } finally {
    await child.stop()
  }
}

const CALLS_QUERY = '{ callRecords(first: 100) { nodes { id startedAt talkSeconds caller { number } } } }'

export function archiveReport({ command, date, machine, node, fills, servers }: ArchiveResults): string {
  const rows = fills.map((one) => [
    one.sealed ? 'sealed' : 'plain',
    figure(one.calls / one.seconds),
    figure((one.cpuSeconds / one.calls) * 1e6),
    `${figure((one.bytesPerCall * MILLION) / 2 ** 30)} GiB`,
    figure(one.pageMs),
    figure(one.countMs),
    figure(one.peakMib ?? Number.NaN),
  ])
  const head = ['archive', 'calls/s', 'µs CPU a call', 'a million calls', 'page, ms', 'count, ms', 'peak, MiB']
  const held = servers.map(({ calls, heldMib }) => `${figure(heldMib ?? Number.NaN)} MiB with ${figure(calls)} calls`)
  return (
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}. ${figure(fills[0]?.calls ?? 0)} calls of 1.8 KB in SQLite, ` +
    `as fast as the store takes them.\n\n${table([head, ...rows])}\n\nA server that has answered fifty questions for a hundred calls holds ${held.join(', ')}.`
  )
}
