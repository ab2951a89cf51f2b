import { Field, ObjectType, registerEnumType } from 'type-graphql'

import { Dialable } from './dialable.js'
import { PhoneNumber } from './values/scalars.js'

@ObjectType({ simpleResolvers: true, implements: Dialable, description: 'Where callers can leave a message.' })
export class VoicemailBox {
  readonly __typename!: 'VoicemailBox'
  /** Edge `extension`. */
  readonly accountKey!: string

  @Field(() => String, { nullable: true, description: 'Internal number of the box, usually that of its extension.' })
  readonly number!: string | null
}

@ObjectType({ simpleResolvers: true, implements: Dialable, description: 'A number in the public telephone network.' })
export class ExternalNumber {
  readonly __typename!: 'ExternalNumber'

  @Field(() => PhoneNumber, {
    nullable: true,
    description: "The number in E.164; null when the provider's text cannot be read as one.",
  })
  readonly number!: string | null

  @Field(() => String, { description: 'The number as the provider writes it.' })
  readonly rawNumber!: string
}

export enum UnresolvedReason {
  NOT_FOUND = 'NOT_FOUND',
  UNKNOWN_TYPE = 'UNKNOWN_TYPE',
  NOT_PERMITTED = 'NOT_PERMITTED',
}
registerEnumType(UnresolvedReason, {
  name: 'UnresolvedReason',
  description: 'Why a target cannot be shown.',
  valuesConfig: {
    NOT_FOUND: { description: 'The provider does not list such an object.' },
    UNKNOWN_TYPE: { description: 'A kind of target we do not know.' },
    NOT_PERMITTED: { description: 'The login may not see it.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  implements: Dialable,
  description: 'The provider names a target that cannot be found or mapped.',
})
export class UnresolvedDestination {
  readonly __typename!: 'UnresolvedDestination'
  /** Name of the target, where the provider refers by name; only `label` shows it. */
  readonly nativeName!: string | null

  @Field(() => String, { nullable: true, description: "The provider's own word for the kind of target." })
  readonly nativeType!: string | null

  @Field(() => String, { nullable: true, description: "The provider's own id of the target." })
  readonly nativeId!: string | null

  @Field(() => String, { nullable: true, description: 'The number of the target as the provider writes it.' })
  readonly rawNumber!: string | null

  @Field(() => UnresolvedReason, { description: 'Why it cannot be shown.' })
  readonly reason!: `${UnresolvedReason}`
}
