import { ForwardingCondition, type ForwardingRule } from '../../../model/extension.js'
import { flag, received, text, word } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireProfile } from '../wire.js'
import type { Reference } from '../../../model/reference.js'
import { externalOf, forwardTo } from './endpoints.js'

/**
 * Maps the active profile of `/profiles?userId=`. It has no condition; but with a profile without a
 * device nothing can ring first.
 */
export function toForwardingRules(account: AccountFacts, profiles: readonly unknown[]): ForwardingRule[] {
  return profiles.flatMap((value) => {
    const profile = received<WireProfile>(value)
    const params = received<WireProfile['params']>(profile?.params)
    const kind = text(params?.fwd)
    if (
      !params ||
      flag(profile?.active) !== true ||
      flag(params.hasForward) === false ||
      kind === null ||
      word(kind) === 'NONE'
    )
      return []
    const number = text(params.fwdNum)
    return [
      {
        condition: flag(params.hasDevice) === false ? ForwardingCondition.ALWAYS : ForwardingCondition.UNKNOWN,
        destinationRef: number
          ? toDestination(kind, number, account)
          : ({ kind: 'Unresolved', nativeType: kind, nativeId: null, rawNumber: null, reason: 'NOT_FOUND' } as const),
        accountKey: account.key,
      },
    ]
  })
}

/** How many of the profiles cannot be read: each may be the active one, or its forwarding. */
export const unreadableProfiles = (profiles: readonly unknown[]): number =>
  profiles.filter((value) => {
    const profile = received<WireProfile>(value)
    const active = flag(profile?.active)
    return active === null || (active && received(profile?.params) === null)
  }).length

/** A mobile phone is outside, however short its number is. */
const toDestination = (kind: string, number: string, account: AccountFacts): Reference =>
  kind === 'mymobile' ? externalOf(number, account) : forwardTo(number, account)
