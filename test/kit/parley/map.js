// @ts-check
import {
  AccountStatus,
  CallDirection,
  CallDisposition,
  CallKind,
  decimal,
  DidStatus,
  flag,
  ForwardingCondition,
  globalId,
  GroupKind,
  HangupParty,
  integer,
  list,
  possibleTimes,
  received,
  RecordingStatus,
  RegistrationStatus,
  secondsBetween,
  text,
  toE164,
  toInstant,
} from 'dialgraph/provider'

/** @typedef {import('dialgraph/provider').AccountFacts} AccountFacts */

/** @param {unknown} record @returns {Readonly<Record<string, unknown>> | null} */
export const wireOf = (record) => received(record)

/**
 * What all objects have.
 *
 * @template {'Did' | 'Extension' | 'Group' | 'CallRecord'} Type
 * @param {Type} type @param {AccountFacts} account @param {string} id @param {unknown} payload @param {string} fetchedAt
 */
const resource = (type, account, id, payload, fetchedAt) => ({
  __typename: type,
  id: globalId(type, account.key, id),
  accountKey: account.key,
  providerResourceId: id,
  fetchedAt,
  payload,
})

/** @param {AccountFacts} account @param {unknown} body @returns {import('dialgraph/provider').AccountProfile | null} */
export function toProfile(account, body) {
  const wire = wireOf(body)
  const name = text(wire?.['company'])
  if (!wire || name === null) return null
  const credit = decimal(wire['credit'])
  return {
    name,
    email: text(wire['mail']),
    host: null,
    contactName: null,
    phone: null,
    role: null,
    status: AccountStatus.ACTIVE,
    nativeStatus: null,
    plan: null,
    customerType: null,
    balance: credit === null ? null : { amount: credit, currencyCode: text(wire['currency']) },
    messageCredits: null,
    createdAt: toInstant(text(wire['since']), account.timeZone),
    updatedAt: null,
  }
}

/** @type {Readonly<Record<string, DidStatus>>} */
const DID_STATES = { live: DidStatus.ACTIVE, ordered: DidStatus.PENDING, gone: DidStatus.CANCELLED }

/** @param {AccountFacts} account @param {unknown} record @param {string} fetchedAt @returns {import('dialgraph/provider').Did | null} */
export function toDid(account, record, fetchedAt) {
  const wire = wireOf(record)
  const [id, rawNumber] = [text(wire?.['id']), text(wire?.['number'])]
  if (!wire || id === null || rawNumber === null) return null
  const state = text(wire['state'])
  const route = wireOf(wire['route'])
  const target = text(route?.['id'])
  return {
    ...resource('Did', account, id, record, fetchedAt),
    number: toE164(rawNumber, account.country),
    rawNumber,
    status: DID_STATES[state ?? ''] ?? DidStatus.UNKNOWN,
    nativeStatus: state,
    destinationRef:
      target === null ? null : { kind: text(route?.['kind']) === 'team' ? 'Group' : 'Extension', id: target },
    hours: null,
  }
}

/** @param {AccountFacts} account @param {unknown} record @param {string} fetchedAt @returns {import('dialgraph/provider').Extension | null} */
export function toExtension(account, record, fetchedAt) {
  const wire = wireOf(record)
  const [id, number] = [text(wire?.['id']), text(wire?.['number'])]
  if (!wire || id === null || number === null) return null
  const online = flag(wire['online'])
  return {
    ...resource('Extension', account, id, record, fetchedAt),
    number,
    displayName: text(wire['person']),
    email: text(wire['mail']),
    registration:
      online === null
        ? RegistrationStatus.UNKNOWN
        : online
          ? RegistrationStatus.REGISTERED
          : RegistrationStatus.UNREGISTERED,
    callerIdRef: undefined,
    voicemail: undefined,
    forwardingRules: undefined,
    permissions: null,
    groupIds: undefined,
    didIds: undefined,
  }
}

/** @param {AccountFacts} account @param {unknown} body @returns {Partial<import('dialgraph/provider').Extension>} */
export function toSettings(account, body) {
  const wire = wireOf(body)
  const shown = text(wire?.['shows'])
  const forward = text(wire?.['forward'])
  return {
    callerIdRef: shown === null ? null : { kind: 'Did', number: toE164(shown, account.country), rawNumber: shown },
    voicemail: flag(wire?.['voicemail']),
    forwardingRules:
      forward === null
        ? []
        : [
            {
              condition: ForwardingCondition.ALWAYS,
              destinationRef: { kind: 'ExternalNumber', number: toE164(forward, account.country), rawNumber: forward },
              accountKey: account.key,
            },
          ],
  }
}

/** @param {AccountFacts} account @param {unknown} record @param {string} fetchedAt @returns {import('dialgraph/provider').Group | null} */
export function toGroup(account, record, fetchedAt) {
  const wire = wireOf(record)
  const [id, number] = [text(wire?.['id']), text(wire?.['number'])]
  const members = list(wire?.['members'])
  if (!wire || id === null) return null
  return {
    ...resource('Group', account, id, record, fetchedAt),
    kind: GroupKind.RING_GROUP,
    name: text(wire['title']),
    ringTimeoutSeconds: integer(wire['seconds']),
    internalNumber: number,
    memberships:
      members?.map((member, at) => ({
        member: { kind: 'Extension', id: text(member) },
        priority: at,
        delaySeconds: null,
      })) ?? null,
    countedMembers: members?.length ?? null,
  }
}

/** @type {Readonly<Record<string, CallDirection>>} */
const WAYS = { in: CallDirection.INBOUND, out: CallDirection.OUTBOUND, inside: CallDirection.INTERNAL }
/** @type {Readonly<Record<string, CallDisposition>>} */
const RESULTS = {
  answered: CallDisposition.ANSWERED,
  missed: CallDisposition.MISSED,
  busy: CallDisposition.BUSY,
  failed: CallDisposition.FAILED,
}

/** @param {unknown} way @returns {CallDirection} */
export const directionOf = (way) => WAYS[text(way) ?? ''] ?? CallDirection.UNKNOWN

/**
 * One side of a call: a phone of ours by its number, or somebody outside.
 *
 * @param {AccountFacts} account @param {unknown} value @param {boolean} isOurs
 * @returns {import('dialgraph/provider').CallParty}
 */
export function toParty(account, value, isOurs) {
  const rawNumber = text(value)
  return {
    number: isOurs ? null : toE164(rawNumber, account.country),
    rawNumber,
    displayName: null,
    endpointRef: isOurs && rawNumber !== null ? { kind: 'Extension', number: rawNumber } : null,
    accountKey: account.key,
  }
}

/** @param {AccountFacts} account @param {unknown} record @param {string} fetchedAt @returns {import('dialgraph/provider').CallRecord | null} */
export function toCall(account, record, fetchedAt) {
  const wire = wireOf(record)
  const id = text(wire?.['id'])
  const startedAt = toInstant(text(wire?.['began']), account.timeZone)
  if (!wire || id === null || startedAt === null) return null
  const { answeredAt, endedAt } = possibleTimes(startedAt, {
    answeredAt: toInstant(text(wire['answered']), account.timeZone),
    endedAt: toInstant(text(wire['over']), account.timeZone),
  })
  const direction = directionOf(wire['way'])
  const tape = text(wire['tape'])
  const did = text(wire['number'])
  const phone = text(wire['phone'])
  return {
    ...resource('CallRecord', account, id, record, fetchedAt),
    kind: CallKind.VOICE,
    direction,
    caller: toParty(account, wire['from'], direction !== CallDirection.INBOUND),
    callee: toParty(account, wire['to'], direction === CallDirection.INTERNAL),
    startedAt,
    answeredAt,
    endedAt,
    durationSeconds: secondsBetween(startedAt, endedAt),
    waitSeconds: secondsBetween(startedAt, answeredAt ?? endedAt),
    talkSeconds: secondsBetween(answeredAt, endedAt),
    disposition: RESULTS[text(wire['result']) ?? ''] ?? CallDisposition.UNKNOWN,
    nativeDisposition: text(wire['result']),
    nativeHangupCause: null,
    hangupParty: HangupParty.UNKNOWN,
    recordings:
      tape === null
        ? []
        : [
            {
              __typename: 'Recording',
              id: globalId('Recording', account.key, tape),
              accountKey: account.key,
              nativeName: tape,
              status: RecordingStatus.AVAILABLE,
              mimeType: 'audio/ogg',
            },
          ],
    cost: null,
    didRef: did === null ? null : { kind: 'Did', number: toE164(did, account.country), rawNumber: did },
    answeredByRef: phone === null || answeredAt === null ? null : { kind: 'Extension', number: phone },
    groupRefs: null,
    steps: null,
  }
}
