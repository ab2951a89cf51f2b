import type { Freshness } from '../../http/rest.js'
import { list, received } from '../../model/wire-value.js'
import { toBalance } from './map/account.js'

const MINUTE = 60

/** Lists are filled by people, and count their valid addresses. The API gives no validators: what is too old is read anew. */
export const CONTACT_LISTS: Freshness = {
  noun: 'groups',
  seconds: ({ body }) => (list(received<{ results: unknown }>(body)?.results) ? 2 * MINUTE : 0),
}

/** Lessened by every message that is sent. Refusals come as answers here, and are not kept. */
export const balanceFreshness = (successCodes: readonly number[]): Freshness => ({
  noun: 'messageCredits',
  seconds: ({ body }) => {
    const { code } = toBalance(body)
    return code !== null && successCodes.includes(code) ? MINUTE : 0
  },
})
