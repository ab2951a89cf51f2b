import { DayOfWeek, type BusinessDay, type BusinessHours, type TimeInterval } from '../../../model/did.js'
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

/** Business hours from the detail of a DID; null when it does not have them. */
export function toBusinessHours(account: AccountFacts, row: unknown): BusinessHours | null {
  const wire = received<WireDid>(row)
  if (flag(wire?.working_hour) === false) return NO_HOURS
  const week = received<Record<WireWeekday, WireWorkingDay>>(wire?.working_hours)
  if (!week) return null
  return { enabled: true, timeZone: account.timeZone, days: WEEK.flatMap(([key, day]) => toDay(day, week[key])) }
}

/** The days of a DID's detail as they are written, null ones aside, and how many cannot be read. */
export function writtenDays(row: unknown): { readonly days: readonly unknown[]; readonly unreadable: number } {
  const wire = received<WireDid>(row)
  const week = received<Record<WireWeekday, WireWorkingDay>>(wire?.working_hours)
  if (!week || flag(wire?.working_hour) === false) return { days: [], unreadable: 0 }
  const written = WEEK.flatMap(([key, day]) => (week[key] == null ? [] : [{ day, value: week[key] as unknown }]))
  const isLacking = ([read]: readonly BusinessDay[]) => !read || (read.open && read.intervals.length === 0)
  return {
    days: written.map(({ value }) => value),
    unreadable: written.filter(({ day, value }) => isLacking(toDay(day, value))).length,
  }
}

/** `open` says whether the business opens on that day at all; a closed day has a shift, too. */
function toDay(day: DayOfWeek, value: unknown): BusinessDay[] {
  const wire = received<WireWorkingDay>(value)
  if (!wire) return []
  const open = flag(wire.open)
  // Not known to be closed.
  if (open === null) return []
  return [{ day, open, intervals: open ? intervals(wire) : [] }]
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

function minutes(value: unknown): number | null {
  const [, hour, minute] = /^\s*(\d{1,2})[:.](\d\d)(?::\d\d)?\s*$/.exec(text(value) ?? '') ?? []
  if (hour === undefined || Number(hour) > 24 || Number(minute) > 59) return null
  return (Number(hour) * 60 + Number(minute)) % DAY_MINUTES
}

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
