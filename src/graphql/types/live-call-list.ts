import { ArgsType, Field, ID, ObjectType } from 'type-graphql'

import { LiveCall } from '../../model/live-call.js'
import { SourceStatus } from '../../model/source-status.js'

@ObjectType({ simpleResolvers: true, description: 'The calls under way at one moment.' })
export class LiveCallList {
  @Field(() => [LiveCall], { description: 'The calls, those that began first in front.' })
  readonly nodes!: readonly LiveCall[]

  @Field(() => String, {
    description: 'Given to `callEvents` as `resumeAfter`, goes on from here: nothing is missed and nothing told twice.',
  })
  readonly cursor!: string

  @Field(() => [SourceStatus], { description: 'How each account that was asked contributed.' })
  readonly sources!: readonly SourceStatus[]
}

/** Which live calls are meant. An absent filter excludes nothing, an empty list excludes all. */
@ArgsType()
export class LiveCallArguments {
  @Field(() => [ID], { nullable: true, description: 'Only calls of these accounts.' })
  readonly accountIds?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same by the keys the accounts have in the configuration, for whoever writes the query by hand.',
  })
  readonly accountKeys?: readonly string[] | null

  @Field(() => [ID], {
    nullable: true,
    description: 'One of these extensions calls, is called, rings, talks, or has done so in this call.',
  })
  readonly extensionIds?: readonly string[] | null

  @Field(() => [ID], { nullable: true, description: 'The call is in one of these groups, or has been.' })
  readonly groupIds?: readonly string[] | null

  @Field(() => [ID], { nullable: true, description: 'One of these numbers of ours was dialled or is shown.' })
  readonly didIds?: readonly string[] | null
}

@ArgsType()
export class CallEventArguments extends LiveCallArguments {
  @Field(() => String, {
    nullable: true,
    description:
      'The cursor of `liveCalls`, or of the last event that was seen: what has happened since comes first, in order.',
  })
  readonly resumeAfter?: string | null
}
