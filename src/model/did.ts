import { Field, ObjectType, registerEnumType } from 'type-graphql'

import { Dialable } from './dialable.js'
import type { InDetail } from './in-detail.js'
import { Node, ProviderResource } from './node.js'
import type { Reference } from './reference.js'
import { LocalTime, PhoneNumber, TimeZone } from './values/scalars.js'

export enum DidStatus {
  PENDING = 'PENDING',
  PORTING = 'PORTING',
  ACTIVE = 'ACTIVE',
  CANCELLED = 'CANCELLED',
  TERMINATED = 'TERMINATED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(DidStatus, {
  name: 'DidStatus',
  description: 'Where a number stands in its life.',
  valuesConfig: {
    PENDING: { description: 'Ordered, not yet working.' },
    PORTING: { description: 'Being brought over from another operator.' },
    ACTIVE: { description: 'Working.' },
    CANCELLED: { description: 'The order was cancelled.' },
    TERMINATED: { description: 'Given up or closed.' },
    UNKNOWN: { description: 'A word we do not know; see nativeStatus.' },
  },
})

export enum DayOfWeek {
  MONDAY = 'MONDAY',
  TUESDAY = 'TUESDAY',
  WEDNESDAY = 'WEDNESDAY',
  THURSDAY = 'THURSDAY',
  FRIDAY = 'FRIDAY',
  SATURDAY = 'SATURDAY',
  SUNDAY = 'SUNDAY',
}
registerEnumType(DayOfWeek, {
  name: 'DayOfWeek',
  description: 'A day of the week.',
  valuesConfig: {
    MONDAY: { description: 'Monday.' },
    TUESDAY: { description: 'Tuesday.' },
    WEDNESDAY: { description: 'Wednesday.' },
    THURSDAY: { description: 'Thursday.' },
    FRIDAY: { description: 'Friday.' },
    SATURDAY: { description: 'Saturday.' },
    SUNDAY: { description: 'Sunday.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A span of time within one day.' })
export class TimeInterval {
  @Field(() => LocalTime, { description: 'When it starts.' })
  readonly start!: string

  @Field(() => LocalTime, { description: 'When it ends.' })
  readonly end!: string
}

@ObjectType({ simpleResolvers: true, description: 'The opening hours of one day of the week.' })
export class BusinessDay {
  @Field(() => DayOfWeek, { description: 'The day.' })
  readonly day!: DayOfWeek

  @Field(() => Boolean, { description: 'Whether the business is open on this day at all.' })
  readonly open!: boolean

  @Field(() => [TimeInterval], {
    description: 'The open times; two where there is a lunch break, none on a closed day.',
  })
  readonly intervals!: readonly TimeInterval[]
}

@ObjectType({ simpleResolvers: true, description: 'When calls to a number are treated as within business hours.' })
export class BusinessHours {
  @Field(() => Boolean, { description: 'Whether business hours apply to this number.' })
  readonly enabled!: boolean

  @Field(() => TimeZone, { nullable: true, description: 'The time zone the hours are meant in.' })
  readonly timeZone!: string | null

  @Field(() => [BusinessDay], { description: 'The days, Monday first; none when the hours do not apply.' })
  readonly days!: readonly BusinessDay[]
}

@ObjectType({
  simpleResolvers: true,
  implements: [Node, ProviderResource, Dialable],
  description: 'A direct inward dialling number: a number that people outside can call.',
})
export class Did extends ProviderResource {
  declare readonly __typename: 'Did'

  @Field(() => PhoneNumber, {
    nullable: true,
    description: "The number in E.164; null when the provider's text cannot be read as one.",
  })
  readonly number!: string | null

  @Field(() => String, { description: 'The number as the provider writes it.' })
  readonly rawNumber!: string

  @Field(() => DidStatus, { description: 'Where the number stands in its life.' })
  readonly status!: DidStatus

  @Field(() => String, { nullable: true, description: "The provider's own word for the status." })
  readonly nativeStatus!: string | null

  /** Edge `destination`; null when calls go nowhere. */
  readonly destinationRef!: Reference | null

  /** Edge `businessHours`; null where the provider has no such setting. */
  readonly hours!: InDetail<BusinessHours | null>
}
