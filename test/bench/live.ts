/** `npm run bench -- live`: subscribers who are told of calls. */
import { parseArgs } from 'node:util'

import { figure } from './table.js'
import { measureLive, type LiveCell, type LivePace, type LiveSample } from './live/measure-live.js'
import { liveReport, type LiveResults } from './live/report-live.js'
import { liveServers } from './live/servers.js'
import { circumstances, keep, kept } from './results.js'

const ROUNDS = 3
const FULL: LivePace = { subscribers: 1_000, slow: 100, warmUp: 3, measured: 5, steady: 4, slowSeconds: 30 }
const QUICK: LivePace = { subscribers: 250, slow: 25, warmUp: 0.5, measured: 1.5, steady: 1, slowSeconds: 3 }

/** `--quick`: one short round with fewer subscribers, over WebSockets alone, which is shown and not kept. `--only same|different|slow`: a part of it, which replaces that part of what was kept. `--server <name>`, `--rounds <number>`: less of it, to look at. */
export async function run(rest: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...rest],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      server: { type: 'string' },
      rounds: { type: 'string' },
    },
  })
  const { quick, only, server, rounds: asked } = values
  const isWhole = Object.keys(values).every((name) => name === 'quick') && !quick
  const cells = liveCells().filter(
    ({ asking, server: { name }, transport }) =>
      (only ?? asking) === asking && (server ?? name) === name && (!quick || transport === 'websocket'),
  )
  const pace = quick ? QUICK : FULL
  const rounds = asked === undefined ? (quick ? 1 : ROUNDS) : Number(asked)
  const samples = cells.map((): LiveSample[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, cell] of cells.entries()) {
      const sample = await measureLive(cell, pace)
      samples[index]!.push(sample)
      console.error(`round ${round + 1} of ${rounds}, ${index + 1} of ${cells.length}: ${inOneLine(cell, sample)}`)
    }
  }
  const results: LiveResults = {
    ...circumstances(`npm run bench -- live${quick ? ' --quick' : ''}`),
    ...{ rounds, pace },
    servers: liveServers.map(({ name, about }) => ({ name, about })),
    cells: cells.map(({ server: { name }, transport, asking }, index) => ({
      ...{ server: name, transport, asking, samples: samples[index]! },
    })),
  }
  console.log(liveReport(results))
  const isPart = !quick && server === undefined && asked === undefined
  const whole = isWhole ? results : isPart ? withPart(kept<LiveResults>('live'), results) : null
  if (whole) console.log(`\n${keep('live', whole)}`)
}

/** What was measured of everything, with the cells of a part that was measured again in place of theirs; null where there is nothing. */
function withPart(before: LiveResults | null, part: LiveResults): LiveResults | null {
  const isSame = (one: LiveResults['cells'][number], other: LiveResults['cells'][number]) =>
    one.server === other.server && one.transport === other.transport && one.asking === other.asking
  const cells = before?.cells.map((cell) => part.cells.find((measured) => isSame(cell, measured)) ?? cell)
  return before && cells ? { ...before, cells } : null
}

/** In the order they are measured, round after round. */
const liveCells = (): LiveCell[] =>
  (['same', 'different', 'slow'] as const).flatMap((asking) =>
    liveServers.flatMap((server) => server.transports.map((transport) => ({ server, transport, asking }))),
  )

function inOneLine({ server, transport, asking }: LiveCell, sample: LiveSample): string {
  const { perSecond, perCpuSecond, idleKib, steady, slow } = sample
  return [
    `${server.name} over ${transport}, ${asking}: ${figure(perSecond)} deliveries/s`,
    `${figure(perCpuSecond ?? Number.NaN)} for a CPU second`,
    ...steady.map(({ rate, p50, p99 }) => `${rate} events/s: p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`),
    `${figure(idleKib ?? Number.NaN)} KiB a subscriber`,
    ...(slow ? [`${slow.closed} closed, ${figure(slow.grownMib ?? Number.NaN)} MiB more`] : []),
  ].join(', ')
}
