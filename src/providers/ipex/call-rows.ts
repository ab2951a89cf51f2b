import { toInstant } from '../../model/values/date-time.js'
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
  /** `endTime`, else start plus `duration`; ms. */
  readonly endedAt: number
  readonly wire: Received<WireCall>
  /** When its response arrived, ISO UTC. */
  readonly readAt: string
}

/** Null without a readable `calldate`. `timeZone` is for times without an offset. */
export function readRow(value: unknown, timeZone: string, readAt: string): CallRow | null {
  const wire = received<WireCall>(value)
  const begin = toInstant(text(wire?.calldate), timeZone)
  if (!wire || !begin) return null
  const startedAt = Date.parse(begin)
  const end = toInstant(text(wire.endTime), timeZone)
  const linked = text(wire.linkedid)
  const key = KEY_FIELDS.map((field) => text(wire[field]) ?? '').join('|')
  return {
    call:
      linked ?? text(wire.uniqueid) ?? [begin, wire.src, wire.dst, wire.line].map((part) => text(part) ?? '').join('|'),
    joinable: linked !== null,
    key,
    startedAt,
    endedAt: Math.max(startedAt, end ? Date.parse(end) : startedAt + (seconds(wire.duration) ?? 0) * 1000),
    wire,
    readAt,
  }
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
    (a, b) => a.startedAt - b.startedAt || channel(a) - channel(b) || a.endedAt - b.endedAt || (a.key < b.key ? -1 : 1),
  )
}

/**
 * `1770798667.501`: the second the first channel was created, and a counter. A system name may
 * precede it.
 */
const CHANNEL = /(?:^|\D)(\d{9,10})\.(\d+)$/

const channel = (row: CallRow) => Number(CHANNEL.exec(text(row.wire.uniqueid) ?? '')?.[2] ?? 0)

/** The earliest start of a call according to its id, ms; null when the id has no time. */
export function startOfCallId(call: string): number | null {
  const [, seconds] = CHANNEL.exec(call) ?? []
  if (seconds) return Number(seconds) * 1000
  const [begin = '', rest] = call.split('|', 2)
  return rest === undefined || Number.isNaN(Date.parse(begin)) ? null : Date.parse(begin)
}
