import type { Freshness } from '../../http/rest.js'
import { list, received } from '../../model/values/wire-value.js'
import { toBalance } from './map/account.js'

const MINUTE = 60

/**
 * Changed by people; with the count of valid addresses. The API has no validators (ETag): stale
 * responses are read again.
 */
export const CONTACT_LISTS: Freshness = {
  noun: 'groups',
  seconds: ({ body }) => (list(received<{ results: unknown }>(body)?.results) ? 2 * MINUTE : 0),
}

/** Reduced by every message sent. Refusals have status 200 here, and are not cached. */
export const balanceFreshness = (successCodes: readonly number[]): Freshness => ({
  noun: 'messageCredits',
  seconds: ({ body }) => {
    const { code } = toBalance(body)
    return code !== null && successCodes.includes(code) ? MINUTE : 0
  },
})
