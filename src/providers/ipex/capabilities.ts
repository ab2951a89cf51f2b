import {
  BatchMode,
  has,
  lacks,
  ResourceKind as Kind,
  ResourceOperation as Operation,
  SupportLevel,
  type Capability,
} from '../../model/capability.js'
import type { RequestCosts } from '../provider.js'

const LISTED = { batchMode: BatchMode.LIST_INDEX }
const PROFILE = {
  unavailableFields: [
    'AccountProfile.host',
    'AccountProfile.phone',
    'AccountProfile.role',
    'AccountProfile.nativeStatus',
    'AccountProfile.plan',
    'AccountProfile.customerType',
    'AccountProfile.balance',
    'AccountProfile.messageCredits',
    'AccountProfile.createdAt',
    'AccountProfile.updatedAt',
  ],
  reason: 'IPEX tells the name and the e-mail of the login. It has no balance for an account, only for single numbers.',
}
const DID = { ...LISTED, unavailableFields: ['Did.nativeStatus', 'Did.businessHours'] }
const EXTENSION = {
  ...LISTED,
  unavailableFields: ['Extension.callerIdDid', 'Extension.voicemailEnabled', 'Extension.callPermissions'],
}
const FORWARDING = {
  unavailableFields: [
    'ExtensionUpdateInput.number',
    'ExtensionUpdateInput.displayName',
    'ExtensionUpdateInput.email',
    'ExtensionUpdateInput.callerIdDidId',
    'ExtensionUpdateInput.voicemailEnabled',
    'ExtensionUpdateInput.callPermissions',
    'ForwardingRuleInput.autoAttendantId',
  ],
  reason: 'Of a line IPEX changes its forwarding; everything else is changed in the IPEX portal.',
}
const ORIGINATE = {
  unavailableFields: [
    'CallOriginateInput.fromGroupId',
    'CallOriginateInput.fromAutoAttendantId',
    'CallOriginateInput.ringTimeoutSeconds',
  ],
}
const GROUP = {
  ...LISTED,
  support: SupportLevel.EMULATED,
  unavailableFields: ['Group.ringTimeoutSeconds', 'GroupMemberEdge.priority', 'GroupMemberEdge.delaySeconds'],
  reason:
    'IPEX has no list of queues: groups are built from the queues and skills of its call-centre members, so a queue without members is not listed.',
}
const CALL = {
  unavailableFields: ['CallRecord.cost'],
  reason:
    'IPEX logs one row for every phone that rang; this server joins the rows of one conversation to one call. A conference is as many calls as it has participants, and an attended transfer of two calls stays two.',
}

export const ipexCapabilities: readonly Capability[] = [
  ...has(Kind.ACCOUNT, [Operation.READ], PROFILE),

  ...has(Kind.DID, [Operation.LIST, Operation.READ], DID),
  ...lacks(
    Kind.DID,
    [Operation.CREATE, Operation.UPDATE, Operation.DELETE],
    'Numbers are ordered and changed in the IPEX portal; the API only reads them.',
  ),

  ...has(Kind.EXTENSION, [Operation.LIST, Operation.READ], EXTENSION),
  ...has(Kind.EXTENSION, [Operation.UPDATE], FORWARDING),
  ...lacks(Kind.EXTENSION, [Operation.CREATE], 'Lines are added in the IPEX portal; the API cannot.'),
  ...lacks(Kind.EXTENSION, [Operation.DELETE], 'Lines are removed in the IPEX portal; the API cannot.'),

  ...has(Kind.GROUP, [Operation.LIST, Operation.READ], GROUP),
  ...lacks(
    Kind.GROUP,
    [Operation.CREATE, Operation.UPDATE, Operation.DELETE],
    'Queues are changed in the IPEX portal; the API only tells who answers in them.',
  ),

  ...has(Kind.CALL_RECORD, [Operation.LIST], {
    ...CALL,
    support: SupportLevel.EMULATED,
    batchMode: BatchMode.SINGLE,
    maxPageSize: 5_000,
    pushdownFields: ['startedAt', 'numbers', 'callerNumbers', 'calleeNumbers', 'orderBy'],
  }),
  ...has(Kind.CALL_RECORD, [Operation.READ], { ...CALL, support: SupportLevel.EMULATED, batchMode: BatchMode.SINGLE }),

  ...has(Kind.RECORDING, [Operation.READ], { batchMode: BatchMode.SINGLE, unavailableFields: ['Recording.mimeType'] }),
  ...lacks(
    Kind.RECORDING,
    [Operation.LIST],
    'IPEX lists the names of recordings only; here each is found through its call.',
  ),
  ...lacks(Kind.RECORDING, [Operation.DELETE], 'IPEX lets recordings be removed, but this server only reads them.'),

  ...has(Kind.LIVE_CALL, [Operation.LIST, Operation.SUBSCRIBE]),
  ...has(Kind.LIVE_CALL, [Operation.ORIGINATE], ORIGINATE),
  ...has(Kind.LIVE_CALL, [Operation.UPDATE, Operation.DELETE]),
]

/**
 * Extensions need a second list for their names; forwarding and legs are read one by one, and so
 * are all rows of a call found by number.
 */
export const ipexCosts: RequestCosts = {
  eachObject: [
    'Extension.forwarding',
    'CallRecord.legs',
    'CallRecordFilter.numbers',
    'CallRecordFilter.callerNumbers',
    'CallRecordFilter.calleeNumbers',
  ],
  onceMore: ['Account.extensions', 'Group.number'],
}
