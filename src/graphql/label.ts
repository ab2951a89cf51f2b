import type { Destination } from '../loaders/edges/destination.js'
import type { CallParty } from '../model/call-record.js'

/** The label where the provider names nothing and nobody. */
const UNKNOWN = 'Unknown'
/** A mailbox without a number. */
const VOICEMAIL = 'Voicemail'

/**
 * What a person would call it; never empty. Made of what the list or the reference says, so it costs
 * no request and is the same by every way to the object. What only a detail or another list has is
 * left out: the number of a group, the name of the extension a mailbox belongs to.
 */
export function labelOf(object: Readonly<Destination>): string {
  switch (object.__typename) {
    case 'Extension':
      return firstOf(object.displayName, object.number, object.providerResourceId)
    case 'Group':
      return firstOf(object.name, object.internalNumber, object.providerResourceId)
    case 'AutoAttendant':
      return firstOf(object.name, object.number, object.providerResourceId)
    case 'Did':
    case 'ExternalNumber':
      return firstOf(object.number, object.rawNumber)
    case 'VoicemailBox':
      return firstOf(object.number, VOICEMAIL)
    case 'UnresolvedDestination':
      return firstOf(object.nativeName, object.rawNumber, object.nativeId, object.nativeType)
  }
}

/** Who is at one side of a call. The name of our own line is at `endpoint`, which reads a list. */
export const labelOfParty = ({ displayName, number, rawNumber }: Readonly<CallParty>): string =>
  firstOf(displayName, number, rawNumber)

/** The number of anything but a group, whose number some providers have only in the detail. */
export function displayNumberOf(object: Readonly<Exclude<Destination, { __typename: 'Group' }>>): string | null {
  switch (object.__typename) {
    case 'Did':
    case 'ExternalNumber':
      return object.number ?? object.rawNumber
    case 'UnresolvedDestination':
      return object.rawNumber
    default:
      return object.number
  }
}

const firstOf = (...texts: readonly (string | null | undefined)[]): string =>
  texts.find((text): text is string => text != null && text.trim() !== '') ?? UNKNOWN
