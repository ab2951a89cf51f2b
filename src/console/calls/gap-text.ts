import type { Formats } from '../words/formats.js'
import { dayIn } from '../words/zone-days.js'
import type { Gap } from './missing-parts.js'
import type { words } from './words.js'

/** What time is missing, on the clocks of its account. */
export function gapText(
  { from, until }: Gap,
  timeZone: string,
  said: (typeof words)['en'],
  { moment, clock }: Pick<Formats, 'moment' | 'clock'>,
): string {
  if (from === null && until === null) return said.missingAll
  if (until === null) return said.missingFrom(moment(from!, timeZone))
  if (from === null) return said.missingUntil(moment(until, timeZone))
  const isOneDay = dayIn(from, timeZone) === dayIn(until, timeZone)
  return said.missingTime(moment(from, timeZone), isOneDay ? clock(until, timeZone) : moment(until, timeZone))
}
