import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

import { Extension, ForwardingCondition } from '../../model/extension.js'
import { LiveCall } from '../../model/live-call.js'
import { PhoneNumber } from '../../model/values/scalars.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { UserError, USER_ERRORS } from './user-error.js'

export enum ProviderWriteErrorCode {
  INVALID = 'INVALID',
  TAKEN = 'TAKEN',
  NOT_FOUND = 'NOT_FOUND',
  CAPABILITY_UNSUPPORTED = 'CAPABILITY_UNSUPPORTED',
  CONFLICT = 'CONFLICT',
  IDEMPOTENCY_KEY_REUSED = 'IDEMPOTENCY_KEY_REUSED',
  IN_PROGRESS = 'IN_PROGRESS',
  PROVIDER_REJECTED = 'PROVIDER_REJECTED',
  OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN',
  PROVIDER_UNAVAILABLE = 'PROVIDER_UNAVAILABLE',
}
registerEnumType(ProviderWriteErrorCode, {
  name: 'ProviderWriteErrorCode',
  description: 'Why something was not changed at a provider.',
  valuesConfig: {
    INVALID: { description: 'A field is missing, or its value cannot be used; the message says why.' },
    TAKEN: { description: 'Another object has this already.' },
    NOT_FOUND: { description: 'There is no such object.' },
    CAPABILITY_UNSUPPORTED: { description: 'This provider does not have it.' },
    CONFLICT: { description: 'What it is about has changed meanwhile, or is not clear.' },
    IDEMPOTENCY_KEY_REUSED: { description: 'The idempotency key stood for another input before.' },
    IN_PROGRESS: {
      description:
        'The same, or another change of the same object, is still under way; with an object: saved, and not yet in force.',
    },
    PROVIDER_REJECTED: { description: 'The provider refused it.' },
    OUTCOME_UNKNOWN: { description: 'Sent, and no answer came: it may have happened.' },
    PROVIDER_UNAVAILABLE: { description: 'The provider cannot be reached, or takes nothing for now.' },
  },
})

@ObjectType({
  implements: UserError,
  simpleResolvers: true,
  description: 'Why something was not changed at a provider, or is not known to be.',
})
export class ProviderWriteError extends UserError {
  @Field(() => ProviderWriteErrorCode, { description: 'What is wrong, for a program to read.' })
  readonly code!: `${ProviderWriteErrorCode}`

  @Field(() => String, { nullable: true, description: 'What the provider said, cleaned of secrets.' })
  readonly providerMessage!: string | null

  @Field(() => Boolean, { description: 'Whether the same may succeed later.' })
  readonly retryable!: boolean
}

const IDEMPOTENCY_KEY =
  '1 to 255 characters of your choice: repeated with the same input within 24 hours, the first answer is given again and nothing is sent.'

@InputType({ description: 'Where calls are sent on, and when; exactly one target.' })
export class ForwardingRuleInput {
  @Field(() => ForwardingCondition, { description: 'When this rule applies.' })
  readonly condition!: ForwardingCondition

  @Field(() => ID, { nullable: true, description: 'To this line.' })
  readonly extensionId?: string | null

  @Field(() => ID, { nullable: true, description: 'To this group.' })
  readonly groupId?: string | null

  @Field(() => ID, { nullable: true, description: 'To this menu.' })
  readonly autoAttendantId?: string | null

  @Field(() => PhoneNumber, { nullable: true, description: 'To this number outside.' })
  readonly externalNumber?: string | null
}

@InputType({ description: 'A new extension; which fields are needed is the provider’s to say.' })
export class ExtensionCreateInput {
  @Field(() => ID, { description: 'The account it is made in.' })
  readonly accountId!: string

  @Field(() => String, { description: 'Its internal number.' })
  readonly number!: string

  @Field(() => String, { description: 'Name shown for it, usually the person.' })
  readonly displayName!: string

  @Field(() => String, { nullable: true, description: 'E-mail address of the person.' })
  readonly email?: string | null

  @Field(() => ID, { nullable: true, description: 'The number of ours that is shown on its outgoing calls.' })
  readonly callerIdDidId?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Whether callers can leave a message when nobody answers.' })
  readonly voicemailEnabled?: boolean | null

  @Field(() => [ForwardingRuleInput], { nullable: true, description: 'Where its calls are sent on.' })
  readonly forwarding?: readonly ForwardingRuleInput[] | null

  @Field(() => [String], { nullable: true, description: 'Kinds of call it may make, in the words of the provider.' })
  readonly callPermissions?: readonly string[] | null

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  readonly idempotencyKey?: string | null
}

@InputType({ description: 'Changes of an extension: what is absent stays as it is, null clears what may be empty.' })
export class ExtensionUpdateInput {
  @Field(() => ID, { description: 'The extension.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: 'Its internal number.' })
  readonly number?: string | null

  @Field(() => String, { nullable: true, description: 'Name shown for it, usually the person.' })
  readonly displayName?: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address of the person.' })
  readonly email?: string | null

  @Field(() => ID, { nullable: true, description: 'The number of ours that is shown on its outgoing calls.' })
  readonly callerIdDidId?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Whether callers can leave a message when nobody answers.' })
  readonly voicemailEnabled?: boolean | null

  @Field(() => [ForwardingRuleInput], {
    nullable: true,
    description: 'Where its calls are sent on, in place of what was; null or empty: nowhere.',
  })
  readonly forwarding?: readonly ForwardingRuleInput[] | null

  @Field(() => [String], { nullable: true, description: 'Kinds of call it may make, in the words of the provider.' })
  readonly callPermissions?: readonly string[] | null

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  readonly idempotencyKey?: string | null
}

@InputType({ description: 'An extension to be removed.' })
export class ExtensionDeleteInput {
  @Field(() => ID, { description: 'The extension.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  readonly idempotencyKey?: string | null
}

@InputType({ description: 'A call to be placed, from exactly one of the three.' })
export class CallOriginateInput {
  @Field(() => ID, { nullable: true, description: 'Exactly one of the three: from this line.' })
  readonly fromExtensionId?: string | null

  @Field(() => ID, { nullable: true, description: 'From whoever answers in this group.' })
  readonly fromGroupId?: string | null

  @Field(() => ID, { nullable: true, description: 'From this menu.' })
  readonly fromAutoAttendantId?: string | null

  @Field(() => PhoneNumber, { description: 'The number to be called.' })
  readonly to!: string

  @Field(() => ID, { nullable: true, description: 'The number of ours that is shown.' })
  readonly callerIdDidId?: string | null

  @Field(() => Int, { nullable: true, description: 'Seconds for which it rings.' })
  readonly ringTimeoutSeconds?: number | null

  @Field(() => String, { description: IDEMPOTENCY_KEY })
  readonly idempotencyKey!: string
}

@InputType({ description: 'A call to be moved to exactly one target.' })
export class CallTransferInput {
  @Field(() => ID, { description: 'The call.' })
  readonly id!: string

  @Field(() => ID, { nullable: true, description: 'Exactly one: to this line.' })
  readonly toExtensionId?: string | null

  @Field(() => ID, { nullable: true, description: 'To this group.' })
  readonly toGroupId?: string | null

  @Field(() => PhoneNumber, { nullable: true, description: 'To this number.' })
  readonly toNumber?: string | null

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  readonly idempotencyKey?: string | null
}

@InputType({ description: 'A call to be ended.' })
export class CallHangUpInput {
  @Field(() => ID, { description: 'The call.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  readonly idempotencyKey?: string | null
}

@ObjectType({ simpleResolvers: true, description: 'The extension as it is now, or why it was not changed.' })
export class ExtensionPayload {
  @Needs('telephony:read:own')
  @Free
  @Field(() => Extension, { nullable: true, description: 'The extension, read after the change.' })
  readonly extension!: Extension | null

  @Field(() => [ProviderWriteError], { description: USER_ERRORS })
  readonly userErrors!: readonly ProviderWriteError[]
}

@ObjectType({ simpleResolvers: true, description: 'The extension that was removed, or why it was not.' })
export class ExtensionDeletePayload {
  @Field(() => ID, { nullable: true, description: 'Id the extension had.' })
  readonly deletedExtensionId!: string | null

  @Field(() => [ProviderWriteError], { description: USER_ERRORS })
  readonly userErrors!: readonly ProviderWriteError[]
}

@ObjectType({ simpleResolvers: true, description: 'Whether the provider has taken the call on, or why it has not.' })
export class CallOriginatePayload {
  @Field(() => Boolean, { description: 'Whether the provider has taken it on.' })
  readonly accepted!: boolean

  @Needs('telephony:read:own')
  @Free
  @Field(() => LiveCall, {
    nullable: true,
    description: 'Null where the provider does not say which call it placed.',
  })
  readonly call!: LiveCall | null

  @Field(() => [ProviderWriteError], { description: USER_ERRORS })
  readonly userErrors!: readonly ProviderWriteError[]
}

@ObjectType({ simpleResolvers: true, description: 'The call as it is now, or why it was not changed.' })
export class LiveCallPayload {
  @Needs('telephony:read:own')
  @Free
  @Field(() => LiveCall, { nullable: true, description: 'The call, read after the change; null where it is gone.' })
  readonly call!: LiveCall | null

  @Field(() => [ProviderWriteError], { description: USER_ERRORS })
  readonly userErrors!: readonly ProviderWriteError[]
}
