import { Bulkhead } from '../../bulkhead.js'
import type { JoinedAccount } from '../accounts/connect-account.js'

/** What became of a delivery. `duplicate`: everything in it was known. */
export type DeliveryResult = 'accepted' | 'duplicate' | 'refused' | 'unknown'

/** What was delivered for one account since the start of this process. */
export interface AccountDeliveries {
  readonly counts: Record<DeliveryResult, number>
  /** Wall-clock ms at which a delivery with the right password came last; null: never. */
  lastReceivedAt: number | null
  /** Bounds the deliveries that are being stored: they share the store's connections with queries. */
  readonly storing: Bulkhead
}

/** Of one account: few, as each may hold a connection of the store. */
const AT_ONCE = 4
/** Some seconds of a busy switchboard. */
const WAITING = 60

/** The deliveries of each account, for as long as the account is served. */
export function deliveriesByAccount(): (account: Pick<JoinedAccount, 'login'>) => AccountDeliveries {
  // By login, which is made once: an account that is linked anew begins at zero.
  const known = new WeakMap<object, AccountDeliveries>()
  return ({ login }) => {
    const deliveries = known.get(login) ?? {
      counts: { accepted: 0, duplicate: 0, refused: 0, unknown: 0 },
      lastReceivedAt: null,
      storing: new Bulkhead(AT_ONCE, WAITING),
    }
    known.set(login, deliveries)
    return deliveries
  }
}
