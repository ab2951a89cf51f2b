/** `npm run bench -- bytes`: how long the answers to the worked operations are, plain and compressed, and what compressing them costs. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

import { request } from 'undici'

import { BENCH_CORE, listeningAt, startChild } from './child.js'
import { CALLS } from './questions.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { spreadOf } from './statistics.js'
import { figure, table } from './table.js'

/** Null where this Node does not have the encoding. */
type BytesBy = Readonly<Record<string, number | null>>

export interface BytesResults extends Circumstances {
  readonly answers: readonly { readonly name: string; readonly bytes: BytesBy }[]
  /** All these answers once, each alone, by zlib itself. */
  readonly levels: readonly {
    readonly way: string
    readonly bytes: number
    /** On the thread that compresses, for a kilobyte of text; the middle of all rounds. */
    readonly microseconds: number
    /** In the whole process, with the way to the thread pool and back, for one answer. */
    readonly processMicroseconds: number
  }[]
}

const ENCODINGS = ['identity', 'gzip', 'br', 'zstd']
const LEAST_BYTES = 1024
const ROUNDS = 7
const REPEATED = 20

const OPERATIONS = new URL('../../../schema/operations/', import.meta.url)
const SERVER = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

export async function run(): Promise<void> {
  const server = startChild({ core: BENCH_CORE, args: [SERVER, 'start', '--sandbox', '--port', '0'] })
  try {
    const url = await listeningAt(server)
    const worked = readdirSync(OPERATIONS)
      .filter((file) => !file.includes('live-calls'))
      .sort()
      .map((file) => ({
        name: file.replace(/^\d+-|\.graphql$/g, '').replaceAll('-', ' '),
        body: { query: readFileSync(new URL(file, OPERATIONS), 'utf8') } as object,
      }))
    const questions = [...worked, { name: '100 calls, 15 fields', body: { query: CALLS, variables: { first: 100 } } }]
    const answers = []
    const texts: Buffer[] = []
    for (const { name, body } of questions) {
      const bytes: Record<string, number | null> = {}
      for (const encoding of ENCODINGS) {
        const answer = await ask(url, body, encoding)
        if (encoding === 'identity') texts.push(answer.bytes)
        const isThere = answer.encoding === encoding || answer.bytes.length < LEAST_BYTES
        bytes[encoding] = isThere ? answer.bytes.length : null
      }
      answers.push({ name, bytes })
    }
    const levels = await measureLevels(texts.filter(({ length }) => length >= LEAST_BYTES))
    const results: BytesResults = { ...circumstances('npm run bench -- bytes'), answers, levels }
    console.log(`${bytesReport(results)}\n\n${keep('bytes', results)}`)
  } finally {
    await server.stop()
  }
}

/** What came over the wire. */
async function ask(url: string, body: object, encoding: string): Promise<{ bytes: Buffer; encoding: string }> {
  const { headers, body: answer } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-encoding': encoding },
    body: JSON.stringify(body),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { bytes, encoding: String(headers['content-encoding'] ?? 'identity') }
}

interface Way {
  readonly way: string
  readonly now: (bytes: Buffer) => Buffer
  readonly later: (bytes: Buffer) => Promise<Buffer>
}

type Now<Options> = (bytes: Buffer, options: Options) => Buffer
type Later<Options> = (bytes: Buffer, options: Options, done: (error: Error | null, result: Buffer) => void) => void
interface Parameters {
  readonly params: Readonly<Record<number, number>>
}

function ways(): Way[] {
  const way = <Options>(name: string, now: Now<Options>, later: Later<Options>, options: Options): Way => ({
    way: name,
    now: (bytes) => now(bytes, options),
    later: (bytes) => promisify<Buffer, Options, Buffer>(later)(bytes, options),
  })
  const { constants, gzip, gzipSync, brotliCompress, brotliCompressSync } = zlib
  const { zstdCompress, zstdCompressSync } = zlib as {
    readonly zstdCompress?: Later<Parameters>
    readonly zstdCompressSync?: Now<Parameters>
  }
  const zstdLevel = (constants as Readonly<Record<string, number>>)['ZSTD_c_compressionLevel'] ?? 0
  return [
    ...[1, 3, 6, 9].map((level) => way(`gzip ${level}`, gzipSync, gzip, { level })),
    ...[1, 3, 4, 5, 6].map((level) =>
      way(`br ${level}`, brotliCompressSync, brotliCompress, { params: { [constants.BROTLI_PARAM_QUALITY]: level } }),
    ),
    ...[1, 3, 6].flatMap((level) =>
      zstdCompress && zstdCompressSync
        ? way(`zstd ${level}`, zstdCompressSync, zstdCompress, { params: { [zstdLevel]: level } })
        : [],
    ),
  ]
}

async function measureLevels(texts: readonly Buffer[]): Promise<BytesResults['levels']> {
  const kilobytes = texts.reduce((sum, { length }) => sum + length, 0) / 1024
  const spent = async (work: () => unknown): Promise<number> => {
    const before = process.cpuUsage()
    for (let time = 0; time < REPEATED; time++) await work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / REPEATED
  }
  const all = ways().map((way) => ({ ...way, here: [] as number[], there: [] as number[] }))
  // In turns: a machine is not the same machine a minute later.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { now, later, here, there } of all) {
      here.push(await spent(() => texts.forEach(now)))
      there.push(
        await spent(async () => {
          for (const text of texts) await later(text)
        }),
      )
    }
  }
  const middle = ([, ...counted]: readonly number[]) => spreadOf(counted)!.median
  return all.map(({ way, now, here, there }) => ({
    way,
    bytes: texts.reduce((sum, text) => sum + now(text).length, 0),
    microseconds: middle(here) / kilobytes,
    processMicroseconds: middle(there) / texts.length,
  }))
}

export function bytesReport({ command, date, node, machine, answers, levels }: BytesResults): string {
  const plain = (bytes: BytesBy) => bytes['identity'] ?? 0
  const long = answers.filter(({ bytes }) => plain(bytes) >= LEAST_BYTES)
  const sum = (of: string) => long.reduce((total, { bytes }) => total + (bytes[of] ?? Number.NaN), 0)
  const sums = Object.fromEntries(ENCODINGS.map((encoding) => [encoding, sum(encoding)]))
  return [
    `\`${command}\`, ${date}, Node ${node.slice(1)}, ${machine}. Bytes of each answer in the sandbox as it is sent.`,
    table([
      ['answer', 'plain', 'gzip', 'br', 'zstd'],
      ...[...answers, { name: 'all that are compressed', bytes: sums }].map(({ name, bytes }) => [
        name,
        ...ENCODINGS.map((encoding) => figure(bytes[encoding] ?? Number.NaN)),
      ]),
    ]),
    `The same answers by zlib itself, at several levels: CPU where it compresses, and CPU of the whole process for an answer, with the way to the thread pool and back.`,
    table([
      ['', 'bytes', 'of plain', 'µs a KiB', 'µs an answer'],
      ...levels.map(({ way, bytes, microseconds, processMicroseconds }) => [
        way,
        figure(bytes),
        `${figure((100 * bytes) / sum('identity'))} %`,
        figure(microseconds),
        figure(processMicroseconds),
      ]),
    ]),
  ].join('\n\n')
}
