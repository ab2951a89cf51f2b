/** `npm run bench`: the command line. */
import { parseArgs } from 'node:util'

import { Pool } from 'undici'

import { canPin, pinOurselves } from './child.js'
import { contestants } from './contestants.js'
import { fillPage } from './docs.js'
import { measureInTurns, startStubProcess, type Cell, type Expected, type Sample } from './measure.js'
import { FAR, full, quick, roundsOf, type Plan } from './plan.js'
import { clients, report } from './report.js'
import { circumstances, keep, kept, type BenchResults } from './results.js'
import { figure } from './table.js'
import type { WalkResults } from './walk.js'
import { W1, workloads } from './workloads.js'

const USAGE = `npm run bench                     everything, within an hour; tables here, figures in test/bench/results/bench.json
npm run bench -- --rounds 3       the same in half the time, and less certain
npm run bench -- --quick          the same in two minutes: one short round
npm run bench -- builds <commit>  this build against the build of a commit, in turns, in 20 minutes
npm run bench -- walk             call logs of 100,000 and of 1,000,000 calls, read to their end
npm run bench -- scale            what accounts, callers and pages of calls cost, one more each
npm run bench -- bytes            how long answers are, plain and compressed, and what that costs
npm run bench -- live             a thousand subscribers who are told of calls, and another thousand
npm run bench -- archive          what it takes to keep the calls of an account, and to answer from them
npm run bench -- statistics       ten million archived calls, added up by ours, by plain SQL and by DuckDB
npm run bench -- exports          files of a million archived calls, in each format
npm run bench -- console          how soon each view of the console is there
npm run bench -- soak             hours of everything at once
npm run bench -- --docs           measures nothing: writes what was measured last into docs/performance.md`

/** The long ones, each a file of its own that is loaded when it is asked for. */
const MODES: ReadonlyMap<string, string> = new Map([
  ...['builds', 'walk', 'scale', 'bytes', 'live', 'archive', 'exports', 'console', 'soak'].map(
    (mode) => [mode, mode] as const,
  ),
  ['statistics', 'call-statistics'],
])

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  if (values.docs) return console.log(await fillPage())
  if (!canPin) console.warn('Processes cannot be kept to a core of their own here: the figures will be noisier.')
  await pinOurselves()
  const kind = values.quick ? 'quick' : 'bench'
  const plan = values.quick ? quick : full
  const rounds = values.rounds === undefined ? plan.rounds : roundsOf(values.rounds)
  const options = [...(values.quick ? ['--quick'] : []), ...(values.rounds === undefined ? [] : [`--rounds ${rounds}`])]
  const command = ['npm run bench', ...(options.length > 0 ? ['--', ...options] : [])].join(' ')
  const results = await carryOut({ ...plan, rounds }, command)
  const file = keep(kind, results)
  console.log(`${report(results, kept<WalkResults>('walk'))}\n\n${file}`)
}

/** Round after round, in each of them row by row. */
async function carryOut({ rounds, durations, rows }: Plan, command: string): Promise<BenchResults> {
  const expected: Expected = new Map()
  const began = performance.now()
  const measured = rows.flat().map((cell) => ({ cell, samples: [] as Sample[] }))
  const of = new Map(measured.map((one) => [one.cell, one]))
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const samples = await measureInTurns(row, durations, expected)
      for (const [at, cell] of row.entries()) {
        of.get(cell)!.samples.push(samples[at]!)
        console.error(
          `${figure((performance.now() - began) / 1_000)} s, round ${round + 1}: ${lineOf(cell, samples[at]!)}`,
        )
      }
    }
  }
  return {
    ...circumstances(command),
    ...{ rounds, durations, roundTripMs: await roundTrip() },
    contestants: contestants.map(({ name, about }) => ({ name, about })),
    workloads: [...workloads.values()].map(({ name, about, providerRequests }) => ({ name, about, providerRequests })),
    cells: measured.map(({ cell: { contestant, workload, latencyMs, connections }, samples }) => ({
      ...{ contestant: contestant.name, workload: workload.name, latencyMs, connections, samples },
    })),
  }
}

const lineOf = ({ contestant, workload, latencyMs, connections }: Cell, sample: Sample): string =>
  `${workload.name}, provider ${latencyMs} ms away, ${clients(connections)}, ${contestant.name}: ` +
  `${figure(sample.perSecond)} answers/s, p50 ${figure(sample.p50)} ms, CPU ${figure(sample.cpuMs ?? Number.NaN)} ms, ` +
  `${figure(sample.providerRequests)} provider requests`

/** What a bare request to the far provider takes, on a connection that is there: the middle of fifty, ms. */
async function roundTrip(): Promise<number> {
  const stub = await startStubProcess({ offices: W1.offices, latencyMs: FAR })
  const pool = new Pool(stub.url)
  try {
    const spent: number[] = []
    for (let index = 0; index < 60; index++) {
      const began = performance.now()
      const { body } = await pool.request({ method: 'GET', path: '/office-0/dids' })
      await body.json()
      spent.push(performance.now() - began)
    }
    return spent.slice(10).sort((a, b) => a - b)[25]!
  } finally {
    await pool.close()
    await stub.stop()
  }
}

// Last: by now everything above has its value.
const [mode = '', ...rest] = process.argv.slice(2)
if (MODES.has(mode)) {
  await pinOurselves()
  const { run } = (await import(`./${MODES.get(mode)!}.js`)) as { run(rest: readonly string[]): Promise<void> }
  await run(rest)
} else {
  await bench()
}
