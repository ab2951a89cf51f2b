import type { Random } from '../random.js'

const HOUR = 60 * 60 * 1000
const DAYS = 90

/** Relative number of calls by weekday, Sunday first. */
const weekdays = [0.04, 1.15, 1.05, 1, 1, 0.85, 0.25]
/** … and by local hour: a morning rush, a quiet lunch, a steady afternoon, few calls at night. */
const hours = [
  ...[0.01, 0.01, 0.01, 0.01, 0.01, 0.02, 0.04, 0.1, 0.45, 1.3, 1.5, 1.3],
  ...[0.45, 0.8, 1.2, 1.25, 1.05, 0.75, 0.3, 0.1, 0.06, 0.04, 0.02, 0.01],
]

/** No call is longer than this, so every call has ended when the story ends. */
export const LONGEST_CALL = HOUR / 2

/**
 * Whole seconds of the 90 days before `now`, distributed as an office is called; some within the
 * last hour.
 */
export function callTimes(timeZone: string, count: number, now: number, random: Random): number[] {
  const first = now - DAYS * 24 * HOUR
  const last = now - LONGEST_CALL
  const slots: { from: number; length: number; until: number }[] = []
  let sum = 0
  for (let from = first, next; from < last; from = next) {
    next = Math.min(last, (Math.floor(from / HOUR) + 1) * HOUR)
    const local = localTime(timeZone, from)
    const share = (next - from) / HOUR
    sum += (weekdays[local.getUTCDay()] as number) * (hours[local.getUTCHours()] as number) * share
    slots.push({ from, length: next - from, until: sum })
  }
  // At any hour, some calls lie within the last hour and the last day.
  const recent = (span: number) => last - random.whole(0, Math.floor((span - LONGEST_CALL) / 1000) - 1) * 1000
  return Array.from({ length: count }, (_, index) => {
    if (index < 4) return recent(HOUR)
    if (index < 10) return recent(24 * HOUR)
    const slot = slots[slotAt(slots, random.next() * sum)] as (typeof slots)[number]
    return slot.from + random.whole(0, slot.length / 1000 - 1) * 1000
  })
}

/** The office's wall clock, as a date whose UTC fields are the local ones. */
export const localTime = (timeZone: string, at: number): Date => new Date(at + offsetAt(timeZone, at))

function slotAt(slots: readonly { until: number }[], weight: number): number {
  let low = 0
  let high = slots.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((slots[middle] as { until: number }).until <= weight) low = middle + 1
    else high = middle
  }
  return low
}

/** What is known of a time zone: its offsets from UTC by UTC day, ms, and what works them out. */
interface Zone {
  readonly format: Intl.DateTimeFormat
  readonly offsets: Map<number, number>
}

const zones = new Map<string, Zone>()

/**
 * Offset of a zone from UTC in ms, computed once per UTC day: clocks change at night, when nobody
 * calls.
 */
function offsetAt(timeZone: string, at: number): number {
  const { format, offsets } = zoneOf(timeZone)
  const day = Math.floor(at / (24 * HOUR))
  const known = offsets.get(day)
  if (known !== undefined) return known
  const [hour = '12', minute = '0'] = format.format(day * 24 * HOUR + 12 * HOUR).split(':')
  const offset = (Number(hour) - 12) * HOUR + Number(minute) * 60_000
  offsets.set(day, offset)
  return offset
}

/** Making a format takes longer than a story's calls do. */
function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  const zone = { format, offsets: new Map<number, number>() }
  zones.set(timeZone, zone)
  return zone
}
