import { CallDirection, type CallParty, type CallRecord } from '../../../model/call-record.js'
import type { Reference } from '../../../model/reference.js'
import type { AccountFacts } from '../../provider.js'
import { internalTarget, isInternal, lineTarget, publicNumber } from './phone.js'

type Home = Pick<AccountFacts, 'key' | 'country'>

/** Both sides of a call and our number in it; null: the number was not told. */
export function partiesOf(
  direction: CallDirection,
  from: string | null,
  to: string | null,
  account: Home,
): Pick<CallRecord, 'caller' | 'callee' | 'didRef'> {
  const fromInside = direction !== CallDirection.INBOUND && direction !== CallDirection.UNKNOWN
  const toInside = direction !== CallDirection.OUTBOUND && direction !== CallDirection.UNKNOWN
  const caller = toParty(from, fromInside ? direction : null, account)
  const callee = toParty(to, toInside ? direction : null, account)
  return { caller, callee, didRef: ourNumber(direction, caller, callee) }
}

/**
 * An internal party's short number is an extension, a group or a menu; an outside party's is a
 * short code such as 112, and stays raw.
 */
function toParty(rawNumber: string | null, inside: CallDirection | null, account: Home): CallParty {
  const number = publicNumber(rawNumber, account.country)
  return {
    number,
    rawNumber,
    displayName: null,
    endpointRef: inside && rawNumber !== null ? endpoint(rawNumber, number, inside) : null,
    accountKey: account.key,
  }
}

/** Between two lines even what could be a public number may be an extension. */
function endpoint(rawNumber: string, number: string | null, direction: CallDirection): Reference | null {
  const line = direction === CallDirection.INTERNAL ? lineTarget(rawNumber) : internalTarget(rawNumber)
  if (number === null) return line
  return direction === CallDirection.INTERNAL && line
    ? { kind: 'Did', number, rawNumber, otherwise: line }
    : { kind: 'Did', number, rawNumber }
}

/**
 * `extension` is not used: documented as the calling line, it holds the outgoing number in every
 * sample.
 */
function ourNumber(direction: CallDirection, caller: CallParty, callee: CallParty): Reference | null {
  if (direction !== CallDirection.INBOUND && direction !== CallDirection.OUTBOUND) return null
  const { rawNumber, number } = direction === CallDirection.INBOUND ? callee : caller
  return rawNumber === null || isInternal(rawNumber) ? null : { kind: 'Did', number, rawNumber }
}
