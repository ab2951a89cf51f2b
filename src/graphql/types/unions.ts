import { createUnionType } from 'type-graphql'

import type { Destination } from '../../loaders/edges/destination.js'
import { AutoAttendant } from '../../model/auto-attendant.js'
import { ExternalNumber, UnresolvedDestination, VoicemailBox } from '../../model/destination.js'
import { Did } from '../../model/did.js'
import { Extension } from '../../model/extension.js'
import { Group } from '../../model/group.js'

/** Every model object says what it is, so no union has to find out. */
const resolveType = (value: { readonly __typename: string }) => value.__typename

type Known<Name extends Destination['__typename']> = Extract<Destination, { readonly __typename: Name }>

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
export type GroupMember = Known<'Extension' | 'ExternalNumber' | 'UnresolvedDestination'>

/** A call that is sent to a public number of ours goes where any public number is: there it begins anew. */
export function asRoutingDestination(destination: Destination): RoutingDestination {
  return destination.__typename === 'Did' ? publicNumber(destination) : destination
}

/** An end of a call that cannot be found is no end anyone could show. */
export function asCallEndpoint(destination: Destination): CallEndpoint | null {
  return destination.__typename === 'UnresolvedDestination' ? null : destination
}

/** Groups within groups, menus and mailboxes are no members anyone could call by themselves. */
export function asGroupMember(destination: Destination): GroupMember {
  switch (destination.__typename) {
    case 'Extension':
    case 'ExternalNumber':
    case 'UnresolvedDestination':
      return destination
    case 'Did':
      return publicNumber(destination)
    case 'Group':
      return unknownMember(destination.__typename, destination.providerResourceId, destination.internalNumber ?? null)
    case 'AutoAttendant':
      return unknownMember(destination.__typename, destination.providerResourceId, destination.number)
    case 'VoicemailBox':
      return unknownMember(destination.__typename, null, destination.number)
  }
}

const publicNumber = ({ number, rawNumber }: Did): ExternalNumber => ({
  __typename: 'ExternalNumber',
  number,
  rawNumber,
})

const unknownMember = (
  nativeType: string,
  nativeId: string | null,
  rawNumber: string | null,
): UnresolvedDestination => ({
  __typename: 'UnresolvedDestination',
  nativeType,
  nativeId,
  rawNumber,
  reason: 'UNKNOWN_TYPE',
})
