import { DidStatus, type Did } from '../../model/did.js'
import { RegistrationStatus, type Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { InDetail } from '../../model/in-detail.js'
import { refersTo, type Participants } from '../calls/participants.js'

/** What is shown of the objects of one kind, in lists and in their details. */
export interface Shown<T> {
  /** The item itself where all of it is shown. */
  readonly item: (item: T) => T
  /** Of the detail of an item that is not shown whole. */
  readonly detail: (detail: Partial<T>) => Partial<T>
}

/** The extension with this number whole; of others number and name. */
export const extensionShown = (number: string): Shown<Extension> => ({
  item: (extension) =>
    extension.number === number
      ? extension
      : {
          ...named(extension),
          number: extension.number,
          displayName: extension.displayName,
          email: null,
          registration: RegistrationStatus.UNKNOWN,
          callerIdRef: null,
          voicemail: null,
          forwardingRules: null,
          permissions: null,
          groupIds: [],
          didIds: [],
        },
  detail: () => ({}),
})

/** Of every group kind, number and name; of its members this one alone. */
export function groupShown(own: Participants): Shown<Group> {
  const ownOf = (memberships: Group['memberships']): Group['memberships'] =>
    memberships?.filter(({ member }) => refersTo(member, 'Extension', own)) ?? (memberships as null | undefined)
  return {
    item: (group) => ({
      ...named(group),
      kind: group.kind,
      name: group.name,
      ringTimeoutSeconds: null,
      internalNumber: group.internalNumber,
      memberships: ownOf(group.memberships),
      countedMembers: null,
      ...(group.leftOut && { leftOut: group.leftOut }),
    }),
    detail: ({ internalNumber, memberships, leftOut }) => ({
      ...(leftOut && { leftOut }),
      ...(internalNumber !== undefined && { internalNumber }),
      ...(memberships !== undefined && { memberships: ownOf(memberships) }),
    }),
  }
}

/**
 * The numbers of `line` whole; of others the number, and the menu it leads to: menus are listed
 * nowhere else.
 */
export const didShown = (line: Extension | null, own: Participants): Shown<Did> => ({
  item: (did) =>
    refersTo(did.destinationRef, 'Extension', own) || line?.didIds?.includes(did.providerResourceId)
      ? did
      : {
          ...named(did),
          number: did.number,
          rawNumber: did.rawNumber,
          status: DidStatus.UNKNOWN,
          nativeStatus: null,
          destinationRef: did.destinationRef?.kind === 'AutoAttendant' ? did.destinationRef : null,
          hours: null satisfies InDetail<unknown>,
        },
  detail: () => ({}),
})

/** What tells one object from another; without the provider's payload. */
const named = <T extends Extension | Group | Did>({
  __typename,
  id,
  accountKey,
  providerResourceId,
  fetchedAt,
}: T): Pick<T, '__typename' | 'id' | 'accountKey' | 'providerResourceId' | 'fetchedAt'> & { payload: null } => ({
  __typename,
  id,
  accountKey,
  providerResourceId,
  fetchedAt,
  payload: null,
})
