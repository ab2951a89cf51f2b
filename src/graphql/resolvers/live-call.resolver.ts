import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import { andThen, type Awaitable } from '../../awaitable.js'
import { didOf, groupOf, resolveReference } from '../../loaders/edges/destination.js'
import { Account } from '../../model/account.js'
import { CallRecord } from '../../model/call-record.js'
import { Did } from '../../model/did.js'
import { Group } from '../../model/group.js'
import { CallEvent, LiveCall } from '../../model/live-call.js'
import type { Context } from '../context.js'
import { liveAccounts, requireLiveCalls } from '../live-accounts.js'
import { ANY_LIST, Cost, Free } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { noteSources } from '../partial-lists.js'
import { LiveCallArguments, LiveCallList } from '../types/live-call-list.js'
import { asRoutingDestination, RoutingDestination } from '../types/unions.js'

@Resolver(() => LiveCall)
export class LiveCallResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', currentCalls: true })
  @Query(() => LiveCallList, {
    nullable: true,
    description:
      'Calls under way now in every account that can tell, and the cursor from which `callEvents` goes on without a gap.',
  })
  async liveCalls(
    @Ctx() context: Context,
    @Args(() => LiveCallArguments) selection: LiveCallArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LiveCallList> {
    const accounts = liveAccounts(selection, context)
    const list = await requireLiveCalls(context).list(accounts, selection)
    noteSources(list.sources, info, context)
    return list
  }

  @Free
  @FieldResolver(() => Account, { description: 'The account whose call it is.' })
  account(@Root() call: Readonly<LiveCall>, @Ctx() { loaders }: Context): Account {
    return loaders.account(call.accountKey).object
  }

  @Cost({ lists: ['dids'] })
  @FieldResolver(() => Did, { nullable: true, description: 'The number of ours that was dialled or is shown.' })
  did(@Root() call: Readonly<LiveCall>, @Ctx() { loaders }: Context): Awaitable<Did | null> {
    return didOf(loaders.account(call.accountKey), call.didRef)
  }

  @Cost({ lists: ANY_LIST })
  @FieldResolver(() => RoutingDestination, {
    nullable: true,
    description: 'Where it is now: ringing, queued or talking.',
  })
  currentTarget(@Root() call: Readonly<LiveCall>, @Ctx() { loaders }: Context): Awaitable<RoutingDestination | null> {
    if (!call.targetRef) return null
    return andThen(
      resolveReference(loaders.account(call.accountKey), call.targetRef, loaders.beganAt),
      asRoutingDestination,
    )
  }

  @Cost({ lists: ['groups'] })
  @FieldResolver(() => Group, {
    nullable: true,
    description: 'The group it waits in, or else the one it went through last; null where it went to none.',
  })
  group(@Root() call: Readonly<LiveCall>, @Ctx() { loaders }: Context): Awaitable<Group | null> {
    return groupOf(loaders.account(call.accountKey), call.groupRef ?? null)
  }
}

@Resolver(() => CallEvent)
export class CallEventResolver {
  @Cost({ calls: { per: 'object' } })
  @FieldResolver(() => CallRecord, {
    nullable: true,
    description: 'Set on RECORDED; may be read on ENDED, null until the provider has written it.',
  })
  callRecord(@Root() { type, call }: Readonly<CallEvent>, @Ctx() { loaders }: Context): Awaitable<CallRecord | null> {
    if (type !== 'RECORDED' && type !== 'ENDED') return null
    return loaders.callLog.byId(call.accountKey, call.providerCallId)
  }
}
