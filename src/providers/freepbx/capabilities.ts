import { BatchMode, has, lacks, ResourceKind as Kind, ResourceOperation as Operation } from '../../provider.js'
import { SupportLevel } from '../../provider.js'
import type { Capability, RequestCosts } from '../../provider.js'

const LISTED = { batchMode: BatchMode.LIST_INDEX }
const PROFILE = {
  support: SupportLevel.EMULATED,
  unavailableFields: [
    ...['name', 'contactName', 'email', 'phone', 'role', 'plan', 'customerType', 'balance', 'messageCredits'],
    ...['createdAt', 'updatedAt'],
  ].map((field) => `AccountProfile.${field}`),
  reason: 'FreePBX tells its version; the host is that of its address.',
}
const DID = {
  ...LISTED,
  unavailableFields: ['Did.nativeStatus', 'Did.businessHours'],
  reason: 'Inbound routes; time conditions and menus are told by their labels only.',
}
const EXTENSION = {
  ...LISTED,
  unavailableFields: ['Extension.email', 'Extension.callPermissions'],
  reason:
    'FreePBX tells where calls go that nobody takes; call forwarding, do not disturb and registration it does not.',
}
const GROUP = {
  ...LISTED,
  unavailableFields: ['GroupMemberEdge.delaySeconds'],
  reason:
    'Ring groups by GraphQL, queues by REST, which some releases do not answer: then queues are missing. A queue has no ring time and no priorities here.',
}
const CALL = {
  support: SupportLevel.EMULATED,
  batchMode: BatchMode.SINGLE,
  unavailableFields: ['CallRecord.cost', 'CallRecord.nativeHangupCause'],
  reason:
    'FreePBX logs one row for every phone that rang; this server reads whole days and joins the rows of one call. A conference is as many calls as it has participants, an attended transfer of two calls stays two, and a row says where a call was last, not what was dialled. Whether a recording can be listened to is not told, so the filter hasRecording finds none.',
}
const CREATE = {
  support: SupportLevel.EMULATED,
  unavailableFields: ['forwarding', 'callPermissions'].map((field) => `ExtensionCreateInput.${field}`),
  reason: 'Saved, then applied by a reload of the switchboard; who waits too long is told that it is only saved.',
}
const RESETS =
  'FreePBX changes an extension by deleting it and making it anew: its phone gets a new secret and loses its registration, and what is not sent is reset and cannot all be read back. An account with allowDestructiveUpdate does it all the same.'

/** What a FreePBX has, of any release. */
export const freepbxCapabilities: readonly Capability[] = [
  ...has(Kind.ACCOUNT, [Operation.READ], PROFILE),

  ...has(Kind.DID, [Operation.LIST, Operation.READ], DID),
  ...lacks(
    Kind.DID,
    [Operation.CREATE, Operation.UPDATE, Operation.DELETE],
    'The destination of a route can be written and not read back, and a change resets the rest: use the web interface.',
  ),

  ...has(Kind.EXTENSION, [Operation.LIST, Operation.READ], EXTENSION),
  ...has(Kind.EXTENSION, [Operation.CREATE], CREATE),
  ...has(Kind.EXTENSION, [Operation.DELETE], { support: SupportLevel.EMULATED, reason: CREATE.reason }),
  ...lacks(Kind.EXTENSION, [Operation.UPDATE], RESETS),

  ...has(Kind.GROUP, [Operation.LIST, Operation.READ], GROUP),
  ...lacks(
    Kind.GROUP,
    [Operation.CREATE, Operation.UPDATE, Operation.DELETE],
    'Ring groups and queues are changed in the web interface.',
  ),

  ...has(Kind.CALL_RECORD, [Operation.LIST], { ...CALL, pushdownFields: ['startedAt'] }),
  ...has(Kind.CALL_RECORD, [Operation.READ], CALL),

  ...lacks(
    Kind.RECORDING,
    [Operation.LIST, Operation.READ, Operation.DELETE],
    'FreePBX tells the name of a recording; the file is given only to somebody who is logged in to the web interface.',
  ),

  ...lacks(
    Kind.LIVE_CALL,
    [Operation.LIST, Operation.SUBSCRIBE, Operation.ORIGINATE, Operation.UPDATE, Operation.DELETE],
    'The API of FreePBX knows nothing of calls under way; Asterisk tells them through other interfaces with other credentials.',
  ),
]

/** The same of an account that allows extensions to be changed all the same. */
export const capabilitiesWithUpdate: readonly Capability[] = freepbxCapabilities.flatMap((one) =>
  one.resource === Kind.EXTENSION && one.operation === Operation.UPDATE
    ? has(Kind.EXTENSION, [Operation.UPDATE], {
        support: SupportLevel.EMULATED,
        unavailableFields: ['number', 'forwarding', 'callPermissions'].map((field) => `ExtensionUpdateInput.${field}`),
        reason: RESETS,
      })
    : one,
)

/** Groups are two lists; one more has the members of all queues, and one what each extension leaves out. */
export const freepbxCosts: RequestCosts = {
  eachObject: [],
  onceMore: ['Account.groups', 'Extension.callerIdDid', 'Extension.forwarding', 'Group.members', 'Group.memberCount'],
}
