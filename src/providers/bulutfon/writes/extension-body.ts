import { invalid, notFound } from '../../write-problems.js'
import { FORWARDING_TARGETS, namedObject, targetField, targetIn } from '../../write-targets.js'
import type { ExtensionInput, ForwardingInput, NamedObjects, ReadyInput, WriteProblem } from '../../writes.js'
import { toDigits } from '../map/phone.js'
import type { WireExtensionBody, WireRedirection } from '../wire.js'

/** A body, as far as there are no problems with it. */
export interface Draft<Body> {
  readonly body: Body
  readonly problems: readonly WriteProblem[]
}

/** The body of a new extension: without a word about forwarding it has none, which must be said. */
export function newExtensionBody({ input, named }: ReadyInput<ExtensionInput>): Draft<WireExtensionBody> {
  const { body, problems } = changedExtensionBody({
    input: { ...input, forwarding: input.forwarding ?? [] },
    named,
  })
  return { body: { ...body, ...(input.number != null && { number: input.number }) }, problems }
}

/** The body of a change: only what was said, and never the number, which stays. */
export function changedExtensionBody({ input, named }: ReadyInput<ExtensionInput>): Draft<WireExtensionBody> {
  const { displayName, email, callerIdDidId, voicemailEnabled, forwarding, callPermissions } = input
  const did = namedObject(named, callerIdDidId, 'Did')
  const redirection = forwarding === undefined ? null : redirectionOf(forwarding?.[0], named)
  return {
    body: {
      ...(displayName != null && { full_name: displayName }),
      ...(email != null && { email }),
      ...(did && { did: toDigits(did.rawNumber) }),
      ...(voicemailEnabled != null && { voicemail: voicemailEnabled }),
      ...redirection?.body,
      ...(callPermissions !== undefined && { acl: callPermissions ?? [] }),
    },
    problems: [
      ...(callerIdDidId != null && did === null ? [notFound(['callerIdDidId'])] : []),
      ...(redirection?.problems ?? []),
    ],
  }
}

const TYPES = { Extension: 'EXTENSION', Group: 'GROUP', AutoAttendant: 'AUTOATTENDANT' } as const

function redirectionOf(rule: ForwardingInput | undefined, named: NamedObjects): Draft<WireRedirection> {
  if (!rule) return { body: { redirection_type: 'NONE' }, problems: [] }
  const redirection_type = rule.condition
  const target = targetIn(rule, FORWARDING_TARGETS, named)
  if (target?.kind === 'ExternalNumber') {
    const external_number = toDigits(target.number)
    return { body: { redirection_type, destination_type: 'EXTERNAL', external_number }, problems: [] }
  }
  const destination_number = target && internalNumber(target.object)
  if (target && destination_number != null)
    return { body: { redirection_type, destination_type: TYPES[target.kind], destination_number }, problems: [] }
  const path = ['forwarding', '0']
  return {
    body: { redirection_type },
    problems: [
      target
        ? invalid([...path, target.field], 'It has no internal number, and Bulutfon forwards to numbers.')
        : notFound([...path, targetField(rule, FORWARDING_TARGETS) ?? 'condition']),
    ],
  }
}

type Internal = { readonly number: string | null } | { readonly internalNumber: string | null | undefined }

/** The number that reaches it from inside; null where it has none. */
export const internalNumber = (object: Internal): string | null =>
  ('internalNumber' in object ? object.internalNumber : object.number) ?? null
