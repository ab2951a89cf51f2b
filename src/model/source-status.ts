import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { ErrorCode as Code } from '../errors.js'
import { ErrorCode } from './error-code.js'
import { DateTime } from './values/scalars.js'

export enum SourceState {
  COMPLETE = 'COMPLETE',
  PARTIAL = 'PARTIAL',
  STALE = 'STALE',
  FAILED = 'FAILED',
  UNSUPPORTED = 'UNSUPPORTED',
}
registerEnumType(SourceState, {
  name: 'SourceState',
  description: 'How much of its part one account gave.',
  valuesConfig: {
    COMPLETE: { description: 'Everything that was asked.' },
    PARTIAL: { description: 'A part; the gap tells what is missing.' },
    STALE: { description: 'From a cache, because the provider cannot answer now.' },
    FAILED: { description: 'Nothing; the error code tells why.' },
    UNSUPPORTED: { description: 'Nothing, because the provider does not have such objects.' },
  },
})

export enum CountPrecision {
  EXACT = 'EXACT',
  AT_LEAST = 'AT_LEAST',
}
registerEnumType(CountPrecision, {
  name: 'CountPrecision',
  description: 'How far a total can be trusted.',
  valuesConfig: {
    EXACT: { description: 'Every source gave an exact figure for this filter.' },
    AT_LEAST: { description: 'At least this many: a source was capped, failed, or cannot count.' },
  },
})

export enum SourceFailurePolicy {
  PARTIAL = 'PARTIAL',
  FAIL = 'FAIL',
}
registerEnumType(SourceFailurePolicy, {
  name: 'SourceFailurePolicy',
  description: 'What a list over several accounts does when one of them cannot answer.',
  valuesConfig: {
    PARTIAL: { description: 'Give what the healthy ones gave; `sources` tells the rest.' },
    FAIL: { description: 'Fail the field.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'The slice missing from a page.' })
export class SourceGap {
  @Field(() => DateTime, { nullable: true, description: 'Start of the missing time.' })
  readonly from!: string | null

  @Field(() => DateTime, { nullable: true, description: 'End of the missing time.' })
  readonly until!: string | null

  @Field(() => String, { description: 'Given to `callRecordGap` as `cursor`, fetches exactly the missing slice.' })
  readonly retryCursor!: string
}

@ObjectType({ simpleResolvers: true, description: 'How one account contributed to a list over several accounts.' })
export class SourceStatus {
  /** Edge `account`. */
  readonly accountKey!: string

  @Field(() => SourceState, { description: 'How much of its part the account gave.' })
  readonly state!: `${SourceState}`

  @Field(() => ErrorCode, { nullable: true, description: 'Why it failed, when it did.' })
  readonly errorCode!: Code | null

  @Field(() => String, { nullable: true, description: 'What happened, for a person to read.' })
  readonly message!: string | null

  @Field(() => Int, { nullable: true, description: 'Seconds to wait before asking again.' })
  readonly retryAfterSeconds!: number | null

  @Field(() => Int, { nullable: true, description: 'Age of the data when it came from a cache.' })
  readonly stalenessSeconds!: number | null

  @Field(() => Int, { description: 'Requests sent to the provider for this list.' })
  readonly upstreamRequests!: number

  @Field(() => [String], { description: 'Filter fields the provider evaluated.' })
  readonly pushedDown!: readonly string[]

  @Field(() => [String], { description: 'Filter fields evaluated here, after fetching.' })
  readonly residual!: readonly string[]

  @Field(() => SourceGap, {
    nullable: true,
    description: 'The slice missing from this page, and the cursor that fetches exactly it.',
  })
  readonly gap!: SourceGap | null
}
