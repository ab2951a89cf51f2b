import { dayOf, daysLater, lengthOf } from '../model/values/days.js'
import { badResponse } from '../providers/bad-response.js'
import type { Records } from '../providers/read-records.js'
import type { LogRow } from './row-join.js'

/** Before every call. */
const LONG_AGO = '1970-01-01'

/**
 * The first day that has a row, of a log whose rows are sorted somehow; null where there is none.
 * `some`: a few rows of days up to that one.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE where none of the few can be read
 */
export async function firstDayOf(
  some: (last: string | null) => Promise<Records<LogRow>>,
  timeZone: string,
): Promise<string | null> {
  const earliest = async (last: string | null): Promise<string | null> => {
    const { items, unreadable } = await some(last)
    if (items.length === 0 && unreadable > 0) throw badResponse('No row of the call log can be read', 'UNREADABLE')
    return items.length === 0 ? null : dayOf(Math.min(...items.map(({ startedAt }) => startedAt)), timeZone)
  }
  let first = await earliest(null)
  if (first === null) return null
  for (let known = LONG_AGO; known < first;) {
    const earlier = await earliest(daysLater(first, -1))
    if (earlier === null) return first
    first = earlier
    // Where the newest row comes first, one day after the other would be found: halves take fewer.
    const middle = daysLater(known, Math.floor((lengthOf({ first: known, last: first }) - 1) / 2))
    const found = await earliest(middle)
    if (found === null) known = daysLater(middle, 1)
    else first = found
  }
  return first
}
