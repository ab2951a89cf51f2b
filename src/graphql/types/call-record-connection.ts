import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { CallCriteria } from '../../loaders/calls/demand.js'
import { CallDirection, CallDisposition, CallKind, CallRecord } from '../../model/call-record.js'
import { OrderDirection } from '../../model/values/order-direction.js'
import { PageInfo } from '../../model/page-info.js'
import { DateTime, PhoneNumber } from '../../model/values/scalars.js'
import { CountPrecision, SourceFailurePolicy, SourceStatus } from '../../model/source-status.js'
import { CostOfFilter } from '../limits/cost.js'
import { DEFAULT_GAP_PAGE_SIZE } from '../page-size.js'
import { ONLY_EDGES_JOIN } from './connection.js'

@ObjectType({ simpleResolvers: true, description: 'A call in its place in a list.' })
export class CallRecordEdge {
  @Field(() => String, { description: 'Given as `after` or `before`, goes on from this call.' })
  readonly cursor!: string

  @Field(() => CallRecord, { description: 'The call.' })
  readonly node!: CallRecord
}

@ObjectType({
  simpleResolvers: true,
  description: 'A page of calls, those of all accounts asked in one order of time.',
})
export class CallRecordConnection {
  @Field(() => [CallRecordEdge], { description: 'The calls of this page, each with its cursor.' })
  readonly edges!: readonly CallRecordEdge[]

  @Field(() => [CallRecord], { description: `The calls of this page. ${ONLY_EDGES_JOIN}` })
  readonly nodes!: readonly CallRecord[]

  @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
  readonly pageInfo!: PageInfo

  @Field(() => Int, { nullable: true, description: 'How many calls match in all; null when nobody knows.' })
  readonly totalCount!: number | null

  @Field(() => CountPrecision, {
    nullable: true,
    description: 'How far totalCount can be trusted; null when there is none.',
  })
  readonly countPrecision!: `${CountPrecision}` | null

  @Field(() => [SourceStatus], { description: 'How each account that was asked contributed.' })
  readonly sources!: readonly SourceStatus[]
}

@InputType({ description: 'A stretch of time; a missing end leaves it open.' })
export class DateTimeRange {
  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  readonly from?: string | null

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  readonly until?: string | null
}

@InputType({ description: 'A range of whole seconds, both ends included; a missing end leaves it open.' })
export class SecondsRange {
  @Field(() => Int, { nullable: true, description: 'The least.' })
  readonly min?: number | null

  @Field(() => Int, { nullable: true, description: 'The most.' })
  readonly max?: number | null
}

@InputType({ description: 'Which calls to list; every field narrows the list, the values of one field widen it.' })
export class CallRecordFilter implements CallCriteria {
  @Field(() => [ID], { nullable: true, description: 'Only calls of these accounts.' })
  readonly accountIds?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same by the keys the accounts have in the configuration, for whoever writes the query by hand.',
  })
  readonly accountKeys?: readonly string[] | null

  @Field(() => DateTimeRange, { nullable: true, description: 'Only calls that began in this time.' })
  readonly startedAt?: DateTimeRange | null

  @Field(() => [CallDirection], { nullable: true, description: 'Only calls that went one of these ways.' })
  readonly directions?: readonly CallDirection[] | null

  @Field(() => [CallDisposition], { nullable: true, description: 'Only calls that ended in one of these ways.' })
  readonly dispositions?: readonly CallDisposition[] | null

  @Field(() => [CallKind], { nullable: true, description: 'Only calls of these kinds.' })
  readonly kinds?: readonly CallKind[] | null

  @CostOfFilter({ details: true })
  @Field(() => [PhoneNumber], {
    nullable: true,
    description: 'Either side of the call has one of these numbers, however its provider writes it.',
  })
  readonly numbers?: readonly string[] | null

  @CostOfFilter({ details: true })
  @Field(() => [PhoneNumber], { nullable: true, description: 'The caller has one of these numbers.' })
  readonly callerNumbers?: readonly string[] | null

  @CostOfFilter({ details: true })
  @Field(() => [PhoneNumber], { nullable: true, description: 'The one called has one of these numbers.' })
  readonly calleeNumbers?: readonly string[] | null

  @CostOfFilter({ list: 'extensions' })
  @Field(() => [ID], {
    nullable: true,
    description:
      'One of these extensions called, was called, took the call, or rang on its way, even when another phone was faster.',
  })
  readonly extensionIds?: readonly string[] | null

  @CostOfFilter({ list: 'groups', detail: 'Group.number' })
  @Field(() => [ID], { nullable: true, description: 'The call went to or passed through one of these groups.' })
  readonly groupIds?: readonly string[] | null

  @CostOfFilter({ list: 'dids' })
  @Field(() => [ID], { nullable: true, description: 'One of these numbers of ours was dialled or shown.' })
  readonly didIds?: readonly string[] | null

  @Field(() => SecondsRange, {
    nullable: true,
    description: 'Only calls that lasted this long from start to end; a call that still goes on has no length yet.',
  })
  readonly durationSeconds?: SecondsRange | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether there is a recording to listen to; calls whose provider does not tell are in neither list.',
  })
  readonly hasRecording?: boolean | null
}

export enum CallRecordOrderField {
  STARTED_AT = 'STARTED_AT',
}
registerEnumType(CallRecordOrderField, {
  name: 'CallRecordOrderField',
  description: 'What calls can be ordered by.',
  valuesConfig: { STARTED_AT: { description: 'When the call began; calls of one moment keep one order too.' } },
})

@InputType({ description: 'The order of a list of calls.' })
export class CallRecordOrder {
  @Field(() => CallRecordOrderField, {
    defaultValue: CallRecordOrderField.STARTED_AT,
    description: 'What to order by.',
  })
  readonly field!: CallRecordOrderField

  @Field(() => OrderDirection, { defaultValue: OrderDirection.DESC, description: 'DESC: newest first.' })
  readonly direction!: OrderDirection
}

/** Paging and filter of a list of calls that is always newest first. */
@ArgsType()
export class CallRecordPageArguments {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many to give from the beginning or after a cursor, from 1 to 100 unless the operator set another limit.',
  })
  readonly first?: number | null

  @Field(() => String, {
    nullable: true,
    description: 'The cursor after which to go on; a retry cursor belongs to `callRecordGap`.',
  })
  readonly after?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many to give from the end or before a cursor, instead of `first`.',
  })
  readonly last?: number | null

  @Field(() => String, { nullable: true, description: 'The cursor before which to stop.' })
  readonly before?: string | null

  @Field(() => CallRecordFilter, { nullable: true, description: 'Which calls to list.' })
  readonly filter?: CallRecordFilter | null
}

@ArgsType()
export class CallRecordArguments extends CallRecordPageArguments {
  @Field(() => CallRecordOrder, { nullable: true, description: 'Newest first unless asked otherwise.' })
  readonly orderBy?: CallRecordOrder | null
}

const ON_SOURCE_FAILURE = 'What to do when an account cannot answer.'

/** Of the calls of one object, which are the calls of one account. */
@ArgsType()
export class OwnCallRecordArguments extends CallRecordArguments {
  @Field(() => SourceFailurePolicy, {
    nullable: true,
    defaultValue: SourceFailurePolicy.FAIL,
    description: ON_SOURCE_FAILURE,
  })
  readonly onSourceFailure?: SourceFailurePolicy | null
}

/** Of the calls of all accounts, in any order. */
@ArgsType()
export class MergedCallRecordArguments extends CallRecordArguments {
  @Field(() => SourceFailurePolicy, {
    nullable: true,
    defaultValue: SourceFailurePolicy.PARTIAL,
    description: ON_SOURCE_FAILURE,
  })
  readonly onSourceFailure?: SourceFailurePolicy | null
}

/** The same, always newest first. */
@ArgsType()
export class NumberCallRecordArguments extends CallRecordPageArguments {
  @Field(() => SourceFailurePolicy, {
    nullable: true,
    defaultValue: SourceFailurePolicy.PARTIAL,
    description: ON_SOURCE_FAILURE,
  })
  readonly onSourceFailure?: SourceFailurePolicy | null
}

/** Of what a page lacks. */
@ArgsType()
export class CallRecordGapArguments {
  @Field(() => String, { description: 'The `retryCursor` of a gap; it tells the list and what of it is missing.' })
  readonly cursor!: string

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_GAP_PAGE_SIZE,
    description: 'How many to give, from 1 to 100 unless the operator set another limit.',
  })
  readonly first?: number | null

  @Field(() => String, { nullable: true, description: 'The cursor of an earlier page of this gap, to go on after.' })
  readonly after?: string | null
}
