// @ts-check
import { has, lacks, ResourceKind as Kind, ResourceOperation as Operation } from 'dialgraph/provider'

const { READ, LIST, CREATE, UPDATE, DELETE, SUBSCRIBE, ORIGINATE } = Operation

/** Fields that the API does not have: always null here. */
const UNTOLD_PROFILE = ['host', 'contactName', 'phone', 'role', 'nativeStatus', 'plan', 'customerType', 'balance']
const UNTOLD_EXTENSION = ['callerIdDid', 'voicemailEnabled', 'forwarding', 'callPermissions']

/** What can be had, and, as a sentence for a customer, why the rest cannot. */
export const capabilities = [
  ...has(Kind.ACCOUNT, [READ], {
    unavailableFields: [...UNTOLD_PROFILE, 'messageCredits', 'createdAt', 'updatedAt'].map(
      (one) => `AccountProfile.${one}`,
    ),
  }),
  ...has(Kind.EXTENSION, [LIST], { unavailableFields: UNTOLD_EXTENSION.map((one) => `Extension.${one}`) }),
  ...lacks(Kind.EXTENSION, [READ, CREATE, UPDATE, DELETE], 'Acme Phones lists extensions and changes none.'),
  ...lacks(Kind.DID, [LIST, READ], 'Acme Phones does not tell its numbers yet.'),
  ...lacks(Kind.GROUP, [LIST, READ], 'Acme Phones does not tell its groups yet.'),
  ...lacks(Kind.CALL_RECORD, [LIST, READ], 'Acme Phones does not tell its calls yet.'),
  ...lacks(Kind.RECORDING, [LIST, READ], 'Acme Phones does not tell its recordings yet.'),
  ...lacks(
    Kind.LIVE_CALL,
    [LIST, SUBSCRIBE, ORIGINATE, UPDATE, DELETE],
    'Acme Phones does not tell of calls under way yet.',
  ),
]
