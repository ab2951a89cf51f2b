import { madeUpCalls } from '../live/made-up-calls.js'
import type { EmulatorClock } from '../emulator.js'
import { createRandom, type Random } from '../random.js'
import { mapTimes } from '../story/map-times.js'
import type { StoryCall } from '../story.js'
import { correctionOf } from './correction.js'
import type { CallHistory, KeptCall } from './history.js'

/** What can happen to a call log from one reading to the next. */
export const HISTORY_KINDS = [
  'new',
  'late',
  'changed',
  'extended',
  'deleted',
  'burst',
  'purged',
  'shifting',
  'gap',
] as const

/**
 * - `new`: a call has ended, and is written.
 * - `late`: a slow collector writes a call minutes to hours after its end.
 * - `changed`: a value of a call is corrected, or settles: its end, outcome, price or recording.
 * - `extended`: a further row of a call is written.
 * - `deleted`: somebody deletes a call.
 * - `burst`: many calls at once.
 * - `purged`: the oldest calls are deleted, as at the end of a retention.
 * - `shifting`: between the next pages of a walk calls are written late, or deleted.
 * - `gap`: hours without anything.
 */
export type HistoryKind = (typeof HISTORY_KINDS)[number]

/** One thing that has happened. */
export interface HistoryStep {
  readonly kind: HistoryKind
  /** When, on the emulator's clock, ms. */
  readonly at: number
  /** The provider's ids of the calls; of `shifting` those that are to be deleted. */
  readonly ids: readonly string[]
}

export interface HistoryWriterOptions {
  readonly history: CallHistory
  readonly clock: Pick<EmulatorClock, 'now'>
  /** Lets time pass, on every clock that takes part. */
  readonly advance: (milliseconds: number) => void
  /** The same seed gives the same history. */
  readonly seed: number
  /** Calls that began longer ago are not touched, but purged; and none is written so late. */
  readonly reachMs?: number
}

/** Writes the history of a call log, step by step. */
export interface HistoryWriter {
  /** Writes this many calls of the time that `reachMs` reaches, as if they had been there before. */
  begin(calls: number): void
  /** Lets some time pass, then does one thing; where no call is fit for it, `new`. */
  step(kind?: HistoryKind): HistoryStep
  /** Nothing happens between pages any more. */
  quiet(): void
}

const SECOND = 1000
const HOUR = 60 * 60 * SECOND
const DAY = 24 * HOUR

/** How often each happens; of all steps. */
const WEIGHTS: Readonly<Record<HistoryKind, number>> = {
  new: 30,
  late: 15,
  changed: 20,
  extended: 8,
  deleted: 8,
  burst: 4,
  purged: 2,
  shifting: 8,
  gap: 5,
}

export function createHistoryWriter(options: HistoryWriterOptions): HistoryWriter {
  const { history, clock, advance, seed, reachMs = DAY } = options
  const random = createRandom(seed).fork('history')
  const nextCall = madeUpCalls(history.office, random.fork('calls'), {})
  const now = () => Math.floor(clock.now() / SECOND) * SECOND

  /** A call that ended at a moment. */
  function callUntil(end: number): Omit<StoryCall, 'id'> {
    const call = nextCall(end)
    return mapTimes(call, (at) => at - (call.endedAt - end))
  }

  const longestAgo = Math.floor((0.9 * reachMs) / SECOND)
  const lateCall = () => callUntil(now() - Math.min(longestAgo, 60 + Math.floor(random.exponential(2400))) * SECOND)
  const reached = () => history.calls().filter(({ story }) => story.startedAt > now() - reachMs)
  const oneOf = (calls: readonly KeptCall[]) => (calls.length === 0 ? null : random.pick(calls))

  function addAll(calls: readonly Omit<StoryCall, 'id'>[]): string[] {
    return calls.map((call) => history.add(call))
  }

  /** The ids of what it concerned; null: no call is fit for it. */
  const doing: Readonly<Record<HistoryKind, () => readonly string[] | null>> = {
    new: () => addAll([callUntil(now())]),
    late: () => addAll([lateCall()]),
    burst: () => addAll(times(random.whole(5, 25), () => callUntil(now() - random.whole(0, 90) * SECOND))),
    gap: () => [],
    changed() {
      const call = oneOf(reached().filter(({ story }) => story.endedAt + LONGEST_CORRECTION <= now()))
      if (!call) return null
      history.change(call.id, correctionOf(call.story, history.shows, random))
      return [call.id]
    },
    extended() {
      const call = history.shows.furtherRows ? oneOf(reached().filter(isExtensible(now()))) : null
      if (!call) return null
      history.extend(call.id, { kind: random.pick(['survey', 'transfer']), seconds: random.whole(3, LONGEST_ROW) })
      return [call.id]
    },
    deleted() {
      const call = oneOf(reached())
      history.remove(call ? [call.id] : [])
      return call && [call.id]
    },
    purged() {
      const calls = history.calls()
      const ids = calls.slice(0, Math.ceil(calls.length * (0.1 + random.next() * 0.3))).map(({ id }) => id)
      history.remove(ids)
      return ids.length > 0 ? ids : null
    },
    shifting() {
      const shifts = times(random.whole(1, 3), () => shiftOf(history, reached(), lateCall, random))
      const left = [...shifts]
      history.afterPage(() => {
        left.shift()?.act()
        if (left.length === 0) history.afterPage(null)
      })
      return shifts.flatMap(({ removes }) => removes ?? [])
    },
  }

  return {
    begin(calls) {
      const ends = times(calls, () => now() - random.whole(1, longestAgo) * SECOND)
      for (const end of ends.sort((a, b) => a - b)) history.add(callUntil(end))
    },
    step(kind = random.weighted(WEIGHTS)) {
      advance(kind === 'gap' ? random.whole(1, 6) * HOUR : random.whole(5, 90) * SECOND)
      const ids = doing[kind]()
      return { kind: ids ? kind : 'new', at: clock.now(), ids: ids ?? addAll([callUntil(now())]) }
    },
    quiet: () => history.afterPage(null),
  }
}

/** A correction of an end moves it by no more, ms. */
const LONGEST_CORRECTION = 3 * SECOND
/** Seconds. */
const LONGEST_ROW = 15

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

/** Somebody talked, and there was time for a row after it. */
const isExtensible =
  (now: number) =>
  ({ story: { direction, kind, outcome, endedAt } }: KeptCall) =>
    direction === 'in' && kind === 'voice' && outcome === 'answered' && endedAt + LONGEST_ROW * SECOND <= now

interface Shift {
  readonly removes?: string
  readonly act: () => void
}

/** What happens between two pages: settled when it is planned, whoever reads how much until then. */
function shiftOf(
  history: CallHistory,
  calls: readonly KeptCall[],
  lateCall: () => Omit<StoryCall, 'id'>,
  random: Random,
): Shift {
  if (calls.length > 0 && random.chance(0.5)) {
    const { id } = random.pick(calls)
    return { removes: id, act: () => history.remove([id]) }
  }
  const call = lateCall()
  return { act: () => void history.add(call) }
}
