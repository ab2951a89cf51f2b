/** `npm run bench -- exports`: files of a million archived calls, in each format, once undisturbed and once with kill -9 in the middle. */
import { createHash } from 'node:crypto'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { servedArchive } from './served-archive.js'
import { listeningAt, scratchFile, SERVER_CORE, startChild, type Child } from './child.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { figure, table } from './table.js'

const FORMATS = ['JSONL', 'CSV', 'VCON'] as const
type Format = (typeof FORMATS)[number]

/** One file, made by a server that has just started. */
export interface ExportMeasurement {
  readonly format: Format
  readonly calls: number
  readonly seconds: number
  readonly cpuSeconds: number | null
  readonly bytes: number
  /** How much more than idle the server held at most while it made the file, MiB. */
  readonly madeMib: number
  readonly sentSeconds: number
  /** The same while another one, which had just started, sent it. */
  readonly sentMib: number
  /** Made by two servers, of which the first was killed after so many calls; and whether the bytes were the same. */
  readonly killed: { readonly after: number; readonly isSame: boolean | null }
}

export interface ExportResults extends Circumstances {
  readonly exports: readonly ExportMeasurement[]
}

const MILLION = 1_000_000
const LOOK_EVERY_MS = 100
/** A server that has started has garbage of its start; what it holds then is not what it holds idle. */
const SETTLE_MS = 3_000
/** It has nothing to do where it used so small a share of a core in so many looks, one after the other. */
const QUIET_SHARE = 0.05
const QUIET_LOOKS = 3
/** Nothing of an export is lost at any place; this is somewhere in the middle. */
const KILLED_AFTER = 0.4

const here = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const SERVER = here('../../../dist/main.js')

/**
 * `rest`: how many calls, in place of a million; then nothing is kept. `--file <path>`: where they are, or will be for the next time.
 * `--format <name>`: that one alone.
 */
export async function run(rest: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...rest],
    allowPositionals: true,
    options: { file: { type: 'string' }, format: { type: 'string' } },
  })
  const [count] = positionals
  const calls = count === undefined ? MILLION : Number(count)
  const file = values.file ?? scratchFile('exported.db')
  if (!existsSync(file)) {
    await fill(file, calls)
    await addUp(file)
  }
  const until = statSync(file).mtime.toISOString()
  const formats = FORMATS.filter((format) => values.format === undefined || values.format === format)
  const exports: ExportMeasurement[] = []
  for (const format of formats) {
    exports.push(await measureExport(file, { format, calls, until }))
    console.error(exportReport({ ...circumstances(''), exports: exports.slice(-1) }))
  }
  const results: ExportResults = { ...circumstances('npm run bench -- exports'), exports }
  console.log(exportReport(results))
  if (count === undefined && formats.length === FORMATS.length) console.log(`\n${keep('exports', results)}`)
}

async function fill(file: string, calls: number): Promise<void> {
  const child = startChild({
    core: SERVER_CORE,
    args: [here('./archive-fill.js'), file, String(calls), 'false'],
    channel: true,
  })
  await new Promise((resolve, reject) => {
    child.process.once('message', resolve)
    child.process.once('exit', (code) => reject(new Error(`Filling ended with ${code}: ${child.written()}`)))
  })
  await child.stop()
}

/** A server that has a million calls which nobody added up yet does that first, beside all else; what is measured has nothing else to do. */
async function addUp(file: string): Promise<void> {
  const { child } = await serve(file)
  for (let before = -Infinity, quiet = 0; quiet < QUIET_LOOKS;) {
    await delay(SETTLE_MS)
    const used = child.cpuMs() ?? 0
    quiet = used - before < SETTLE_MS * QUIET_SHARE ? quiet + 1 : 0
    before = used
  }
  await child.stop()
}

interface Asked {
  readonly format: Format
  readonly calls: number
  readonly until: string
}

async function measureExport(file: string, asked: Asked): Promise<ExportMeasurement> {
  const { format, calls } = asked
  const maker = await serve(file)
  try {
    const aboveIdle = memoryAboveIdle(maker.child)
    const cpuBefore = maker.child.cpuMs()
    const began = performance.now()
    const id = await begin(maker.url, asked)
    const done = await made(maker.url, id)
    const seconds = (performance.now() - began) / 1_000
    const cpuAfter = maker.child.cpuMs()
    if (done.recordCount !== calls) throw new Error(`Of ${calls} calls ${done.recordCount} are in the file`)
    const madeMib = aboveIdle()
    await maker.child.stop()
    const sent = await send(file, id)
    return {
      ...{ format, calls, seconds, madeMib, bytes: sent.bytes, sentSeconds: sent.seconds, sentMib: sent.mib },
      cpuSeconds: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / 1_000,
      killed: await killInTheMiddle(file, asked, sent.sha256),
    }
  } finally {
    await maker.child.stop()
  }
}

/** By a server that did not make it, as most are that send one. */
async function send(file: string, id: string) {
  const { child, url } = await serve(file)
  try {
    const aboveIdle = memoryAboveIdle(child)
    const sent = await download((await find(url, id)).link!.url)
    return { ...sent, mib: aboveIdle() }
  } finally {
    await child.stop()
  }
}

/** The second server finds what the first has left, as another replica would. */
async function killInTheMiddle(file: string, asked: Asked, sha256: string): Promise<ExportMeasurement['killed']> {
  const first = await serve(file)
  const id = await begin(first.url, asked)
  let after = 0
  while (after < asked.calls * KILLED_AFTER) {
    await delay(LOOK_EVERY_MS)
    after = (await find(first.url, id)).recordCount
  }
  first.child.process.kill('SIGKILL')
  await first.child.stop()
  const second = await serve(file)
  try {
    const done = await made(second.url, id)
    if (done.recordCount !== asked.calls)
      throw new Error(`After ${after} calls and kill -9 there are ${done.recordCount}`)
    const sent = await download(done.link!.url)
    // A vCon says when its export was asked for, and so differs.
    return { after, isSame: asked.format === 'VCON' ? null : sent.sha256 === sha256 }
  } finally {
    await second.child.stop()
  }
}

async function serve(file: string): Promise<{ readonly child: Child; readonly url: string }> {
  const configuration = scratchFile('exports.json')
  writeFileSync(configuration, JSON.stringify(servedArchive(file)))
  const child = startChild({ core: SERVER_CORE, args: [SERVER, 'start', '--config', configuration] })
  const url = await listeningAt(child)
  await ask(url, '{ accounts(first: 1) { nodes { id key } } }', {})
  await delay(SETTLE_MS)
  return { child, url }
}

interface Shown {
  readonly id: string
  readonly status: string
  readonly recordCount: number
  readonly link: { readonly url: string } | null
}

async function begin(url: string, { format, until }: Asked): Promise<string> {
  const query = `mutation ($input: CallRecordsExportInput!) {
    callRecordsExport(input: $input) { export { id } userErrors { message } }
  }`
  const input = { format, filter: { startedAt: { from: '2000-01-01T00:00:00Z', until } } }
  const answer = await ask<{ callRecordsExport: { export: { id: string } } }>(url, query, { input })
  return answer.callRecordsExport.export.id
}

async function find(url: string, id: string): Promise<Shown> {
  const query = 'query ($id: ID!) { export(id: $id) { id status recordCount link { url } } }'
  return (await ask<{ export: Shown }>(url, query, { id })).export
}

/** An archive has no calls from before it began, which is the only gap there may be. */
async function made(url: string, id: string): Promise<Shown> {
  for (;;) {
    const one = await find(url, id)
    if (one.status === 'COMPLETED' || one.status === 'COMPLETED_WITH_GAPS') return one
    if (one.status !== 'RUNNING') throw new Error(`the export is ${one.status}`)
    await delay(LOOK_EVERY_MS)
  }
}

async function download(url: string): Promise<{ bytes: number; seconds: number; sha256: string }> {
  const began = performance.now()
  const response = await fetch(url)
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of response.body!) {
    digest.update(chunk as Uint8Array)
    bytes += (chunk as Uint8Array).length
  }
  const sha256 = digest.digest('base64')
  if (response.headers.get('repr-digest') !== `sha-256=:${sha256}:`)
    throw new Error(`the file is ${sha256}, and said to be ${response.headers.get('repr-digest')}`)
  return { bytes, seconds: (performance.now() - began) / 1_000, sha256 }
}

async function ask<Data>(url: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown }
  if (!data || errors) throw new Error(`it answers ${JSON.stringify(errors)}`)
  return data
}

/** How much more a process held at most since then than it holds now, MiB; proc(5), clear_refs. */
function memoryAboveIdle(child: Child): () => number {
  const file = `/proc/${child.pid}/clear_refs`
  if (existsSync(file)) writeFileSync(file, '5')
  const idle = child.heldMib() ?? Number.NaN
  return () => (child.peakMib() ?? Number.NaN) - idle
}

export function exportReport({ command, date, machine, node, exports }: ExportResults): string {
  const rows = exports.map(({ format, calls, seconds, cpuSeconds, bytes, madeMib, sentSeconds, sentMib, killed }) => [
    format,
    figure(calls / seconds),
    figure(((cpuSeconds ?? Number.NaN) / calls) * 1e6),
    `${figure(bytes / 2 ** 20)} MiB`,
    figure(madeMib),
    `${figure(bytes / 2 ** 20 / sentSeconds)} MiB/s`,
    figure(sentMib),
    `after ${figure(killed.after)}: ${killed.isSame === null ? 'all calls' : killed.isSame ? 'the same bytes' : 'other bytes'}`,
  ])
  const head = [
    ...['format', 'calls/s', 'µs CPU a call', 'file', 'MiB above idle, making it'],
    ...['download', 'MiB above idle, sending it', 'kill -9'],
  ]
  return (
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}. ${figure(exports[0]?.calls ?? 0)} calls in SQLite, one core, ` +
    `all members that are free; checksums compared.\n\n${table([head, ...rows])}`
  )
}
