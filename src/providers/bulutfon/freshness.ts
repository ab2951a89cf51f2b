import type { Freshness } from '../../http/rest.js'
import { toInstant } from '../../model/date-time.js'
import { received, text } from '../../model/wire-value.js'
import { callCacheSeconds } from '../settled-call.js'
import type { WireCall } from './wire.js'

const MINUTE = 60

/**
 * How long Bulutfon's answers may stand, by what is in them; none that lacks what it should hold. The API gives no validators: what is
 * too old is read anew.
 */
export const FRESHNESS = {
  /** Holds the credit, which every call lessens. */
  me: holding('user', 'profile', 2 * MINUTE),
  /** Bought, and pointed elsewhere, by a person in the panel. */
  dids: holding('dids', 'dids', 5 * MINUTE),
  did: holding('did', 'did', 5 * MINUTE),
  /** Says of each telephone whether it is registered at this moment. */
  extensions: holding('extensions', 'extensions', 10),
  /** Forwarding is switched at the telephone itself. */
  extension: holding('extension', 'extension', MINUTE),
  groups: holding('groups', 'groups', 5 * MINUTE),
  group: holding('group', 'group', 5 * MINUTE),
  /**
   * What a call log begins with when it is opened, for as long as many who look at it together may see the same. Whoever reads on from
   * there asks for the pages after it, and a page may be older than those after it, see `readInOrder`.
   */
  firstCalls: holding('cdrs', 'callRecords', 5),
  /** Pages are cut from a table that grows: with the next call the same page is another one, so no other is ever kept. */
  calls: { noun: 'callRecords', seconds: 0 } satisfies Freshness,
}

/** A call that is over does not change any more, but that its recording may be removed. */
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
