import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import type { CallCriteria } from '../../loaders/calls/demand.js'
import type { CallRecordPage } from '../../loaders/calls/request.js'
import { Account } from '../../model/account.js'
import { Did } from '../../model/did.js'
import { Extension } from '../../model/extension.js'
import { Group } from '../../model/group.js'
import { OrderDirection } from '../../model/order-direction.js'
import { PhoneNumberLookup } from '../../model/phone-number-lookup.js'
import { SourceFailurePolicy } from '../../model/source-status.js'
import {
  CallRecordArguments,
  CallRecordConnection,
  CallRecordPageArguments,
  MergedCallRecordArguments,
} from '../types/call-record-connection.js'
import type { Context } from '../context.js'
import { Cost } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { DEFAULT_PAGE_SIZE, type PageSizeLimit } from '../page-size.js'
import { isSelected } from '../selection.js'

@Resolver()
export class CallRecordListResolver {
  @Needs('telephony:read')
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
    return read(page, [], context, info)
  }
}

@Resolver(() => Account)
export class AccountCallRecordsResolver {
  @Needs('telephony:read')
  @Cost({ calls: { per: 'account' } })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls of this account, newest first unless asked otherwise.',
  })
  callRecords(
    @Root() { id }: Account,
    @Args(() => CallRecordArguments) page: CallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(withPageSize(page, context), [{ accountIds: [id] }], context, info)
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
    @Args(() => CallRecordArguments) page: CallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(withPageSize(page, context), [{ accountIds: owner(accountKey, context), didIds: [id] }], context, info)
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
    @Args(() => CallRecordArguments) page: CallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(
      withPageSize(page, context),
      [{ accountIds: owner(accountKey, context), extensionIds: [id] }],
      context,
      info,
    )
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
    @Args(() => CallRecordArguments) page: CallRecordArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(
      withPageSize(page, context),
      [{ accountIds: owner(accountKey, context), groupIds: [id] }],
      context,
      info,
    )
  }
}

@Resolver(() => PhoneNumberLookup)
export class PhoneNumberCallRecordsResolver {
  @Needs('telephony:read')
  @Cost({ accounts: 'all', calls: { per: 'account', filter: 'numbers' } })
  @FieldResolver(() => CallRecordConnection, {
    nullable: true,
    description: 'The calls with this number on either side, in all accounts, newest first.',
  })
  callRecords(
    @Root() { number }: PhoneNumberLookup,
    @Args(() => CallRecordPageArguments) page: CallRecordPageArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordPage> {
    return read(withPageSize(page, context), [{ numbers: [number] }], context, info)
  }
}

function read(
  page: MergedCallRecordArguments,
  implied: readonly CallCriteria[],
  context: Context,
  info: GraphQLResolveInfo,
) {
  const { first, after, last, before, filter, orderBy, onSourceFailure } = page
  return context.loaders.callLog.connection({
    first,
    after,
    last,
    before,
    criteria: filter ? [...implied, filter] : implied,
    order: orderBy?.direction ?? OrderDirection.DESC,
    onSourceFailure: onSourceFailure ?? SourceFailurePolicy.PARTIAL,
    wantsMore: isSelected(info, ['pageInfo', isBackwards(page) ? 'hasPreviousPage' : 'hasNextPage']),
  })
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
