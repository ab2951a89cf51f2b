import { CallDirection, type CallParty, type CallRecord } from '../../../model/call-record.js'
import { toE164 } from '../../../model/values/phone-number.js'
import type { Reference } from '../../../model/reference.js'
import type { AccountFacts } from '../../provider.js'
import { didOf, dialled } from './endpoints.js'

type Home = Pick<AccountFacts, 'key' | 'country'>

/** What is told of the two sides of a call. */
interface ToldSides {
  readonly direction: CallDirection
  readonly src: string | null
  /** The name shown with `src`. */
  readonly name: string | null
  readonly dst: string | null
  /** Whether a phone that took part has this number. */
  readonly isPhone: (number: string) => boolean
}

/** Both sides of a call, and our number in it. */
export const partiesOf = (
  { direction, src, name, dst, isPhone }: ToldSides,
  account: Home,
): Pick<CallRecord, 'caller' | 'callee' | 'didRef'> => ({
  caller: toParty(src, name, isInside(direction, 'caller'), account),
  callee: toParty(dst, null, isInside(direction, 'callee'), account),
  didRef: ourNumber(direction, src, dst, isPhone, account),
})

function toParty(rawNumber: string | null, displayName: string | null, inside: boolean, account: Home): CallParty {
  const number = toE164(rawNumber, account.country)
  return { number, rawNumber, displayName, endpointRef: endpoint(rawNumber, number, inside), accountKey: account.key }
}

/**
 * For an internal party, a number that is not public is an extension, and so is one that the list
 * of extensions has; for an outside one it is a short code or unknown.
 */
function endpoint(rawNumber: string | null, number: string | null, inside: boolean): Reference | null {
  if (rawNumber === null) return null
  const line = inside && dialled(rawNumber) !== null ? ({ kind: 'Extension', number: rawNumber } as const) : null
  if (number !== null) return { kind: 'Did', number, rawNumber, ...(line && { otherwise: line }) }
  return line
}

function isInside(direction: CallDirection, side: 'caller' | 'callee'): boolean {
  if (direction === CallDirection.INTERNAL) return true
  return direction === (side === 'caller' ? CallDirection.OUTBOUND : CallDirection.INBOUND)
}

/**
 * Our number in the call. An incoming call that has the internal number of a phone was dialled
 * otherwise, and nothing tells how.
 */
function ourNumber(
  direction: CallDirection,
  src: string | null,
  dst: string | null,
  isPhone: ToldSides['isPhone'],
  account: Home,
): Reference | null {
  if (direction === CallDirection.OUTBOUND) {
    const shown = dialled(src)
    return shown === null ? null : didOf(shown, account)
  }
  const number = direction === CallDirection.INBOUND ? dialled(dst) : null
  if (number === null || (toE164(number, account.country) === null && isPhone(number))) return null
  return didOf(number, account)
}
