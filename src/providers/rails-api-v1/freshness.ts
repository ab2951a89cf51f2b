import type { Freshness } from '../../http/rest.js'
import { toUser } from './map/account.js'

const MINUTE = 60

/**
 * How long the profile of the login's owner may be cached; nobody else's is. Rails sends
 * `max-age=0, must-revalidate` and a weak ETag with every response, so its header says nothing of
 * this one: it is used for these minutes, then revalidated by its ETag.
 */
export const userFreshness = (userId: string | undefined): Freshness => ({
  noun: 'profile',
  seconds: ({ body }) => {
    const user = toUser(body)
    return user && (userId === undefined || user.userId === userId) ? 5 * MINUTE : 0
  },
})
