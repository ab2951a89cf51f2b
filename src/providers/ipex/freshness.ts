import type { Freshness } from '../../http/rest.js'
import { list, received } from '../../model/values/wire-value.js'
import { callCacheSeconds } from '../settled-call.js'
import { readRow } from './call-rows.js'

const MINUTE = 60

/**
 * How long IPEX's responses may be cached, by their content; not at all when a list is missing. The
 * API has no validators (ETag): stale responses are read again.
 */
export const FRESHNESS = {
  person: { noun: 'profile', seconds: 5 * MINUTE } satisfies Freshness,
  /** Numbers and owners are changed by a person; none of these lists has registrations. */
  numbers: listed('numbers', 5 * MINUTE),
  users: listed('users', 5 * MINUTE),
  /** Agents join and leave queues during the day. */
  members: listed('groups', MINUTE),
  destinations: listed('groupNumbers', 5 * MINUTE),
  /** Forwarding is switched on the phone itself. */
  profiles: listed('forwarding', MINUTE),
  currentCalls: { noun: 'currentCalls', seconds: 0 } satisfies Freshness,
  /** The rows of a call appear one by one while it lasts, so no part of the log is cached. */
  calls: { noun: 'callRecords', seconds: 0 } satisfies Freshness,
}

/** Nouns of where a line forwards to: `Rest.write` makes them unread. */
export const FORWARDING_READ = ['forwarding']
/** The same for calls under way. */
export const CALLS = ['currentCalls']

/** All rows of one call: final once the call has been over for some time. */
export const rowsFreshness = (timeZone: string): Freshness => ({
  noun: 'callRecord',
  seconds: ({ body, receivedAt }) => {
    const items = list(received<{ items: unknown }>(body)?.items) ?? []
    const ends = items.map((item) => readRow(item, timeZone, receivedAt)?.endedAt ?? null)
    const areTold = ends.length > 0 && ends.every((end) => end !== null)
    return areTold ? callCacheSeconds(Math.max(...ends), receivedAt) : 0
  },
})

/** The events of a call that ended at this moment (ISO UTC); null while the end is unknown. */
export const eventsFreshness = (endedAt: string | null): Freshness => ({
  noun: 'callEvents',
  seconds: ({ body, receivedAt }) =>
    list(body) && endedAt !== null ? callCacheSeconds(Date.parse(endedAt), receivedAt) : 0,
})

function listed(noun: string, seconds: number): Freshness {
  return { noun, seconds: ({ body }) => (list(body) ? seconds : 0) }
}
