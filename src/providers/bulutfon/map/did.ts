import { DidStatus, type Did } from '../../../model/did.js'
import { globalId } from '../../../model/id.js'
import type { Reference } from '../../../model/reference.js'
import { flag, received, text, word, type Received } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireDid } from '../wire.js'
import { NO_HOURS } from './business-hours.js'
import { publicNumber, targetOf } from './phone.js'

/** NTS is number portability (numara taşıma). */
export const DID_STATUS: Readonly<Record<string, DidStatus>> = {
  CONFIRMED: DidStatus.ACTIVE,
  DRAFT: DidStatus.PENDING,
  'IN-PROGRESS': DidStatus.PENDING,
  'NTS-DRAFT': DidStatus.PORTING,
  'NTS-IN-PROGRESS': DidStatus.PORTING,
  CANCELED: DidStatus.CANCELLED,
  'NTS-CANCEL': DidStatus.CANCELLED,
  TERMINATED: DidStatus.TERMINATED,
}

/** Maps one row of `/dids`; null when it has no id or no number. */
export function toDid(account: AccountFacts, row: unknown, fetchedAt: string): Did | null {
  const wire = received<WireDid>(row)
  const id = text(wire?.id)
  const rawNumber = text(wire?.number)
  if (!wire || id === null || rawNumber === null) return null
  const nativeStatus = text(wire.state)
  return {
    __typename: 'Did',
    id: globalId('Did', account.key, id),
    accountKey: account.key,
    providerResourceId: id,
    fetchedAt,
    payload: row,
    number: publicNumber(rawNumber, account.country),
    rawNumber,
    status: DID_STATUS[word(wire.state) ?? ''] ?? DidStatus.UNKNOWN,
    nativeStatus,
    destinationRef: destination(wire, account),
    hours: hoursOfList(wire),
  }
}

function destination(wire: Received<WireDid>, account: AccountFacts): Reference | null {
  if (wire.destination_type !== undefined) {
    return text(wire.destination_type) === null
      ? null
      : targetOf({ type: wire.destination_type, id: wire.destination_id, number: wire.destination_number }, account)
  }
  const words = text(wire.destination)
  if (words === null) return null
  const [, number = null, type = words] = /^\s*(\S+) - (.+?)\s*$/.exec(words) ?? []
  return targetOf({ type, number }, account)
}

/**
 * `undefined` (the detail has it) only for numbers with business hours: the list says which have
 * none.
 */
function hoursOfList(wire: Received<WireDid>): Did['hours'] {
  switch (flag(wire.working_hour)) {
    case true:
      return undefined
    case false:
      return NO_HOURS
    case null:
      return null
  }
}
