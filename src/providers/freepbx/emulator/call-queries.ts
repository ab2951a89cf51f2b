import type { CallRow } from './call-rows.js'
import type { FreepbxKnobs } from './knobs.js'
import { internalError } from './protocol.js'
import type { Tables } from './tables.js'
import { databaseSeconds, localDay, wallClock } from './wall-clock.js'

export interface CdrParts {
  readonly tables: Tables
  readonly knobs: FreepbxKnobs
  /** The switchboard's zone. */
  readonly zone: string
}

interface CdrArguments {
  readonly first?: number | null
  readonly after?: number | null
  readonly orderby?: 'date' | 'duration' | null
  readonly startDate?: string | null
  readonly endDate?: string | null
}

/** Rows of a page without `first`. */
const DEFAULT_FIRST = 5
const DAY = /^\d{4}-\d{2}-\d{2}$/
/** From here on the unrepaired argument is an error on 17. */
const AFTER_FAILS_FROM = 100

/** The queries of the module `cdr`. */
export const CDR_QUERIES = ({ tables, knobs, zone }: CdrParts): Record<string, unknown> => {
  const shown = (row: CallRow) => ({
    ...row,
    sequence: String(row.sequence),
    id: Buffer.from(`cdr:${row.uniqueid}`).toString('base64'),
    calldate: wallClock(zone, row.start),
    timestamp: databaseSeconds(zone, row.start),
    duration: Math.floor((row.end - row.start) / 1000),
    billsec: row.answer === null ? 0 : Math.floor((row.end - row.answer) / 1000),
    ...{ accountcode: '', peeraccount: '', userfield: '', amaflags: 'DOCUMENTATION' },
  })
  return {
    fetchAllCdrs: ({ first, after, orderby, startDate, endDate }: CdrArguments) => {
      const size = first ?? DEFAULT_FIRST
      const isRepaired = knobs.profile === '17fixed'
      if (size < 0) throw internalError()
      if (!isRepaired && knobs.profile === '17' && (after ?? 0) >= AFTER_FAILS_FROM) throw internalError()
      // Whatever the dates.
      const totalCount = tables.calls.length
      const refusal = dateRefusal(startDate, endDate)
      if (refusal) return { status: false, message: refusal, cdrs: null, totalCount, edges: null, pageInfo: fails }
      const inRange = isFilter(startDate, endDate)
        ? tables.calls.filter(({ start }) => {
            const day = localDay(zone, start)
            return day >= startDate! && day <= endDate!
          })
        : tables.calls
      const sorted = isRepaired ? [...inRange].sort(descending(orderby ?? 'date')) : inRange
      const offset = isRepaired ? (after ?? 0) : 0
      const rows = sorted.slice(offset, offset + size).map(shown)
      return {
        status: true,
        message: 'CDR data found successfully',
        totalCount,
        cdrs: rows,
        edges: isRepaired ? rows.map((node, at) => ({ node, cursor: String(offset + at) })) : null,
        pageInfo: fails,
      }
    },
    // The first row of this id, whichever call it is of.
    fetchCdr: ({ id = '' }: { id?: string }) => {
      const row = tables.calls.find(({ uniqueid }) => uniqueid === id.replace('_', '.'))
      return row ? { ...shown(row), status: true, message: 'CDR data found successfully' } : { ...ABSENT }
    },
  }
}

const ABSENT = { status: false, message: 'CDR data not found', disposition: '' }
const fails = () => {
  throw internalError()
}

const isFilter = (start?: string | null, end?: string | null): boolean => Boolean(start && end)

/** Both or neither, and by their form alone: a day that does not exist finds nothing. */
function dateRefusal(start?: string | null, end?: string | null): string | null {
  if (start === '' && end != null) return null
  if (start == null && end == null) return null
  if (!start || !end) return 'Please provide both start date and end date'
  return DAY.test(start) && DAY.test(end) ? null : 'Please provide valid dates'
}

const descending =
  (by: 'date' | 'duration') =>
  (a: CallRow, b: CallRow): number =>
    by === 'date' ? b.start - a.start || b.sequence - a.sequence : b.end - b.start - (a.end - a.start)
