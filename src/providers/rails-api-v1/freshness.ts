import type { Freshness } from '../../http/rest.js'
import { toUser } from './map/account.js'

const MINUTE = 60

/**
 * How long the owner of a login may stand as it was read; nobody else does. Rails sends `max-age=0, must-revalidate` and a weak ETag with
 * every answer of every application, so its word says nothing of this one: for these minutes it is not asked, then with the ETag.
 */
export const userFreshness = (userId: string | undefined): Freshness => ({
  noun: 'profile',
  seconds: ({ body }) => {
    const user = toUser(body)
    return user && (userId === undefined || user.userId === userId) ? 5 * MINUTE : 0
  },
})
