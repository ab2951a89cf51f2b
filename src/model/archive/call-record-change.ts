import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'

import { Node } from '../node.js'
import { DateTime } from '../values/scalars.js'

export enum ChangeKind {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  DELETED = 'DELETED',
}
registerEnumType(ChangeKind, {
  name: 'ChangeKind',
  description: 'What became of a call since it was last seen.',
  valuesConfig: {
    CREATED: { description: 'It was seen for the first time.' },
    UPDATED: { description: 'It is not as it was.' },
    DELETED: { description: 'The provider has it no more.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: 'A call of an archive that is new, is not as it was, or is gone.',
})
export class CallRecordChange extends Node {
  declare readonly __typename: 'CallRecordChange'
  /** Edge `callRecord`. */
  readonly accountKey!: string

  @Field(() => String, {
    description:
      'Given to `callRecordChanges` as `after`, or to `callRecordChanged` as `resumeAfter`, goes on behind it.',
  })
  readonly cursor!: string

  @Field(() => ChangeKind, { description: 'What became of the call.' })
  readonly kind!: `${ChangeKind}`

  @Field(() => DateTime, { description: 'When this server saw it.' })
  readonly observedAt!: string

  @Field(() => ID, { description: 'Id of the call.' })
  readonly callRecordId!: string

  @Field(() => [String], { description: 'Schema names of fields that differ from before, for UPDATED.' })
  readonly changedFields!: readonly string[]
}
