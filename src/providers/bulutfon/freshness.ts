import type { Freshness } from '../../http/rest.js'
import { toInstant } from '../../model/values/date-time.js'
import { received, text } from '../../model/values/wire-value.js'
import { callCacheSeconds } from '../settled-call.js'
import type { WireCall } from './wire.js'

const MINUTE = 60

/**
 * How long Bulutfon's responses may be cached, by their content; not at all when the expected key
 * is missing. The API has no validators (ETag): stale responses are read again.
 */
export const FRESHNESS = {
  /** Holds the credit, which every call reduces. */
  me: holding('user', 'profile', 2 * MINUTE),
  /** Changed by a person in the panel. */
  dids: holding('dids', 'dids', 5 * MINUTE),
  did: holding('did', 'did', 5 * MINUTE),
  /** Holds the current registration of each phone. */
  extensions: holding('extensions', 'extensions', 10),
  /** Forwarding is switched on the phone itself. */
  extension: holding('extension', 'extension', MINUTE),
  groups: holding('groups', 'groups', 5 * MINUTE),
  group: holding('group', 'group', 5 * MINUTE),
  /**
   * The first page of a newly opened call log, shared by readers who open it at the same time. They
   * read the following pages fresh, so this page may be older than those: see `readInOrder`.
   */
  firstCalls: holding('cdrs', 'callRecords', 5),
  /** Pages of a growing table: each new call changes every page, so none is cached. */
  calls: { noun: 'callRecords', seconds: 0 } satisfies Freshness,
}

/** Nouns of what names an extension or tells of its line: `Rest.write` makes them unread. */
export const LINES = ['extensions', 'extension', 'groups', 'group']
/** The same for calls under way; the log of calls is hardly kept. */
export const CALLS = ['callRecords']

/** A finished call does not change any more, except that its recording may be removed. */
export const callFreshness = (timeZone: string): Freshness => ({
  noun: 'callRecord',
  seconds: ({ body, receivedAt }) => {
    const call = received<WireCall>(received<{ cdr: unknown }>(body)?.cdr)
    const endedAt = toInstant(text(call?.hangup_time), timeZone)
    return callCacheSeconds(endedAt === null ? null : Date.parse(endedAt), receivedAt)
  },
})

function holding(key: string, noun: string, seconds: number): Freshness {
  return {
    noun,
    seconds: ({ body }) => (typeof received<Record<string, unknown>>(body)?.[key] === 'object' ? seconds : 0),
  }
}
