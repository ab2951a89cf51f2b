import type { Freshness } from '../../http/rest.js'
import { list, received } from '../../model/wire-value.js'
import { callCacheSeconds } from '../settled-call.js'
import { readRow } from './call-rows.js'

const MINUTE = 60

/**
 * How long IPEX's answers may stand, by what is in them; none that is no list where it should be. The API gives no validators: what is
 * too old is read anew.
 */
export const FRESHNESS = {
  person: { noun: 'profile', seconds: 5 * MINUTE } satisfies Freshness,
  /** Numbers and their owners change by a person's hand; registrations are in none of these lists. */
  numbers: listed('numbers', 5 * MINUTE),
  users: listed('users', 5 * MINUTE),
  /** Agents join and leave queues in the course of a day. */
  members: listed('groups', MINUTE),
  destinations: listed('groupNumbers', 5 * MINUTE),
  /** Forwarding is switched at the telephone itself. */
  profiles: listed('forwarding', MINUTE),
  /** Rows of a call come one after the other while it lasts, so no range of the log is ever kept. */
  calls: { noun: 'callRecords', seconds: 0 } satisfies Freshness,
}

/** All rows of one call: once the last has long ended there will be no more. */
export const rowsFreshness = (timeZone: string): Freshness => ({
  noun: 'callRecord',
  seconds: ({ body, receivedAt }) => {
    const items = list(received<{ items: unknown }>(body)?.items) ?? []
    const rows = items.map((item) => readRow(item, timeZone, receivedAt))
    const areRead = rows.length > 0 && rows.every((row) => row !== null)
    return areRead ? callCacheSeconds(Math.max(...rows.map(({ endedAt }) => endedAt)), receivedAt) : 0
  },
})

/** What happened in a call that ended at this moment, ISO UTC; null while nobody knows. */
export const eventsFreshness = (endedAt: string | null): Freshness => ({
  noun: 'callEvents',
  seconds: ({ body, receivedAt }) =>
    list(body) && endedAt !== null ? callCacheSeconds(Date.parse(endedAt), receivedAt) : 0,
})

function listed(noun: string, seconds: number): Freshness {
  return { noun, seconds: ({ body }) => (list(body) ? seconds : 0) }
}
