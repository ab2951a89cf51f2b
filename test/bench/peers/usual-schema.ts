/** The classes of the graph, one by one, as type-graphql wants them. */
import 'reflect-metadata'

import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { WireDid } from './wire.js'

export enum AccountStatus {
  ACTIVE = 'ACTIVE',
  UNKNOWN = 'UNKNOWN',
}
export enum DidStatus {
  PENDING = 'PENDING',
  PORTING = 'PORTING',
  ACTIVE = 'ACTIVE',
  CANCELLED = 'CANCELLED',
  TERMINATED = 'TERMINATED',
  UNKNOWN = 'UNKNOWN',
}
export enum CallKind {
  VOICE = 'VOICE',
  UNKNOWN = 'UNKNOWN',
}
export enum CallDirection {
  INBOUND = 'INBOUND',
  OUTBOUND = 'OUTBOUND',
}
export enum CallDisposition {
  ANSWERED = 'ANSWERED',
  MISSED = 'MISSED',
  NO_ANSWER = 'NO_ANSWER',
}
export enum HangupParty {
  CALLER = 'CALLER',
  CALLEE = 'CALLEE',
  UNKNOWN = 'UNKNOWN',
}
export enum DayOfWeek {
  MONDAY = 'MONDAY',
  TUESDAY = 'TUESDAY',
  WEDNESDAY = 'WEDNESDAY',
  THURSDAY = 'THURSDAY',
  FRIDAY = 'FRIDAY',
  SATURDAY = 'SATURDAY',
  SUNDAY = 'SUNDAY',
}
const enums = { AccountStatus, DidStatus, CallKind, CallDirection, CallDisposition, HangupParty, DayOfWeek }
for (const [name, values] of Object.entries(enums)) registerEnumType(values, { name })

@ObjectType()
export class AccountProfile {
  @Field(() => String, { nullable: true }) name!: string | null
  @Field(() => AccountStatus) status!: AccountStatus
  @Field(() => String, { nullable: true }) plan!: string | null
}

@ObjectType()
export class Account {
  @Field(() => ID) id!: string
  @Field(() => String) label!: string
  key!: string
}

@ObjectType()
export class Extension {
  @Field(() => ID) id!: string
  @Field(() => String) number!: string
  @Field(() => String, { nullable: true }) displayName!: string | null
}

@ObjectType()
export class Group {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) name!: string | null
}

export const RoutingDestination = createUnionType({
  name: 'RoutingDestination',
  types: () => [Extension, Group] as const,
})

@ObjectType()
export class TimeInterval {
  @Field(() => String) start!: string
  @Field(() => String) end!: string
}

@ObjectType()
export class BusinessDay {
  @Field(() => DayOfWeek) day!: DayOfWeek
  @Field(() => Boolean) open!: boolean
  @Field(() => [TimeInterval]) intervals!: TimeInterval[]
}

@ObjectType()
export class BusinessHours {
  @Field(() => Boolean) enabled!: boolean
  @Field(() => String, { nullable: true }) timeZone!: string | null
  @Field(() => [BusinessDay]) days!: BusinessDay[]
}

@ObjectType()
export class Did {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) number!: string | null
  @Field(() => DidStatus) status!: DidStatus
  account!: string
  wire!: WireDid
}

@ObjectType()
export class DidConnection {
  @Field(() => Int, { nullable: true }) totalCount!: number | null
  @Field(() => [Did]) nodes!: Did[]
}

@InputType()
export class DidFilter {
  @Field(() => [DidStatus], { nullable: true }) statuses!: DidStatus[] | null
}

@ObjectType()
export class CallParty {
  @Field(() => String, { nullable: true }) number!: string | null
}

@ObjectType()
export class Money {
  @Field(() => String) amount!: string
}

@ObjectType()
export class CallRecord {
  @Field(() => ID) id!: string
  @Field(() => CallKind) kind!: CallKind
  @Field(() => CallDirection) direction!: CallDirection
  @Field(() => Date) startedAt!: Date
  @Field(() => Date, { nullable: true }) answeredAt!: Date | null
  @Field(() => Date, { nullable: true }) endedAt!: Date | null
  @Field(() => CallDisposition) disposition!: CallDisposition
  @Field(() => String, { nullable: true }) nativeHangupCause!: string | null
  @Field(() => HangupParty) hangupParty!: HangupParty
  @Field(() => CallParty) caller!: CallParty
  @Field(() => CallParty) callee!: CallParty
  @Field(() => Money, { nullable: true }) cost!: Money | null
  @Field(() => Account) account!: Account
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean
}

@ObjectType()
export class CallRecordConnection {
  @Field(() => Int, { nullable: true }) totalCount!: number | null
  @Field(() => [CallRecord]) nodes!: CallRecord[]
  @Field(() => PageInfo) pageInfo!: PageInfo
}
