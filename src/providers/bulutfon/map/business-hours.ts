import { DayOfWeek, type BusinessDay, type BusinessHours, type TimeInterval } from '../../../model/did.js'
import { twoDigits } from '../../../model/values/date-time.js'
import { flag, received, text, type Received } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireDid, WireWeekday, WireWorkingDay } from '../wire.js'

export const NO_HOURS: BusinessHours = { enabled: false, timeZone: null, days: [] }

const DAY_MINUTES = 24 * 60
const WEEK: readonly (readonly [WireWeekday, DayOfWeek])[] = [
  ['monday', DayOfWeek.MONDAY],
  ['tuesday', DayOfWeek.TUESDAY],
  ['wednesday', DayOfWeek.WEDNESDAY],
  ['thursday', DayOfWeek.THURSDAY],
  ['friday', DayOfWeek.FRIDAY],
  ['saturday', DayOfWeek.SATURDAY],
  ['sunday', DayOfWeek.SUNDAY],
]

/** Business hours of a DID, and the days of its detail that they were read from. */
export interface ReadBusinessHours {
  /** Null when the detail does not have them. */
  readonly hours: BusinessHours | null
  /** The days as they are written, null ones aside. */
  readonly written: readonly unknown[]
  /** How many of these cannot be read. */
  readonly unreadable: number
}

/** Reads business hours from the detail of a DID. */
export function readBusinessHours(account: AccountFacts, row: unknown): ReadBusinessHours {
  const wire = received<WireDid>(row)
  if (flag(wire?.working_hour) === false) return { hours: NO_HOURS, written: [], unreadable: 0 }
  const week = received<Record<WireWeekday, WireWorkingDay>>(wire?.working_hours)
  if (!week) return { hours: null, written: [], unreadable: 0 }
  const days: BusinessDay[] = []
  const written: unknown[] = []
  let unreadable = 0
  for (const [key, name] of WEEK) {
    if (week[key] == null) continue
    const day = toDay(name, week[key])
    written.push(week[key])
    if (day) days.push(day)
    if (!day || (day.open && day.intervals.length === 0)) unreadable += 1
  }
  return { hours: { enabled: true, timeZone: account.timeZone, days }, written, unreadable }
}

/** `open` says whether the business opens on that day at all; a closed day has a shift, too. */
function toDay(day: DayOfWeek, value: unknown): BusinessDay | null {
  const wire = received<WireWorkingDay>(value)
  const open = flag(wire?.open)
  // Not known to be closed.
  if (!wire || open === null) return null
  return { day, open, intervals: open ? intervals(wire) : [] }
}

function intervals(wire: Received<WireWorkingDay>): TimeInterval[] {
  const start = minutes(wire.shift_start)
  const end = minutes(wire.shift_finish)
  if (start === null || end === null) return []
  const breakStart = minutes(wire.lunch_break_start)
  const breakEnd = minutes(wire.lunch_break_finish)
  // Counted from the start of the shift, so that a night shift over midnight keeps its break.
  const sinceStart = (minute: number) => (minute - start + DAY_MINUTES) % DAY_MINUTES
  const shift = sinceStart(end) || DAY_MINUTES
  if (breakStart === null || breakEnd === null) return [{ start: clock(start), end: clock(end) }]
  const [from, until] = [sinceStart(breakStart), sinceStart(breakEnd)]
  if (from === 0 || from >= until || until >= shift) return [{ start: clock(start), end: clock(end) }]
  return [
    { start: clock(start), end: clock(breakStart) },
    { start: clock(breakEnd), end: clock(end) },
  ]
}

const minutes = (value: unknown): number | null => plainMinutes(value) ?? writtenMinutes(value)

/** Fast path for `09:30`: a week has up to twenty-eight times. Null: `writtenMinutes` must decide. */
function plainMinutes(value: unknown): number | null {
  if (typeof value !== 'string' || value.length !== 5 || value[2] !== ':') return null
  const hour = twoDigits(value, 0)
  const minute = twoDigits(value, 3)
  return hour <= 24 && minute <= 59 ? (hour * 60 + minute) % DAY_MINUTES : null
}

function writtenMinutes(value: unknown): number | null {
  const [, hour, minute] = /^\s*(\d{1,2})[:.](\d\d)(?::\d\d)?\s*$/.exec(text(value) ?? '') ?? []
  if (hour === undefined || Number(hour) > 24 || Number(minute) > 59) return null
  return (Number(hour) * 60 + Number(minute)) % DAY_MINUTES
}

const padded = (number: number) => (number < 10 ? `0${number}` : String(number))
/** Every minute of a day: a hundred numbers have some thousand times, most of them the same few. */
const CLOCKS = Array.from(
  { length: DAY_MINUTES },
  (_, minute) => `${padded(Math.floor(minute / 60))}:${padded(minute % 60)}`,
)
const clock = (minute: number): string => CLOCKS[minute]!
