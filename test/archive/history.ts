import type { Emulator } from '../../src/emulator/emulator.js'
import type { KeptCall } from '../../src/emulator/history/history.js'
import { createHistoryWriter, type HistoryKind, type HistoryStep } from '../../src/emulator/history/history-writer.js'
import { startBulutfonEmulator } from '../../src/providers/bulutfon/emulator/emulator.js'
import { startIpexEmulator } from '../../src/providers/ipex/emulator/emulator.js'

/** The call log of a running emulator, and what happens to it. */
export interface ProviderHistory {
  readonly emulator: Emulator
  /** The emulator's clock, ms. */
  now(): number
  /** Does one thing, after some time has passed; which, is up to the seed unless it is said. */
  step(kind?: HistoryKind): HistoryStep
  /** The calls that the provider lists now, from its own books; earliest first. */
  calls(): readonly KeptCall[]
  /** Nothing happens between two pages any more. */
  quiet(): void
}

export interface ProviderHistoryOptions {
  /** How many calls there are at first; the story's are deleted. */
  readonly calls: number
  readonly seed: number
  /** The calls of the beginning, and all that is not purged, are younger than this, ms. Default: a day. */
  readonly reachMs?: number
  /** Time passes. Default: on the emulator's clock alone. */
  readonly advance?: (milliseconds: number) => void
}

/** The history of an emulator that has a call log, as after `createWorld`. */
export function historyOf(emulator: Emulator, options: ProviderHistoryOptions): ProviderHistory {
  const { history, clock } = emulator
  if (!history) throw new Error(`${emulator.url} has no call log`)
  const { advance = (milliseconds: number) => clock.advance(milliseconds), calls, ...more } = options
  const writer = createHistoryWriter({ history, clock, advance, ...more })
  history.remove(history.calls().map(({ id }) => id))
  writer.begin(calls)
  return { emulator, now: clock.now, step: writer.step, calls: history.calls, quiet: writer.quiet }
}

/** A Wednesday at noon in Europe. */
const START = Date.parse('2026-02-11T11:00:00Z')
/** The smallest company there is. */
const SCALE = 0.001

const STARTS = { bulutfon: startBulutfonEmulator, ipex: startIpexEmulator } as const

/** Starts an emulator whose clock stands still between the steps; the account of its first entry. */
export async function startHistory(
  provider: keyof typeof STARTS,
  options: ProviderHistoryOptions & { readonly knobs?: Readonly<Record<string, unknown>> },
): Promise<ProviderHistory> {
  const { knobs, ...history } = options
  const emulator = await STARTS[provider]({ now: START, scale: SCALE, ...(knobs && { knobs }) })
  return historyOf(emulator, history)
}
