import { InvalidInput } from '../../errors.js'
import { Calendar, type Period } from '../../statistics/calendar.js'
import type { Grouping } from '../../statistics/grouping.js'

const PERIODS = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const satisfies readonly Period[]
const PARTICIPANTS = ['EXTENSION', 'GROUP', 'DID'] as const

/** What rows may be told apart by; the names are those of the schema. */
export type StatisticsDimension =
  | Period
  | (typeof PARTICIPANTS)[number]
  | 'HOUR_OF_DAY'
  | 'DAY_OF_WEEK'
  | 'ACCOUNT'
  | 'DIRECTION'
  | 'DISPOSITION'

/** @throws InvalidInput for more than one period */
export function groupingOf(groupBy: readonly StatisticsDimension[]): Grouping {
  const periods = PERIODS.filter((period) => groupBy.includes(period))
  if (periods.length > 1)
    throw new InvalidInput(
      `\`groupBy\` of callStatistics takes at most one of HOUR, DAY, WEEK and MONTH, but it has ${periods.join(' and ')}.`,
    )
  return {
    period: periods[0] ?? null,
    hourOfDay: groupBy.includes('HOUR_OF_DAY'),
    dayOfWeek: groupBy.includes('DAY_OF_WEEK'),
    account: groupBy.includes('ACCOUNT'),
    direction: groupBy.includes('DIRECTION'),
    disposition: groupBy.includes('DISPOSITION'),
    participants: PARTICIPANTS.filter((kind) => groupBy.includes(kind)),
  }
}

/** @throws InvalidInput for a name that no zone has */
export function calendarOf(timeZone: string): Calendar {
  try {
    return new Calendar(timeZone)
  } catch (cause) {
    throw new InvalidInput(`\`timeZone\` of callStatistics is no time zone: ${timeZone}. Europe/Istanbul is one.`, {
      cause,
    })
  }
}
