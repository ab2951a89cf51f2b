import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, Float, Info, Int, Query, Resolver, Root } from 'type-graphql'

import { InvalidInput, ServiceUnavailable } from '../../../errors.js'
import type { FoundRow } from '../../../loaders/statistics/statistics-loader.js'
import { Account } from '../../../model/account.js'
import { Did } from '../../../model/did.js'
import { Extension } from '../../../model/extension.js'
import { Group } from '../../../model/group.js'
import { Money } from '../../../model/values/money.js'
import type { Context } from '../../context.js'
import { Cost, Free } from '../../limits/cost.js'
import { Needs } from '../../needs.js'
import { noteSources } from '../../partial-lists.js'
import { requireCallFilterIds } from '../../require-ids.js'
import {
  CallStatistics,
  CallStatisticsArguments,
  CallStatisticsRow,
  DEFAULT_ROWS,
  MOST_ROWS,
  statisticsRow,
} from '../../types/call-statistics.js'

const DEFAULT_PERCENTILE = 90
const DEFAULT_WITHIN_SECONDS = 20

@Resolver(() => CallStatisticsRow)
export class CallStatisticsResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', calls: { per: 'archive' } })
  @Query(() => CallStatistics, {
    nullable: true,
    description:
      'Calls of archives, added up: exactly, and without a request for any call. Accounts without an archive are UNSUPPORTED in `sources`.',
  })
  async callStatistics(
    @Args(() => CallStatisticsArguments) { filter, groupBy, timeZone, first }: CallStatisticsArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallStatistics> {
    if (!context.statistics) throw new ServiceUnavailable('This server keeps no archives of calls.')
    requireCallFilterIds(filter)
    const { rows, total, truncated, sources } = await context.statistics.read({
      ...{ criteria: filter, groupBy, timeZone: timeZone ?? 'UTC', first: rowCount(first) },
    })
    noteSources(sources, info, context)
    return {
      rows: rows.map(statisticsRow),
      total: statisticsRow({ ...NOTHING_IN_COMMON, figures: total }),
      truncated,
      sources,
    }
  }

  @Free
  @FieldResolver(() => Account, { nullable: true, description: 'The account of these calls.' })
  account(@Root() { found }: Readonly<CallStatisticsRow>): Account | null {
    return found.account?.object ?? null
  }

  @Free
  @FieldResolver(() => Extension, {
    nullable: true,
    description: 'The extension that took part; null, too, for calls in which none did that there is now.',
  })
  extension(@Root() { found }: Readonly<CallStatisticsRow>): Extension | null {
    return found.extension
  }

  @Free
  @FieldResolver(() => Group, {
    nullable: true,
    description: 'The group that was passed; null, too, for calls that passed none that there is now.',
  })
  group(@Root() { found }: Readonly<CallStatisticsRow>): Group | null {
    return found.group
  }

  @Free
  @FieldResolver(() => Did, {
    nullable: true,
    description: 'The number that was dialled or shown; null, too, for calls with none that there is now.',
  })
  did(@Root() { found }: Readonly<CallStatisticsRow>): Did | null {
    return found.did
  }

  @Free
  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Seconds of talk of an answered call, on average, where its length is known.',
  })
  averageTalkSeconds(@Root() { found }: Readonly<CallStatisticsRow>): number | null {
    return found.figures.averageTalkSeconds
  }

  @Free
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Seconds from start to answer, or to the end of an incoming call that nobody answered, on average; of an extension, of calls that it answered or made.',
  })
  averageWaitSeconds(@Root() { found }: Readonly<CallStatisticsRow>): number | null {
    return found.figures.averageWaitSeconds
  }

  @Free
  @FieldResolver(() => Float, {
    nullable: true,
    description: 'The wait that so many percent of the same calls did not exceed, exactly: the nearest rank.',
  })
  waitSeconds(
    @Root() { found }: Readonly<CallStatisticsRow>,
    @Arg('percentile', () => Int, { defaultValue: DEFAULT_PERCENTILE, description: 'From 0 to 100.' })
    percentile: number,
  ): number | null {
    if (percentile < 0 || percentile > 100)
      throw new InvalidInput(`\`percentile\` of waitSeconds must be from 0 to 100, but it is ${percentile}.`)
    return found.figures.waitSeconds(percentile)
  }

  @Free
  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Share of the answered calls that waited no longer, from 0 to 1.',
  })
  serviceLevel(
    @Root() { found }: Readonly<CallStatisticsRow>,
    @Arg('withinSeconds', () => Int, { defaultValue: DEFAULT_WITHIN_SECONDS, description: 'Seconds, 0 or more.' })
    withinSeconds: number,
  ): number | null {
    if (withinSeconds < 0)
      throw new InvalidInput(`\`withinSeconds\` of serviceLevel must be 0 or more, but it is ${withinSeconds}.`)
    return found.figures.serviceLevel(withinSeconds)
  }

  @Free
  @FieldResolver(() => Float, { nullable: true, description: 'The longest wait of the same calls.' })
  longestWaitSeconds(@Root() { found }: Readonly<CallStatisticsRow>): number | null {
    return found.figures.longestWaitSeconds
  }

  @Free
  @FieldResolver(() => [Money], {
    description: 'What the calls cost in all, exactly, in each currency; of an extension, those it answered or made.',
  })
  cost(@Root() { found }: Readonly<CallStatisticsRow>): readonly Money[] {
    return found.figures.cost
  }
}

const NOTHING_IN_COMMON: Omit<FoundRow, 'figures'> = {
  place: {
    ...{ period: null, hourOfDay: null, dayOfWeek: null, account: null, direction: null, disposition: null },
    ...{ extension: null, group: null, did: null },
  },
  ...{ account: null, extension: null, group: null, did: null },
}

/** @throws InvalidInput for a number out of range */
function rowCount(first: number | null | undefined): number {
  const rows = first ?? DEFAULT_ROWS
  if (rows >= 1 && rows <= MOST_ROWS) return rows
  throw new InvalidInput(`\`first\` of callStatistics must be from 1 to ${MOST_ROWS}, but it is ${rows}.`)
}
