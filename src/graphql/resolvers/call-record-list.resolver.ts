import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import type { CallCriteria } from '../../loaders/calls/demand.js'
import type { CallRecordPage } from '../../loaders/calls/request.js'
import { Account } from '../../model/account.js'
import { Did } from '../../model/did.js'
import { Extension } from '../../model/extension.js'
import { Group } from '../../model/group.js'
import { OrderDirection } from '../../model/values/order-direction.js'
import { PhoneNumberLookup } from '../../model/phone-number-lookup.js'
import { SourceFailurePolicy } from '../../model/source-status.js'
import {
  CallRecordConnection,
  CallRecordGapArguments,
  MergedCallRecordArguments,
  NumberCallRecordArguments,
  OwnCallRecordArguments,
  type CallRecordPageArguments,
} from '../types/call-record-connection.js'
import { requireCallFilterIds } from '../require-ids.js'
import type { Context } from '../context.js'
import { ANY_LIST, Cost } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { DEFAULT_GAP_PAGE_SIZE, DEFAULT_PAGE_SIZE, pageSize, type PageSizeLimit } from '../page-size.js'
import { noteSources } from '../partial-lists.js'
import { isSelected } from '../selection.js'

@Resolver()
export class CallRecordListResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', calls: { per: 'account' } })
  @Query(() => CallRecordConnection, {
    nullable: true,
    description:
      'The calls of all accounts in one order of time, newest first unless asked otherwise. One of `first` and `last` is required.',
  })
  callRecords(
    @Args(() => MergedCallRecordArguments) page: MergedCallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(page, [], SourceFailurePolicy.PARTIAL, context, info)
  }
}

@Resolver()
export class CallRecordGapResolver {
  /**
   * Which filter the gap's list has is in the cursor, unseen here: the lists it may look its ids up
   * in are counted, the details of its calls only when they are read.
   */
  @Needs('telephony:read:own')
  @Cost({ calls: { per: 'account' }, lists: ANY_LIST })
  @Query(() => CallRecordConnection, {
    nullable: true,
    description:
      'Exactly the calls that a gap in `sources` says are missing. A list of its own, so that no cache mixes them into the page that lacks them. Null, with an error, when the account fails again; `sources` tells what is still missing.',
  })
  async callRecordGap(
    @Args(() => CallRecordGapArguments) page: CallRecordGapArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    const calls = await context.loaders.callLog.gap({
      cursor: page.cursor,
      first: pageSize(page, context, DEFAULT_GAP_PAGE_SIZE),
      after: page.after,
      wantsMore: isSelected(info, ['pageInfo', 'hasNextPage']),
    })
    noteSources(calls.sources, info, context)
    return calls
  }
}

@Resolver(() => Account)
export class AccountCallRecordsResolver {
  @Needs('telephony:read:own')
  @Cost({ calls: { per: 'account' } })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls of this account, newest first unless asked otherwise.',
  })
  callRecords(
    @Root() { id }: Account,
    @Args(() => OwnCallRecordArguments) page: OwnCallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return readOwn(page, { accountIds: [id] }, context, info)
  }
}

@Resolver(() => Did)
export class DidCallRecordsResolver {
  @Cost({ calls: { per: 'object' }, lists: ['dids'] })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls in which this number was dialled or shown, newest first unless asked otherwise.',
  })
  callRecords(
    @Root() { id, accountKey }: Did,
    @Args(() => OwnCallRecordArguments) page: OwnCallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return readOwn(page, { accountIds: owner(accountKey, context), didIds: [id] }, context, info)
  }
}

@Resolver(() => Extension)
export class ExtensionCallRecordsResolver {
  @Cost({ calls: { per: 'object' }, lists: ['extensions'] })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls this extension made, got, took, or rang for, newest first unless asked otherwise.',
  })
  callRecords(
    @Root() { id, accountKey }: Extension,
    @Args(() => OwnCallRecordArguments) page: OwnCallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return readOwn(page, { accountIds: owner(accountKey, context), extensionIds: [id] }, context, info)
  }
}

@Resolver(() => Group)
export class GroupCallRecordsResolver {
  @Cost({ calls: { per: 'object' }, lists: ['groups'] })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls that went to or through this group, newest first unless asked otherwise.',
  })
  callRecords(
    @Root() { id, accountKey }: Group,
    @Args(() => OwnCallRecordArguments) page: OwnCallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return readOwn(page, { accountIds: owner(accountKey, context), groupIds: [id] }, context, info)
  }
}

@Resolver(() => PhoneNumberLookup)
export class PhoneNumberCallRecordsResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', calls: { per: 'account', filter: 'numbers' } })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls with this number on either side, in all accounts, newest first.',
  })
  callRecords(
    @Root() { number }: PhoneNumberLookup,
    @Args(() => NumberCallRecordArguments) page: NumberCallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(withPageSize(page, context), [{ numbers: [number] }], SourceFailurePolicy.PARTIAL, context, info)
  }
}

/** The calls of one object: its account is their only source. */
function readOwn(page: OwnCallRecordArguments, implied: CallCriteria, context: Context, info: GraphQLResolveInfo) {
  return read(withPageSize(page, context), [implied], SourceFailurePolicy.FAIL, context, info)
}

/** `policy`: where the caller asks for none. */
async function read(
  page: MergedCallRecordArguments,
  implied: readonly CallCriteria[],
  policy: SourceFailurePolicy,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CallRecordPage> {
  const { first, after, last, before, filter, orderBy, onSourceFailure } = page
  requireCallFilterIds(filter)
  const calls = await context.loaders.callLog.connection({
    first,
    after,
    last,
    before,
    criteria: filter ? [...implied, filter] : implied,
    order: orderBy?.direction ?? OrderDirection.DESC,
    onSourceFailure: onSourceFailure ?? policy,
    wantsMore: isSelected(info, ['pageInfo', isBackwards(page) ? 'hasPreviousPage' : 'hasNextPage']),
    wantsCount: isSelected(info, ['totalCount']) || isSelected(info, ['countPrecision']),
  })
  noteSources(calls.sources, info, context)
  return calls
}

const isBackwards = ({ last }: CallRecordPageArguments) => last !== null && last !== undefined

/**
 * Below an object the page size is optional, because the object limits which calls. A limit below
 * the default lowers the default.
 */
function withPageSize<Page extends CallRecordPageArguments>(page: Page, { limits }: PageSizeLimit): Page {
  return page.first == null && page.last == null
    ? { ...page, first: Math.min(DEFAULT_PAGE_SIZE, limits.pageSize) }
    : page
}

const owner = (accountKey: string, { loaders }: Context): readonly string[] => [loaders.account(accountKey).account.id]
