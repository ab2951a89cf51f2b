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
const PROFILE = { unavailableFields: ['AccountProfile.role', 'AccountProfile.createdAt', 'AccountProfile.updatedAt'] }
const GROUP = { ...LISTED, unavailableFields: ['GroupMemberEdge.priority'] }
const CALL = { batchMode: BatchMode.SINGLE, unavailableFields: ['CallParty.displayName'] }
const LIVE_CALL = { unavailableFields: ['CallParty.displayName'] }

export const bulutfonCapabilities: readonly Capability[] = [
  ...has(Kind.ACCOUNT, [Operation.READ], PROFILE),

  ...has(Kind.DID, [Operation.LIST, Operation.READ], LISTED),
  ...lacks(
    Kind.DID,
    [Operation.CREATE, Operation.UPDATE, Operation.DELETE],
    'Numbers are ordered and changed in the Bulutfon panel; the API only reads them.',
  ),

  ...has(Kind.EXTENSION, [Operation.LIST, Operation.READ], LISTED),
  ...has(Kind.EXTENSION, [Operation.CREATE, Operation.DELETE]),
  ...has(Kind.EXTENSION, [Operation.UPDATE], { unavailableFields: ['ExtensionUpdateInput.number'] }),

  ...has(Kind.GROUP, [Operation.LIST, Operation.READ], GROUP),
  ...lacks(
    Kind.GROUP,
    [Operation.CREATE, Operation.UPDATE, Operation.DELETE],
    'Groups are changed in the Bulutfon panel; the API only reads them.',
  ),

  ...has(Kind.CALL_RECORD, [Operation.LIST], {
    ...CALL,
    maxPageSize: 100,
    pushdownFields: ['numbers', 'callerNumbers', 'calleeNumbers', 'orderBy'],
  }),
  ...has(Kind.CALL_RECORD, [Operation.READ], CALL),

  ...has(Kind.RECORDING, [Operation.READ], { batchMode: BatchMode.SINGLE, unavailableFields: ['Recording.mimeType'] }),
  ...lacks(Kind.RECORDING, [Operation.LIST], 'Bulutfon has no list of recordings; each is found through its call.'),
  ...lacks(Kind.RECORDING, [Operation.DELETE], 'Recordings cannot be removed through the Bulutfon API.'),

  ...has(Kind.LIVE_CALL, [Operation.SUBSCRIBE], LIVE_CALL),
  ...has(Kind.LIVE_CALL, [Operation.LIST], {
    ...LIVE_CALL,
    support: SupportLevel.EMULATED,
    reason: 'Bulutfon has no list of current calls: this server keeps it from the events of its webhooks.',
  }),
  ...has(Kind.LIVE_CALL, [Operation.ORIGINATE], {
    unavailableFields: ['CallOriginatePayload.call'],
    reason: 'Bulutfon does not say which call it placed; the call is seen when its events arrive.',
  }),
  ...lacks(Kind.LIVE_CALL, [Operation.UPDATE], 'The Bulutfon API cannot move a call that is under way.'),
  ...lacks(Kind.LIVE_CALL, [Operation.DELETE], 'The Bulutfon API cannot end a call.'),
]

/** Fields that only the detail of each object has. */
export const bulutfonCosts: RequestCosts = {
  eachObject: [
    'Did.businessHours',
    'Extension.callerIdDid',
    'Extension.voicemailEnabled',
    'Extension.forwarding',
    'Extension.callPermissions',
    'Group.members',
    'Group.memberCount',
    'CallRecord.answeredBy',
    'CallRecord.groups',
    'CallRecord.legs',
  ],
  onceMore: [],
}
