import {
  ResourceKind as Kind,
  ResourceOperation as Operation,
  SupportLevel,
  type Capability,
} from '../../model/capability.js'

const NOTHING = { pushdownFields: [], maxPageSize: null, batchMode: null }

const NO_TELEPHONY: readonly (readonly [Kind, readonly Operation[], string])[] = [
  [Kind.DID, [Operation.LIST, Operation.READ], 'Rails API v1 has users and countries, but no phone numbers.'],
  [Kind.EXTENSION, [Operation.LIST, Operation.READ], 'Rails API v1 has users and countries, but no extensions.'],
  [Kind.GROUP, [Operation.LIST, Operation.READ], 'Rails API v1 has users and countries, but no groups.'],
  [Kind.CALL_RECORD, [Operation.LIST, Operation.READ], 'Rails API v1 has users and countries, but no calls.'],
  [Kind.RECORDING, [Operation.LIST, Operation.READ], 'Rails API v1 has users and countries, but no recordings.'],
  [
    Kind.LIVE_CALL,
    [Operation.LIST, Operation.SUBSCRIBE, Operation.ORIGINATE],
    'Rails API v1 has users and countries, but no telephones.',
  ],
]

export const railsApiV1Capabilities: readonly Capability[] = [
  {
    ...NOTHING,
    resource: Kind.ACCOUNT,
    operation: Operation.READ,
    support: SupportLevel.NATIVE,
    unavailableFields: ['host', 'phone', 'nativeStatus', 'plan', 'customerType', 'balance', 'messageCredits'].map(
      (name) => `AccountProfile.${name}`,
    ),
    reason: null,
  },
  ...NO_TELEPHONY.flatMap(([resource, operations, reason]) =>
    operations.map((operation) => ({
      ...NOTHING,
      resource,
      operation,
      support: SupportLevel.UNSUPPORTED,
      unavailableFields: [],
      reason,
    })),
  ),
]
