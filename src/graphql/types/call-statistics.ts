import { ArgsType, Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { FoundRow } from '../../loaders/statistics/statistics-loader.js'
import { CallDirection, CallDisposition } from '../../model/call-record.js'
import { DayOfWeek } from '../../model/did.js'
import { SourceStatus } from '../../model/source-status.js'
import { DateTime, TimeZone } from '../../model/values/scalars.js'
import { Cost } from '../limits/cost.js'
import { CallRecordFilter } from './call-record-connection.js'

/** Rows for which no number is asked, and the most there are. */
export const DEFAULT_ROWS = 500
export const MOST_ROWS = 5_000

export enum CallStatisticsDimension {
  HOUR = 'HOUR',
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
  HOUR_OF_DAY = 'HOUR_OF_DAY',
  DAY_OF_WEEK = 'DAY_OF_WEEK',
  ACCOUNT = 'ACCOUNT',
  DIRECTION = 'DIRECTION',
  DISPOSITION = 'DISPOSITION',
  EXTENSION = 'EXTENSION',
  GROUP = 'GROUP',
  DID = 'DID',
}
registerEnumType(CallStatisticsDimension, {
  name: 'CallStatisticsDimension',
  description: 'What statistics of calls can be told apart by.',
  valuesConfig: {
    HOUR: { description: 'Each hour; at most one of HOUR, DAY, WEEK and MONTH is possible.' },
    DAY: { description: 'Each day.' },
    WEEK: { description: 'Each week, from Monday.' },
    MONTH: { description: 'Each month.' },
    HOUR_OF_DAY: { description: 'The hours of the day, over all days.' },
    DAY_OF_WEEK: { description: 'The days of the week, over all weeks.' },
    ACCOUNT: { description: 'The account.' },
    DIRECTION: { description: 'Which way the calls went.' },
    DISPOSITION: { description: 'How they ended.' },
    EXTENSION: {
      description:
        'Whoever took part: a call counts in `calls` and `missed` of each, even by ringing only, and in everything else of those who answered or made it.',
    },
    GROUP: { description: 'The groups passed: a call counts in the row of each, wherever it was answered.' },
    DID: { description: 'The number of ours that was dialled or shown.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  description: 'Figures of calls that have something in common; what rows are not told apart by is null.',
})
export class CallStatisticsRow {
  /** What the other fields are found in. */
  readonly found!: FoundRow

  @Field(() => DateTime, {
    nullable: true,
    description: 'Start of the hour, day, week or month, as the clocks of `timeZone` have it.',
  })
  readonly period!: string | null

  @Field(() => CallDirection, { nullable: true, description: 'Which way these calls went.' })
  readonly direction!: `${CallDirection}` | null

  @Field(() => CallDisposition, { nullable: true, description: 'How these calls ended.' })
  readonly disposition!: `${CallDisposition}` | null

  @Field(() => Int, { nullable: true, description: 'The hour of the day, from 0 to 23.' })
  readonly hourOfDay!: number | null

  @Field(() => DayOfWeek, { nullable: true, description: 'The day of the week.' })
  readonly dayOfWeek!: `${DayOfWeek}` | null

  @Field(() => Int, { description: 'How many calls; of an extension, also those at which it has only rung.' })
  readonly calls!: number

  @Field(() => Int, {
    description: 'How many of them ended as ANSWERED; of an extension, those that it answered or made itself.',
  })
  readonly answered!: number

  @Field(() => Int, { description: 'How many of all these ended as MISSED.' })
  readonly missed!: number

  @Field(() => Float, {
    description: 'Seconds of talk in all; of an extension, on calls that it answered or made itself.',
  })
  readonly talkSeconds!: number
}

@ObjectType({ simpleResolvers: true, description: 'Figures of the calls that archives hold.' })
export class CallStatistics {
  @Cost({ items: 'page' })
  @Field(() => [CallStatisticsRow], {
    description: 'By time, then those with the most calls first; none for what no call was made in.',
  })
  readonly rows!: readonly CallStatisticsRow[]

  @Field(() => CallStatisticsRow, { description: 'Every call once, also of rows that are left out.' })
  readonly total!: CallStatisticsRow

  @Field(() => Boolean, { description: 'Whether there are more rows than were asked for.' })
  readonly truncated!: boolean

  @Field(() => [SourceStatus], { description: 'How each account that was asked contributed.' })
  readonly sources!: readonly SourceStatus[]
}

@ArgsType()
export class CallStatisticsArguments {
  @Field(() => CallRecordFilter, { description: 'Which calls to add up.' })
  readonly filter!: CallRecordFilter

  @Field(() => [CallStatisticsDimension], {
    defaultValue: [],
    description: 'What rows are told apart by; nothing: there is one row with all calls.',
  })
  readonly groupBy!: readonly CallStatisticsDimension[]

  @Field(() => TimeZone, {
    nullable: true,
    description: 'Whose clocks and calendar hours, days, weeks and months are those of; UTC unless given.',
  })
  readonly timeZone?: string | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_ROWS,
    description: 'How many rows to give, from 1 to 5,000.',
  })
  readonly first?: number | null
}

const DAYS = Object.values(DayOfWeek)

/** A row of the graph. */
export function statisticsRow(found: FoundRow): CallStatisticsRow {
  const { place, figures } = found
  const { calls, answered, missed, talkSeconds } = figures
  return {
    found,
    period: place.period === null ? null : new Date(place.period).toISOString(),
    direction: place.direction as CallDirection | null,
    disposition: place.disposition as CallDisposition | null,
    hourOfDay: place.hourOfDay,
    dayOfWeek: place.dayOfWeek === null ? null : DAYS[place.dayOfWeek]!,
    ...{ calls, answered, missed, talkSeconds },
  }
}
