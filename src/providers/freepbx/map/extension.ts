import { ForwardingCondition, received, RegistrationStatus, resource, text, toE164 } from '../../../provider.js'
import type { AccountFacts, Extension, ForwardingRule, Received } from '../../../provider.js'
import type { WireUser, WireUserDetail } from '../questions.js'
import { fallbackOf, type Home } from './destination.js'
import { payloadOf } from './payload.js'

/** A user with its number; null without one. */
export function toExtension(account: AccountFacts, value: unknown, fetchedAt: string): Extension | null {
  const wire: WireUser | null = received(value)
  const number = text(wire?.extension)
  if (wire === null || number === null) return null
  const mailbox = text(wire.voicemail)
  return {
    ...resource('Extension', account, number, payloadOf(value), fetchedAt),
    number,
    displayName: text(wire.name),
    email: null,
    registration: RegistrationStatus.UNKNOWN,
    callerIdRef: undefined,
    voicemail: mailbox !== null && mailbox.toLowerCase() !== 'novm',
    forwardingRules: undefined,
    permissions: null,
    groupIds: undefined,
    didIds: undefined,
  }
}

const FALLBACKS = [
  ['noanswerDestination', ForwardingCondition.NO_ANSWER],
  ['busyDestination', ForwardingCondition.BUSY],
  ['chanunavailDestination', ForwardingCondition.UNREACHABLE],
] as const

/** What the costly list has besides; `user` is null for a phone that nobody is logged in to. */
export function toExtensionDetail(
  account: Home,
  user: Received<WireUserDetail> | null,
): Pick<Extension, 'callerIdRef' | 'forwardingRules'> {
  if (user === null) return { callerIdRef: null, forwardingRules: null }
  const number = callerIdNumber(text(user.outboundCid))
  const forwardingRules = FALLBACKS.flatMap(([field, condition]): ForwardingRule[] => {
    const destination = text(user[field])
    return destination === null ? [] : [{ condition, destinationRef: fallbackOf(destination), accountKey: account.key }]
  })
  return {
    callerIdRef: number === null ? null : { kind: 'Did', number: toE164(number, account.country), rawNumber: number },
    forwardingRules,
  }
}

/** The number of `"Name" <902120000001>`, or of digits alone. */
function callerIdNumber(written: string | null): string | null {
  const [, bracketed] = /<([^<>]*)>\s*$/.exec(written ?? '') ?? []
  const number = bracketed ?? written ?? ''
  return /^\+?[\d\s()-]{3,}$/.test(number) ? number : null
}
