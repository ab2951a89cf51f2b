import {
  has,
  lacks,
  ResourceKind as Kind,
  ResourceOperation as Operation,
  type Capability,
} from '../../model/capability.js'

const { READ, LIST, CREATE, UPDATE, DELETE, SUBSCRIBE, ORIGINATE } = Operation

const MISSING_FROM_PROFILE = ['host', 'phone', 'nativeStatus', 'plan', 'customerType', 'balance', 'messageCredits']

export const railsApiV1Capabilities: readonly Capability[] = [
  ...has(Kind.ACCOUNT, [READ], { unavailableFields: MISSING_FROM_PROFILE.map((name) => `AccountProfile.${name}`) }),

  ...lacks(Kind.DID, [LIST, READ], 'Rails API v1 has users and countries, but no phone numbers.'),
  ...lacks(
    Kind.EXTENSION,
    [LIST, READ, CREATE, UPDATE, DELETE],
    'Rails API v1 has users and countries, but no extensions.',
  ),
  ...lacks(Kind.GROUP, [LIST, READ], 'Rails API v1 has users and countries, but no groups.'),
  ...lacks(Kind.CALL_RECORD, [LIST, READ], 'Rails API v1 has users and countries, but no calls.'),
  ...lacks(Kind.RECORDING, [LIST, READ], 'Rails API v1 has users and countries, but no recordings.'),
  ...lacks(
    Kind.LIVE_CALL,
    [LIST, SUBSCRIBE, ORIGINATE, UPDATE, DELETE],
    'Rails API v1 has users and countries, but no telephones.',
  ),
]
