import {
  ForwardingCondition,
  RegistrationStatus,
  type Extension,
  type ForwardingRule,
} from '../../../model/extension.js'
import { globalId } from '../../../model/id.js'
import { flag, list, received, text, word, type Received } from '../../../model/values/wire-value.js'
import { leavingOut } from '../../left-out.js'
import type { AccountFacts } from '../../provider.js'
import type { WireExtension } from '../wire.js'
import { didOf, targetOf } from './phone.js'

/** Maps one row of `/extensions`; null when it has no id or no number. */
export function toExtension(account: AccountFacts, row: unknown, fetchedAt: string): Extension | null {
  const wire = received<WireExtension>(row)
  const id = text(wire?.id)
  const number = text(wire?.number)
  if (!wire || id === null || number === null) return null
  const registered = flag(wire.registered)
  return {
    __typename: 'Extension',
    id: globalId('Extension', account.key, id),
    accountKey: account.key,
    providerResourceId: id,
    fetchedAt,
    payload: row,
    number,
    displayName: text(wire.caller_name),
    email: text(wire.email),
    registration:
      registered === null
        ? RegistrationStatus.UNKNOWN
        : registered
          ? RegistrationStatus.REGISTERED
          : RegistrationStatus.UNREGISTERED,
    callerIdRef: undefined,
    voicemail: undefined,
    forwardingRules: undefined,
    permissions: undefined,
    groupIds: undefined,
    didIds: undefined,
  }
}

export type ExtensionDetail = Pick<
  Extension,
  'callerIdRef' | 'voicemail' | 'forwardingRules' | 'permissions' | 'leftOut'
>

/** The fields that only `/extensions/:id` has; null for keys it leaves out. */
export function toExtensionDetail(account: AccountFacts, row: unknown): ExtensionDetail {
  const wire: Received<WireExtension> = received(row) ?? {}
  const did = text(wire.did)
  const acl = list(wire.acl)
  const permissions = acl?.flatMap((word) => text(word) ?? []) ?? null
  return {
    callerIdRef: did === null ? null : didOf(did, account),
    voicemail: flag(wire.voice_mail),
    forwardingRules: forwarding(wire, account),
    permissions,
    ...leavingOut({ permissions: (acl?.length ?? 0) - (permissions?.length ?? 0) }),
  }
}

function forwarding(wire: Received<WireExtension>, account: AccountFacts): ForwardingRule[] | null {
  const type = word(wire.redirection_type)
  if (type === null) return null
  if (type === 'NONE') return []
  const condition =
    type === 'ALWAYS'
      ? ForwardingCondition.ALWAYS
      : type === 'UNREACHABLE'
        ? ForwardingCondition.UNREACHABLE
        : ForwardingCondition.UNKNOWN
  const target = { type: wire.destination_type, number: wire.destination_number, external: wire.external_number }
  return [{ condition, destinationRef: targetOf(target, account), accountKey: account.key }]
}
