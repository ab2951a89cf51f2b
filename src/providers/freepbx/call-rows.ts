import { compareText, count, integer, received, repeatedInstant, text, toInstant } from '../../provider.js'
import type { AccountFacts, LogRow } from '../../provider.js'
import type { WireCall } from './questions.js'

/**
 * One row of the call log. Its call is `linkedid`, else `uniqueid`; `uniqueid` alone repeats, so the
 * key has the sequence as well. Times in ms.
 */
export interface CallRow extends LogRow {
  readonly uniqueid: string
  readonly sequence: number
  /** Null where it was not, and where that is not told. */
  readonly answeredAt: number | null
  /** Whether its end is told; else `endedAt` is its start. */
  readonly isEndTold: boolean
  /** In capitals. */
  readonly disposition: string
  readonly wire: WireCall
  /** When its answer arrived, ISO UTC. */
  readonly readAt: string
}

/** Null without an id or a moment. The zone is the switchboard's, for the hour its clock repeats. */
export function readRow({ timeZone }: AccountFacts, value: unknown, readAt: string): CallRow | null {
  const wire: WireCall | null = received(value)
  const uniqueid = text(wire?.uniqueid)
  const seconds = integer(wire?.timestamp)
  if (wire === null || uniqueid === null || seconds === null || seconds <= 0) return null
  const call = text(wire.linkedid) ?? uniqueid
  const startedAt = momentOf(seconds * 1000, text(wire.calldate), uniqueid, timeZone)
  const duration = count(wire.duration)
  const billed = count(wire.billsec)
  const disposition = (text(wire.disposition) ?? 'NO ANSWER').toUpperCase()
  const endedAt = startedAt + (duration ?? 0) * 1000
  const isAnswerTold = disposition === 'ANSWERED' && duration !== null && billed !== null
  return {
    call,
    key: `${uniqueid} ${text(wire.sequence) ?? ''}`,
    uniqueid,
    sequence: integer(wire.sequence) ?? 0,
    startedAt,
    answeredAt: isAnswerTold ? endedAt - Math.min(duration, billed) * 1000 : null,
    endedAt,
    isEndTold: duration !== null,
    disposition,
    wire,
    readAt,
  }
}

/** Clocks of channels and rows may differ by this much, ms. */
const CLOCK_SLACK = 5_000

/**
 * The database takes every time of a repeated hour for its second turn. A row begins soon after its
 * channel, whose id says when that was.
 */
function momentOf(told: number, local: string | null, uniqueid: string, timeZone: string): number {
  const second = repeatedInstant(local, timeZone)
  const first = second === null ? null : toInstant(local, timeZone)
  const born = birthOf(uniqueid)
  if (second === null || first === null || born === null || Date.parse(second) !== told) return told
  return Date.parse(first) >= born - CLOCK_SLACK ? Date.parse(first) : told
}

/** `1770890000.900`: the second a channel began and a counter; a system's name may come before it. */
const CHANNEL_ID = /^(?:[\w.-]{1,40}-)?(\d{9,10})\.\d{1,10}$/

/** When the channel of an id began, ms; null where the id does not tell. */
export function birthOf(id: string): number | null {
  const [, seconds] = CHANNEL_ID.exec(id) ?? []
  return seconds === undefined ? null : Number(seconds) * 1000
}

/** The rows of a call in the order of their starts, then of their numbers. */
export const inOrder = (rows: Iterable<CallRow>): CallRow[] =>
  [...rows].sort((a, b) => a.startedAt - b.startedAt || a.sequence - b.sequence || compareText(a.key, b.key))

/** The row of the channel that the call began with; rows are in order. */
export const originOf = (rows: readonly CallRow[]): CallRow =>
  rows.find(({ call, uniqueid }) => uniqueid === call) ?? (rows[0] as CallRow)
