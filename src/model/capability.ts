import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum ResourceKind {
  ACCOUNT = 'ACCOUNT',
  DID = 'DID',
  EXTENSION = 'EXTENSION',
  GROUP = 'GROUP',
  CALL_RECORD = 'CALL_RECORD',
  RECORDING = 'RECORDING',
  LIVE_CALL = 'LIVE_CALL',
}
registerEnumType(ResourceKind, {
  name: 'ResourceKind',
  description: 'The kinds of object a provider may have.',
  valuesConfig: {
    ACCOUNT: { description: 'The account itself and its profile.' },
    DID: { description: 'Numbers reachable from outside.' },
    EXTENSION: { description: 'Internal lines.' },
    GROUP: { description: 'Ring groups, queues, contact lists.' },
    CALL_RECORD: { description: 'Calls that took place.' },
    RECORDING: { description: 'Recordings of calls.' },
    LIVE_CALL: { description: 'Calls going on now.' },
  },
})

export enum ResourceOperation {
  READ = 'READ',
  LIST = 'LIST',
  CREATE = 'CREATE',
  UPDATE = 'UPDATE',
  DELETE = 'DELETE',
  SUBSCRIBE = 'SUBSCRIBE',
  ORIGINATE = 'ORIGINATE',
}
registerEnumType(ResourceOperation, {
  name: 'ResourceOperation',
  description: 'What can be done with a kind of object.',
  valuesConfig: {
    READ: { description: 'Read one by its id.' },
    LIST: { description: 'Read them as a list.' },
    CREATE: { description: 'Make a new one.' },
    UPDATE: { description: 'Change one.' },
    DELETE: { description: 'Remove one.' },
    SUBSCRIBE: { description: 'Be told of changes as they happen.' },
    ORIGINATE: { description: 'Start a call.' },
  },
})

export enum SupportLevel {
  NATIVE = 'NATIVE',
  EMULATED = 'EMULATED',
  UNSUPPORTED = 'UNSUPPORTED',
}
registerEnumType(SupportLevel, {
  name: 'SupportLevel',
  description: 'How well a provider supports something.',
  valuesConfig: {
    NATIVE: { description: 'The provider offers it.' },
    EMULATED: { description: 'This server builds it from other provider calls.' },
    UNSUPPORTED: { description: 'It cannot be had from this provider.' },
  },
})

export enum BatchMode {
  BY_IDS = 'BY_IDS',
  LIST_INDEX = 'LIST_INDEX',
  SINGLE = 'SINGLE',
}
registerEnumType(BatchMode, {
  name: 'BatchMode',
  description: 'How many objects of one kind are loaded at once.',
  valuesConfig: {
    BY_IDS: { description: 'One request carries many ids.' },
    LIST_INDEX: { description: 'The whole list is read once and indexed.' },
    SINGLE: { description: 'One request each, in a bounded pool.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'One thing an account can or cannot do, and how.' })
export class Capability {
  @Field(() => ResourceKind, { description: 'The kind of object.' })
  readonly resource!: ResourceKind

  @Field(() => ResourceOperation, { description: 'What is done with it.' })
  readonly operation!: ResourceOperation

  @Field(() => SupportLevel, {
    description: 'Whether the provider offers it, this server builds it, or it is not to be had.',
  })
  readonly support!: SupportLevel

  @Field(() => [String], { description: 'Filter and order fields the provider evaluates itself.' })
  readonly pushdownFields!: readonly string[]

  @Field(() => [String], {
    description:
      'Schema coordinates that are always null here, for example CallRecord.cost, and those of inputs that are not taken, for example ExtensionUpdateInput.number.',
  })
  readonly unavailableFields!: readonly string[]

  @Field(() => Int, { nullable: true, description: 'Most objects the provider gives in one answer.' })
  readonly maxPageSize!: number | null

  @Field(() => BatchMode, { nullable: true, description: 'How many objects are loaded at once.' })
  readonly batchMode!: BatchMode | null

  @Field(() => String, { nullable: true, description: 'Why it is unsupported or only emulated.' })
  readonly reason!: string | null
}

const NOTHING = { pushdownFields: [], unavailableFields: [], maxPageSize: null, batchMode: null, reason: null }

/**
 * Capabilities of one resource that the provider offers, or this server emulates (`facts.support`).
 */
export const has = (
  resource: ResourceKind,
  operations: readonly ResourceOperation[],
  facts: Partial<Capability> = {},
): Capability[] =>
  operations.map((operation) => ({ ...NOTHING, resource, operation, support: SupportLevel.NATIVE, ...facts }))

/** Whether a provider offers something, this server emulates it, or it cannot be had. */
export const supportOf = (
  capabilities: readonly Capability[],
  resource: `${ResourceKind}`,
  operation: `${ResourceOperation}`,
): SupportLevel =>
  capabilities.find((one) => one.resource === resource && one.operation === operation)?.support ??
  SupportLevel.UNSUPPORTED

/** Why a provider lacks a kind of object, a sentence for a customer; null where nobody says. */
export const whyUnsupported = (capabilities: readonly Capability[], resource: `${ResourceKind}`): string | null =>
  capabilities.find((one) => one.resource === resource && one.support === SupportLevel.UNSUPPORTED)?.reason ?? null

/** Operations a provider does not support; `reason` is a sentence for a customer. */
export const lacks = (resource: ResourceKind, operations: readonly ResourceOperation[], reason: string): Capability[] =>
  operations.map((operation) => ({ ...NOTHING, resource, operation, support: SupportLevel.UNSUPPORTED, reason }))
