import { setTimeout as passed } from 'node:timers/promises'

import { EXPORTS_PATH } from '../../server/links/export-links.js'
import { CommandFailed } from '../command-failed.js'
import { EXIT } from '../exit-codes.js'
import { download } from './download.js'
import { createExport, findExport, gapsOf, type Exported } from './exported.js'
import { inputOf, type ExportQuestion } from './input.js'
import { Unanswered, type Graph } from './graph.js'
import { assertNew, fileOutput, standardOutput, type Output } from './output.js'
import { printBytes, progressOn, type Progress } from './progress.js'

export interface ExportOptions extends ExportQuestion {
  /** A file; standard output without it. */
  readonly output?: string
  /** The id of an export that was begun before. */
  readonly resume?: string
}

/** How often it asks, and how long nobody may answer before it gives up. */
const PACE = { lookEveryMs: 500, patienceMs: 5 * 60_000 }
const LONGEST_PAUSE_MS = 5_000

/**
 * `export`: has a running server make the file of an export, and writes it. It waits while the
 * server starts again, and goes on after the bytes that are there.
 * @throws CommandFailed where there is no file, or something is missing from it
 */
export async function exportCalls(options: ExportOptions, graph: Graph, pace = PACE): Promise<void> {
  const progress = progressOn(process.stderr)
  const input = options.resume === undefined ? inputOf(options) : null
  if (input && options.output !== undefined) assertNew(options.output)
  // Not patiently: at the beginning, nobody who answers is a server that was not started.
  const begun = input ? await begin(graph, input) : await find(graph, options.resume!)
  const output = options.output === undefined ? standardOutput(input === null) : await fileOutput(options.output)
  if (input) console.error(`The export is ${begun.id}; --resume ${begun.id} goes on with it.`)
  const made = await untilMade(begun, graph, progress, pace)
  const sha256 = await patiently(progress, pace, async () => {
    // A link is good for an hour: each attempt has its own.
    const { link, status } = await find(graph, made.id)
    if (!link) throw new CommandFailed(`The file of this export is gone: it is ${status}.`)
    return download(fileUrl(graph, link.url), output, (done, of) =>
      progress.tell(`${printBytes(done)} of ${printBytes(of)} written`),
    )
  })
  await output.end()
  progress.end()
  conclude(made, output, sha256)
}

async function begin(graph: Graph, input: object): Promise<Exported> {
  const created = await createExport(graph, input)
  if ('id' in created) return created
  throw new CommandFailed(`The export was not begun:\n${created.map((problem) => `  - ${problem}`).join('\n')}`)
}

async function find(graph: Graph, id: string): Promise<Exported> {
  const found = await findExport(graph, id)
  if (found) return found
  throw new CommandFailed(`There is no export ${id} at ${graph.server}, or it is not yours.`)
}

async function untilMade(begun: Exported, graph: Graph, progress: Progress, pace: typeof PACE): Promise<Exported> {
  let one = begun
  while (one.status === 'RUNNING') {
    progress.tell(`${one.recordCount.toLocaleString('en')} calls, ${printBytes(one.bytes)} made`)
    await passed(pace.lookEveryMs)
    one = await patiently(progress, pace, () => find(graph, begun.id))
  }
  if (one.status === 'COMPLETED' || one.status === 'COMPLETED_WITH_GAPS') return one
  throw new CommandFailed(`The export is ${one.status}${one.error === null ? '' : `: ${one.error}`}.`)
}

/** Tries again while nobody answers: a server that starts again goes on with the file. */
async function patiently<T>(progress: Progress, { patienceMs }: typeof PACE, work: () => Promise<T>): Promise<T> {
  const until = performance.now() + patienceMs
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      if (performance.now() > until) throw new CommandFailed(`${error.message} --resume goes on once it does.`)
      progress.tell(`${error.message} Trying again.`)
      await passed(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempt))
    }
  }
}

/** At the address where the server was found: the one it publishes may lead another way. */
function fileUrl({ server }: Graph, url: string): string {
  return `${server}${EXPORTS_PATH}/${url.slice(url.lastIndexOf('/') + 1)}`
}

function conclude(made: Exported, output: Output, sha256: string): void {
  const digest = output.digest()
  if (digest !== null && digest !== sha256)
    throw new CommandFailed(
      `The ${output.size} bytes that were written are not those of the export: they have the SHA-256 ${digest}, and it has ${sha256}. Begin anew with another output.`,
    )
  const checked = digest === null ? ', not compared, since its beginning was written before' : ''
  const [size, calls] = [printBytes(output.size), made.recordCount.toLocaleString('en')]
  console.error(`${calls} calls, ${size}, SHA-256 ${sha256}${checked}`)
  if (made.status === 'COMPLETED_WITH_GAPS')
    throw new CommandFailed(
      `The file has gaps:\n${gapsOf(made)
        .map((gap) => `  - ${gap}`)
        .join('\n')}`,
      EXIT.incomplete,
    )
}
