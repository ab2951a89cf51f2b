import type { CallChange, FurtherRow } from '../../../emulator/history/history.js'
import type { StoryCall } from '../../../emulator/story.js'
import { furtherRow, type Further } from './further-rows.js'
import { rowsOf, type LogRow, type RowStyle } from './log-rows.js'
import { withSwitchboardRows } from './switchboard-rows.js'
import type { IpexKnobs } from './knobs.js'
import type { Switchboard } from './switchboard.js'
import { Timeline } from './timeline.js'

/** A call with its rows: at least one, all with the same `linkedid`. */
export interface LoggedCall {
  readonly story: StoryCall
  readonly linkedid: string
  readonly rows: readonly LogRow[]
}

/**
 * The calls of one PBX. A call is in the log once it has ended; until then it is a current call.
 */
export interface EmulatedCallLog {
  readonly switchboard: Switchboard
  /** Rows of ended calls whose `start` is within the bounds (inclusive), earliest first. */
  rowsBetween(from: number, until: number, now: number): readonly LogRow[]
  /** Ended calls that began within the bounds, earliest first. */
  callsBetween(from: number, until: number, now: number): readonly LoggedCall[]
  current(now: number): readonly LoggedCall[]
  byId(linkedid: string): LoggedCall | null
  rowOfRecording(name: string): LogRow | null
  /** `channels`: of a call that was under way, so that its ids stay. */
  add(call: StoryCall, channels?: CallChannels): LoggedCall
  /** The channels of a call that begins. */
  begin(startedAt: number): CallChannels
  /** The rows of a call under way, as they are up to now. */
  rowsOf(told: StoryCall, channels: CallChannels): readonly LogRow[]
  /**
   * Writes the rows of an ended call anew; they keep their ids.
   *
   * @throws RangeError when there is no such call
   */
  change(linkedid: string, change: CallChange): void
  /**
   * Writes a further row of a call, after its last one.
   *
   * @throws RangeError when there is no such call
   */
  extend(linkedid: string, by: FurtherRow): void
  remove(linkedids: Iterable<string>): void
  /** Forgets whatever became of the story's calls, and those that were added. */
  reset(): void
}

/** Ids of the channels of one call, in the order in which they began; the first is the call's. */
export type CallChannels = string[]

/** The channel counter before the first call of the story. */
const FIRST_CHANNEL = 500

/** What a call is written from. */
interface Source {
  readonly story: StoryCall
  readonly style: () => RowStyle
  readonly further: readonly Further[]
}

export function createCallLog(switchboard: Switchboard, { inboundDst, switchboardRows }: IpexKnobs): EmulatedCallLog {
  const rows = new Timeline<LogRow>((row) => row.start)
  const calls = new Timeline<LoggedCall>((call) => call.story.startedAt)
  const byId = new Map<string, LoggedCall>()
  const sources = new Map<string, Source>()
  const recordings = new Map<string, LogRow>()
  let channel = FIRST_CHANNEL
  let channelAfterStory = channel
  let isWritten = false
  let isAsTold = true

  function writeStory(): void {
    for (const kept of [rows, calls, byId, sources, recordings]) kept.clear()
    channel = FIRST_CHANNEL
    for (const call of switchboard.office.calls) enter(sourceOf(call))
    channelAfterStory = channel
    isWritten = true
    isAsTold = true
  }

  /** Whoever never asks for a call need not wait until thousands are written. */
  function written<Given extends unknown[], Result>(use: (...given: Given) => Result): (...given: Given) => Result {
    return (...given) => {
      if (!isWritten) writeStory()
      return use(...given)
    }
  }

  function newChannel(time: number): string {
    return `${Math.floor(time / 1000)}.${(channel += 1)}`
  }

  function styleOf(channels: CallChannels, asBegun: boolean): RowStyle {
    let used = 0
    return { switchboard, inboundDst, channelId: (time) => (channels[used++] ??= newChannel(time)), asBegun }
  }

  /** The channels of a call stay the same however often it is written. */
  function sourceOf(story: StoryCall, channels: CallChannels = []): Source {
    const asBegun = channels.length > 0
    return { story, style: () => styleOf(channels, asBegun), further: [] }
  }

  function enter(source: Source): LoggedCall {
    const logged = write(source)
    sources.set(logged.linkedid, source)
    list(logged)
    return logged
  }

  function write({ story, style, further }: Source): LoggedCall {
    const own = style()
    const phones = rowsOf(story, own)
    const told = switchboardRows === 'asterisk' ? withSwitchboardRows(story, phones, own) : phones
    const { linkedid } = told[0] as LogRow
    return {
      story: further.reduce((before, { lengthen }) => lengthen(before), story),
      rows: [...told, ...further.map(({ row }) => row)],
      linkedid,
    }
  }

  function list(logged: LoggedCall): void {
    calls.add(logged)
    byId.set(logged.linkedid, logged)
    for (const row of logged.rows) {
      rows.add(row)
      if (row.filename) recordings.set(row.filename, row)
    }
  }

  function unlist(call: LoggedCall): void {
    calls.remove(call)
    byId.delete(call.linkedid)
    for (const row of call.rows) {
      rows.remove(row)
      if (row.filename) recordings.delete(row.filename)
    }
  }

  /** Takes a call off the log. */
  function take(linkedid: string): [call: LoggedCall, source: Source] {
    const [call, source] = [byId.get(linkedid), sources.get(linkedid)]
    if (!call || !source) throw new RangeError(`There is no call ${linkedid}`)
    isAsTold = false
    sources.delete(linkedid)
    unlist(call)
    return [call, source]
  }

  return {
    switchboard,
    rowsBetween: written((from, until, now) => rows.between(from, until).filter(({ callEnd }) => callEnd <= now)),
    callsBetween: written((from, until, now) => calls.between(from, until).filter(({ story }) => story.endedAt <= now)),
    current: written((now) => calls.between(-Infinity, now).filter(({ story }) => story.endedAt > now)),
    byId: written((linkedid) => byId.get(linkedid) ?? null),
    rowOfRecording: written((name) => recordings.get(name) ?? null),
    begin: written((startedAt) => [newChannel(startedAt)]),
    rowsOf: (told, channels) => rowsOf(told, styleOf(channels, true)),
    add: written((call, channels) => {
      isAsTold = false
      return enter(sourceOf(call, channels))
    }),
    change: written((linkedid, change) => {
      const [, source] = take(linkedid)
      enter({ ...source, story: { ...source.story, ...change } })
    }),
    extend: written((linkedid, by) => {
      const [call, source] = take(linkedid)
      // A survey, or a transfer, goes on with the caller's channel.
      const uniqueid = switchboardRows === 'asterisk' ? linkedid : newChannel(call.story.endedAt)
      enter({ ...source, further: [...source.further, furtherRow(call, by, uniqueid, switchboard)] })
    }),
    remove: written((linkedids) => {
      for (const linkedid of linkedids) if (byId.has(linkedid)) take(linkedid)
    }),
    reset() {
      if (!isAsTold) writeStory()
      channel = channelAfterStory
    },
  }
}
