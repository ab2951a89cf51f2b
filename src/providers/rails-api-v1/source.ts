import type { Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import { badResponse } from '../bad-response.js'
import { reportRecordDrift, type ReportsDrift } from '../drift.js'
import type { Source } from '../provider.js'
import { RECORD_RULES } from './record-rules.js'
import { userFreshness } from './freshness.js'
import { toUser } from './map/account.js'

/** The server returns the token's owner for any id, so any word will do when the login has none. */
const OWNER = 'me'

/** The whole API as far as it matters here: the profile of the login's owner. */
export const railsApiV1Source = (rest: Rest, url: string, account: ReportsDrift = {}): Source => ({
  async profile() {
    const { userId } = await rest.identity()
    const { body } = await rest.get(
      `${url}/api/v1/users/${pathSegment(userId ?? OWNER) ?? OWNER}`,
      {},
      { freshness: userFreshness(userId) },
    )
    reportRecordDrift(account, 'AccountProfile', RECORD_RULES.AccountProfile, body)
    const user = toUser(body)
    if (!user) throw badResponse('Rails API v1 answered a user in a shape that cannot be read', 'WRONG_SHAPE')
    // Nothing in the request selects this user, so the response is checked.
    if (userId !== undefined && user.userId !== userId)
      throw badResponse('Rails API v1 answered another user than the one who logged in', 'WRONG_USER')
    return user.profile
  },
})
