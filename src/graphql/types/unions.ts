import { createUnionType } from 'type-graphql'

import type { Destination } from '../../loaders/edges/destination.js'
import { AutoAttendant } from '../../model/auto-attendant.js'
import { ExternalNumber, UnresolvedDestination, VoicemailBox } from '../../model/destination.js'
import { Did } from '../../model/did.js'
import { Extension } from '../../model/extension.js'
import { Group } from '../../model/group.js'
import { labelOf } from '../label.js'

/** Every model object has a `__typename`. */
const resolveType = (value: { readonly __typename: string }) => value.__typename

type Resolved<Name extends Destination['__typename']> = Extract<Destination, { readonly __typename: Name }>

export const RoutingDestination = createUnionType({
  name: 'RoutingDestination',
  description: 'Every place a call can be sent.',
  types: () => [Extension, Group, AutoAttendant, VoicemailBox, ExternalNumber, UnresolvedDestination] as const,
  resolveType,
})
export type RoutingDestination = Exclude<Destination, Did>

export const CallEndpoint = createUnionType({
  name: 'CallEndpoint',
  description: 'What can be at one end of a call.',
  types: () => [Extension, Group, Did, AutoAttendant, VoicemailBox, ExternalNumber] as const,
  resolveType,
})
export type CallEndpoint = Exclude<Destination, UnresolvedDestination>

export const GroupMember = createUnionType({
  name: 'GroupMember',
  description: 'What can be a member of a group.',
  types: () => [Extension, ExternalNumber, UnresolvedDestination] as const,
  resolveType,
})
export type GroupMember = Resolved<'Extension' | 'ExternalNumber' | 'UnresolvedDestination'>

/**
 * A call sent to one of our own public numbers leaves like a call to any other and comes in as a
 * new one.
 */
export function asRoutingDestination(destination: Destination): RoutingDestination {
  return destination.__typename === 'Did' ? externalNumber(destination) : destination
}

/**
 * Groups within groups, menus and mailboxes cannot be called as members: they are shown as
 * unresolved.
 */
export function asGroupMember(destination: Destination): GroupMember {
  switch (destination.__typename) {
    case 'Extension':
    case 'ExternalNumber':
    case 'UnresolvedDestination':
      return destination
    case 'Did':
      return externalNumber(destination)
    case 'Group':
      return unresolvedMember(destination, destination.providerResourceId, destination.internalNumber ?? null)
    case 'AutoAttendant':
      return unresolvedMember(destination, destination.providerResourceId, destination.number)
    case 'VoicemailBox':
      return unresolvedMember(destination, null, destination.number)
  }
}

const externalNumber = ({ number, rawNumber }: Did): ExternalNumber => ({
  __typename: 'ExternalNumber',
  number,
  rawNumber,
})

const unresolvedMember = (
  destination: Resolved<'Group' | 'AutoAttendant' | 'VoicemailBox'>,
  nativeId: string | null,
  rawNumber: string | null,
): UnresolvedDestination => ({
  __typename: 'UnresolvedDestination',
  nativeName: labelOf(destination),
  nativeType: destination.__typename,
  nativeId,
  rawNumber,
  reason: 'UNKNOWN_TYPE',
})
