import type { StoryCall } from '../../../emulator/story.js'
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
  /** Forgets the added calls. */
  reset(): void
}

/** Ids of the channels of one call, in the order in which they began; the first is the call's. */
export type CallChannels = string[]

/** The channel counter before the first call of the story. */
const FIRST_CHANNEL = 500

export function createCallLog(switchboard: Switchboard, { inboundDst, switchboardRows }: IpexKnobs): EmulatedCallLog {
  const rows = new Timeline<LogRow>((row) => row.start)
  const calls = new Timeline<LoggedCall>((call) => call.story.startedAt)
  const byId = new Map<string, LoggedCall>()
  const recordings = new Map<string, LogRow>()
  const added: LoggedCall[] = []
  let channel = FIRST_CHANNEL
  for (const call of switchboard.office.calls) enter(call)
  const channelAfterStory = channel

  function newChannel(time: number): string {
    return `${Math.floor(time / 1000)}.${(channel += 1)}`
  }

  function styleOf(channels: CallChannels = []): RowStyle {
    let used = 0
    return {
      switchboard,
      inboundDst,
      channelId: (time) => (channels[used++] ??= newChannel(time)),
      asBegun: channels.length > 0,
    }
  }

  function enter(story: StoryCall, channels?: CallChannels): LoggedCall {
    const style = styleOf(channels)
    const phones = rowsOf(story, style)
    const told = switchboardRows === 'asterisk' ? withSwitchboardRows(story, phones, style) : phones
    const logged = { story, rows: told, linkedid: (told[0] as LogRow).linkedid }
    calls.add(logged)
    byId.set(logged.linkedid, logged)
    for (const row of told) {
      rows.add(row)
      if (row.filename) recordings.set(row.filename, row)
    }
    return logged
  }

  function remove(call: LoggedCall): void {
    calls.remove(call)
    byId.delete(call.linkedid)
    for (const row of call.rows) {
      rows.remove(row)
      if (row.filename) recordings.delete(row.filename)
    }
  }

  return {
    switchboard,
    rowsBetween: (from, until, now) => rows.between(from, until).filter(({ callEnd }) => callEnd <= now),
    callsBetween: (from, until, now) => calls.between(from, until).filter(({ story }) => story.endedAt <= now),
    current: (now) => calls.between(-Infinity, now).filter(({ story }) => story.endedAt > now),
    byId: (linkedid) => byId.get(linkedid) ?? null,
    rowOfRecording: (name) => recordings.get(name) ?? null,
    begin: (startedAt) => [newChannel(startedAt)],
    rowsOf: (told, channels) => rowsOf(told, styleOf(channels)),
    add(call, channels) {
      const logged = enter(call, channels)
      added.push(logged)
      return logged
    },
    reset() {
      for (const call of added.splice(0)) remove(call)
      channel = channelAfterStory
    },
  }
}
