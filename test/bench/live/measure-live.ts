import { setTimeout as delay } from 'node:timers/promises'

import { listeningAt, SERVER_CORE, startChild, type Child } from '../child.js'
import { startStubProcess } from '../measure.js'
import { W1 } from '../workloads.js'
import { Crowd } from './crowd.js'
import type { Asking } from './question.js'
import type { LiveServer } from './servers.js'
import type { Transport } from './subscriber.js'

/** One server, over one transport, asked in one way. */
export interface LiveCell {
  readonly server: LiveServer
  readonly transport: Transport
  readonly asking: Asking
}

export interface LivePace {
  readonly subscribers: number
  /** Those among them who read nothing, where some do. */
  readonly slow: number
  /** Seconds of load that do not count. */
  readonly warmUp: number
  /** Seconds as fast as it goes. */
  readonly measured: number
  /** Seconds at each steady rate. */
  readonly steady: number
  /** Seconds with slow readers. */
  readonly slowSeconds: number
}

/** What one fresh process did in one round. */
export interface LiveSample {
  /** Deliveries to subscribers as fast as it goes. */
  readonly perSecond: number
  /** Deliveries for a second of the server's CPU; null where the system does not tell. */
  readonly perCpuSecond: number | null
  /** Memory of a subscriber who is told nothing, KiB. */
  readonly idleKib: number | null
  /** At so many events a second; a rate that is more than the server can do is left out. */
  readonly steady: readonly { readonly rate: number; readonly p50: number; readonly p99: number }[]
  /** With slow readers: what the server held more at the end than before, MiB, and how many of them it had closed. */
  readonly slow: { readonly grownMib: number | null; readonly closed: number } | null
}

/** Events a second; the first is what must be held, the others are for those who cannot. */
export const RATES = [50, 20, 10, 5]
/** A steady rate needs some room under what is possible. */
const ROOM = 0.85
/** Before the memory is compared, so many have come and gone: what a server loads for the first of them is not theirs. */
const FIRST_SUBSCRIBERS = 50
/** Time for a closed connection to be let go, and for freed memory to be given back, ms. */
const SETTLE_MS = 1_000

export async function measureLive(cell: LiveCell, pace: LivePace): Promise<LiveSample> {
  const { server, transport, asking } = cell
  const stub = await startStubProcess({ offices: W1.offices, latencyMs: 0 })
  let child: Child | null = null
  let crowd: Crowd | null = null
  try {
    child = startChild({ core: SERVER_CORE, ...server.start(stub.url) })
    const url = await listeningAt(child)
    const webhook = await server.webhookOf(url)
    const options = { server, url, transport, asking }
    const first = await Crowd.gather({ ...options, subscribers: FIRST_SUBSCRIBERS }, webhook)
    await first.saturate(pace.warmUp)
    await first.close()
    const before = await settled(child)
    const slow = asking === 'slow' ? pace.slow : 0
    crowd = await Crowd.gather({ ...options, subscribers: pace.subscribers }, webhook, slow)
    const idle = await settled(child)
    const idleKib = idle === null || before === null ? null : ((idle - before) * 1024) / pace.subscribers
    if (slow > 0) return { ...(await withSlow(crowd, child, slow, pace)), idleKib }
    await crowd.saturate(pace.warmUp)
    const figures = await saturated(crowd, child, pace.measured)
    const steady = []
    for (const rate of RATES) {
      if (rate * pace.subscribers > figures.perSecond * ROOM) continue
      const { p50, p99 } = await crowd.pace(pace.steady, rate)
      steady.push({ rate, p50, p99 })
    }
    return { ...figures, idleKib, steady, slow: null }
  } catch (error) {
    const written = child?.written().slice(-1_000) ?? ''
    const message = `${server.name} over ${transport}, ${asking}: ${(error as Error).message}\n${written}`
    throw new Error(message, { cause: error })
  } finally {
    await crowd?.close()
    await child?.stop()
    await stub.stop()
  }
}

async function saturated(crowd: Crowd, child: Child, seconds: number, most?: number) {
  const cpuBefore = child.cpuMs()
  const { count, seconds: spent, p50, p99 } = await crowd.saturate(seconds, most)
  const cpuAfter = child.cpuMs()
  const cpu = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
  return { perSecond: count / spent, perCpuSecond: cpu === null ? null : (count / cpu) * 1000, p50, p99 }
}

/** Some stop to read; what the others are told counts, and what becomes of the memory. */
async function withSlow(
  crowd: Crowd,
  child: Child,
  count: number,
  pace: LivePace,
): Promise<Omit<LiveSample, 'idleKib'>> {
  await crowd.saturate(pace.warmUp, RATES[0])
  const before = await settled(child)
  const slow = crowd.pause(count)
  const { perSecond, perCpuSecond, p50, p99 } = await saturated(crowd, child, pace.slowSeconds, RATES[0])
  const after = await settled(child)
  for (const one of slow) one.resume()
  // What was buffered for them comes first, then the end.
  for (let waited = 0; waited < 5_000 && slow.some((one) => !one.isEnded()); waited += 100) await delay(100)
  const closed = slow.filter((one) => one.isEnded()).length
  for (const one of slow) one.close()
  const grownMib = before === null || after === null ? null : after - before
  return { perSecond, perCpuSecond, steady: [{ rate: RATES[0]!, p50, p99 }], slow: { grownMib, closed } }
}

/** What the server holds, MiB, when its garbage is collected. */
async function settled(child: Child): Promise<number | null> {
  for (let times = 0; times < 2; times++) {
    child.process.kill('SIGUSR2')
    await delay(SETTLE_MS / 2)
  }
  return child.heldMib()
}
