// @ts-check
import { BatchMode, has, lacks, ResourceKind as Kind, ResourceOperation as Operation } from 'dialgraph/provider'

const { READ, LIST, CREATE, UPDATE, DELETE, SUBSCRIBE, ORIGINATE } = Operation

const UNTOLD_PROFILE = ['host', 'contactName', 'phone', 'role', 'nativeStatus', 'plan', 'customerType', 'updatedAt']
const UNTOLD_CALL = ['cost', 'nativeHangupCause']

/** What can be had, and why the rest cannot. */
export const capabilities = [
  ...has(Kind.ACCOUNT, [READ], {
    unavailableFields: [...UNTOLD_PROFILE, 'messageCredits'].map((field) => `AccountProfile.${field}`),
  }),
  ...has(Kind.DID, [LIST, READ], { batchMode: BatchMode.LIST_INDEX, unavailableFields: ['Did.businessHours'] }),
  ...has(Kind.EXTENSION, [LIST, READ], {
    batchMode: BatchMode.LIST_INDEX,
    unavailableFields: ['Extension.callPermissions'],
  }),
  ...has(Kind.EXTENSION, [CREATE], {
    unavailableFields: ['callerIdDidId', 'voicemailEnabled', 'forwarding', 'callPermissions'].map(
      (field) => `ExtensionCreateInput.${field}`,
    ),
  }),
  ...has(Kind.EXTENSION, [UPDATE], {
    unavailableFields: ['number', 'callerIdDidId', 'voicemailEnabled', 'forwarding', 'callPermissions'].map(
      (field) => `ExtensionUpdateInput.${field}`,
    ),
  }),
  ...has(Kind.EXTENSION, [DELETE]),
  ...has(Kind.GROUP, [LIST, READ], { batchMode: BatchMode.LIST_INDEX }),
  ...has(Kind.CALL_RECORD, [LIST, READ], {
    pushdownFields: ['from', 'until', 'directions'],
    unavailableFields: UNTOLD_CALL.map((field) => `CallRecord.${field}`),
  }),
  ...lacks(Kind.RECORDING, [LIST], 'Recordings are found at their calls.'),
  ...has(Kind.RECORDING, [READ]),
  ...has(Kind.LIVE_CALL, [LIST, SUBSCRIBE, UPDATE, DELETE]),
  ...has(Kind.LIVE_CALL, [ORIGINATE], {
    unavailableFields: ['fromGroupId', 'fromAutoAttendantId', 'callerIdDidId', 'ringTimeoutSeconds'].map(
      (field) => `CallOriginateInput.${field}`,
    ),
  }),
]

/** The settings of a phone are told one phone at a time. */
export const costs = {
  eachObject: /** @type {const} */ (['Extension.callerIdDid', 'Extension.voicemailEnabled', 'Extension.forwarding']),
  onceMore: [],
}
