import { ArgsType, Field, Int } from 'type-graphql'

import { SourceFailurePolicy } from '../../model/source-status.js'
import { DEFAULT_MEMBER_PAGE_SIZE, DEFAULT_PAGE_SIZE } from '../page-size.js'

const FIRST = 'How many to give, from 1 to 100 unless the operator set another limit.'
const AFTER = 'The cursor after which to go on; leave it out for the beginning.'

@ArgsType()
export class PageArguments {
  @Field(() => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE, description: FIRST })
  readonly first!: number | null

  @Field(() => String, { nullable: true, description: AFTER })
  readonly after!: string | null
}

@ArgsType()
export class MemberPageArguments {
  @Field(() => Int, { nullable: true, defaultValue: DEFAULT_MEMBER_PAGE_SIZE, description: FIRST })
  readonly first!: number | null

  @Field(() => String, { nullable: true, description: AFTER })
  readonly after!: string | null
}

/**
 * Of a list over several accounts. Apart from `PageArguments`, because it comes last in the schema.
 */
@ArgsType()
export class SourceFailureArguments {
  @Field(() => SourceFailurePolicy, {
    nullable: true,
    defaultValue: SourceFailurePolicy.PARTIAL,
    description: 'What to do when an account cannot answer.',
  })
  readonly onSourceFailure!: SourceFailurePolicy | null
}
