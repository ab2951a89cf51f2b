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

const { READ, LIST, CREATE, UPDATE, DELETE, SUBSCRIBE, ORIGINATE } = Operation

const GROUP = {
  batchMode: BatchMode.LIST_INDEX,
  unavailableFields: ['Group.number', 'Group.displayNumber', 'Group.ringTimeoutSeconds', 'Group.members'],
  reason:
    'These are lists of people to write to. The API counts the people on a list but does not name them, and no call ever rings there.',
}

export const postacellCapabilities: readonly Capability[] = [
  ...has(Kind.ACCOUNT, [READ], {
    support: SupportLevel.EMULATED,
    unavailableFields: [
      'AccountProfile.host',
      'AccountProfile.contactName',
      'AccountProfile.phone',
      'AccountProfile.role',
      'AccountProfile.nativeStatus',
      'AccountProfile.plan',
      'AccountProfile.customerType',
      'AccountProfile.balance',
      'AccountProfile.createdAt',
      'AccountProfile.updatedAt',
    ],
    reason:
      'Postacell tells nothing of the account: the name is the login. Message credits come from its SMS gateway, when that login is configured too; they are a count, not money.',
  }),

  ...has(Kind.GROUP, [LIST], { ...GROUP, pushdownFields: ['search'] }),
  ...has(Kind.GROUP, [READ], GROUP),
  ...lacks(
    Kind.GROUP,
    [CREATE, UPDATE, DELETE],
    'Contact lists are changed at Postacell itself; this server reads them.',
  ),

  ...lacks(
    Kind.DID,
    [LIST, READ],
    'Postacell sends messages and has no telephone numbers: a sender name cannot be called.',
  ),
  ...lacks(Kind.EXTENSION, [LIST, READ, CREATE, UPDATE, DELETE], 'Postacell sends messages and has no internal lines.'),
  ...lacks(Kind.CALL_RECORD, [LIST, READ], 'Postacell carries no calls; its reports are about messages.'),
  ...lacks(Kind.RECORDING, [READ], 'Postacell carries no calls, so there is nothing to listen to.'),
  ...lacks(Kind.LIVE_CALL, [LIST, SUBSCRIBE, ORIGINATE, UPDATE, DELETE], 'Postacell carries no calls.'),
]

/** Needs a request to the SMS gateway. */
export const postacellCosts: RequestCosts = {
  eachObject: ['AccountProfile.messageCredits'],
  onceMore: [],
}
