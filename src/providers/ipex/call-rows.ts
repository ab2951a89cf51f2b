import { repeatedInstant, toInstant } from '../../model/values/date-time.js'
import { received, text, type Received } from '../../model/values/wire-value.js'
import type { WireCall } from './wire.js'

/** One row of the call log, with what joining rows to calls needs. */
export interface CallRow {
  /** Id of its call: `linkedid`, else `uniqueid`, else made of the row itself. */
  readonly call: string
  /** Whether other rows of this call can be looked up: only `linkedid` joins rows. */
  readonly joinable: boolean
  /** Identifies this row within its call. */
  readonly key: string
  /** `calldate`, ms. */
  readonly startedAt: number
  /** What else `calldate` may mean: its second reading in the hour that the clock repeats, ms. */
  readonly repeatedAt: number | null
  /** `endTime` or start plus `duration`, the later of them; ms. Null where neither is told. */
  readonly endedAt: number | null
  /** `stamp`: when the row was written, ms. */
  readonly writtenAt: number | null
  readonly wire: Received<WireCall>
  /** When its response arrived, ISO UTC. */
  readonly readAt: string
}

/** Clocks of channels and rows may differ by this much, ms. */
export const CLOCK_SLACK = 5000

/**
 * Null without a readable `calldate`. `timeZone` is for times without an offset. Of the hour that a
 * clock going back repeats, the first is meant, unless the row would then begin before `notBefore`
 * (ms) or before its own channel.
 */
export function readRow(value: unknown, timeZone: string, readAt: string, notBefore = -Infinity): CallRow | null {
  const wire = received<WireCall>(value)
  const begin = toInstant(text(wire?.calldate), timeZone)
  if (!wire || !begin) return null
  const linked = text(wire.linkedid)
  const repeatedAt = later(text(wire.calldate), timeZone)
  const first = Date.parse(begin)
  const born = Math.max(...[linked, text(wire.uniqueid)].map((id) => bornBy(id, repeatedAt)))
  const isRepeated = repeatedAt !== null && first < Math.max(notBefore, born)
  const startedAt = isRepeated ? repeatedAt : first
  const key = KEY_FIELDS.map((field) => text(wire[field]) ?? '').join('|')
  return {
    call:
      linked ??
      text(wire.uniqueid) ??
      [new Date(startedAt).toISOString(), wire.src, wire.dst, wire.line].map((part) => text(part) ?? '').join('|'),
    joinable: linked !== null,
    key,
    startedAt,
    repeatedAt,
    endedAt: endOf(wire, startedAt, timeZone),
    writtenAt: time(text(wire.stamp), timeZone),
    wire,
    readAt,
  }
}

/** Where the two disagree the later is meant; an end before the start is none. */
function endOf({ endTime, duration }: Received<WireCall>, startedAt: number, timeZone: string): number | null {
  const length = seconds(duration)
  const readings = [time(text(endTime), timeZone), later(text(endTime), timeZone)]
  const told = readings.find((reading) => reading !== null && reading >= startedAt) ?? null
  const measured = length === null ? null : startedAt + length * 1000
  return told === null || measured === null ? (told ?? measured) : Math.max(told, measured)
}

function time(written: string | null, timeZone: string): number | null {
  const instant = toInstant(written, timeZone)
  return instant === null ? null : Date.parse(instant)
}

function later(written: string | null, timeZone: string): number | null {
  const instant = repeatedInstant(written, timeZone)
  return instant === null ? null : Date.parse(instant)
}

/** The earliest that a row of this channel can begin; an id of a time after the row's tells nothing. */
function bornBy(id: string | null, latest: number | null): number {
  const born = id === null || latest === null ? null : startOfCallId(id)
  return born === null || latest === null || born - CLOCK_SLACK > latest ? -Infinity : born - CLOCK_SLACK
}

/** Whole seconds: the documentation only says "number". */
export function seconds(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value.trim() || NaN) : value
  return typeof number === 'number' && number >= 0 && number < 2 ** 31 ? Math.round(number) : null
}

/** One channel may have several rows, so `uniqueid` alone does not identify them. */
const KEY_FIELDS = ['uniqueid', 'calldate', 'endTime', 'src', 'dst', 'line', 'disposition'] as const

/** Sorts the rows of a call, independent of the order they were read in. */
export function inLogOrder(rows: Iterable<CallRow>): CallRow[] {
  return [...rows].sort(
    (a, b) =>
      a.startedAt - b.startedAt || channel(a) - channel(b) || endOrStart(a) - endOrStart(b) || (a.key < b.key ? -1 : 1),
  )
}

export const endOrStart = ({ startedAt, endedAt }: CallRow): number => endedAt ?? startedAt

/**
 * `1770798667.501`: the second the first channel was created, and a counter. A system name may
 * precede it.
 */
const CHANNEL = /(?:^|\D)(\d{9,10})\.(\d+)$/

const channel = (row: CallRow) => Number(CHANNEL.exec(text(row.wire.uniqueid) ?? '')?.[2] ?? 0)

/** The row of the channel that a call began with, which has its id; rows are in log order. */
export const originOf = (rows: readonly CallRow[]): CallRow =>
  rows.find(({ call, wire }) => text(wire.uniqueid) === call) ?? (rows[0] as CallRow)

/** The earliest start of a call according to its id, ms; null when the id has no time. */
export function startOfCallId(call: string): number | null {
  const [, seconds] = CHANNEL.exec(call) ?? []
  if (seconds) return Number(seconds) * 1000
  const [begin = '', rest] = call.split('|', 2)
  return rest === undefined || Number.isNaN(Date.parse(begin)) ? null : Date.parse(begin)
}
