// @ts-check
import { AccountStatus, flag, globalId, received, RegistrationStatus, text } from 'dialgraph/provider'

/**
 * @typedef {import('dialgraph/provider').AccountFacts} AccountFacts
 */
/**
 * What came, of which nothing is known yet.
 *
 * @template Record
 * @typedef {import('dialgraph/provider').Received<Record> | null} Wire
 */

/**
 * From a record of the API to an extension; null for a record that cannot be read. Every field is told:
 * null where there is none, and `undefined` only where a detail has it.
 *
 * @param {AccountFacts} account
 * @param {unknown} record
 * @param {string} fetchedAt ISO UTC
 * @returns {import('dialgraph/provider').Extension | null}
 */
export function toExtension({ key }, record, fetchedAt) {
  const wire = /** @type {Wire<import('./wire.js').WireExtension>} */ (received(record))
  const [id, number] = [text(wire?.id), text(wire?.number)]
  if (!wire || id === null || number === null) return null
  const online = flag(wire.online)
  return {
    __typename: 'Extension',
    id: globalId('Extension', key, id),
    accountKey: key,
    providerResourceId: id,
    fetchedAt,
    payload: record,
    number,
    displayName: text(wire.name),
    email: text(wire.email),
    registration:
      online === null
        ? RegistrationStatus.UNKNOWN
        : online
          ? RegistrationStatus.REGISTERED
          : RegistrationStatus.UNREGISTERED,
    callerIdRef: null,
    voicemail: null,
    forwardingRules: null,
    permissions: null,
    groupIds: undefined,
    didIds: undefined,
  }
}

/**
 * @param {unknown} body
 * @returns {import('dialgraph/provider').AccountProfile | null}
 */
export function toProfile(body) {
  const wire = /** @type {Wire<import('./wire.js').WireMe>} */ (received(body))
  const name = text(wire?.company)
  if (!wire || name === null) return null
  return {
    name,
    email: text(wire.email),
    host: null,
    contactName: null,
    phone: null,
    role: null,
    status: AccountStatus.ACTIVE,
    nativeStatus: null,
    plan: null,
    customerType: null,
    balance: null,
    messageCredits: null,
    createdAt: null,
    updatedAt: null,
  }
}
