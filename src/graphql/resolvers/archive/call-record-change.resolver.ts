import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import { whyNoArchive } from '../../../loaders/archive/archive-loader.js'
import { CallRecordChange } from '../../../model/archive/call-record-change.js'
import { CallRecord } from '../../../model/call-record.js'
import type { Context } from '../../context.js'
import { Cost, Free } from '../../limits/cost.js'
import { Needs } from '../../needs.js'
import { pageSize } from '../../page-size.js'
import { noteMissing } from '../../partial-lists.js'
import {
  CallRecordChangeConnection,
  CallRecordChangesArguments,
  changeConnection,
  DEFAULT_CHANGES,
} from '../../types/call-record-change.js'
import { requireArchive, selectedAccounts } from './archive-accounts.js'

@Resolver(() => CallRecordChange)
export class CallRecordChangeResolver {
  @Needs('telephony:read:own')
  @Cost({})
  @Query(() => CallRecordChangeConnection, {
    nullable: true,
    description:
      'What became of the calls of archives since a cursor, in the order in which it was seen; without a cursor from the beginning. Accounts without an archive are named in `extensions.partial`.',
  })
  async callRecordChanges(
    @Ctx() context: Context,
    @Args(() => CallRecordChangesArguments) { first, after, accountIds }: CallRecordChangesArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CallRecordChangeConnection> {
    const size = pageSize({ first }, context, DEFAULT_CHANGES)
    const accounts = selectedAccounts(accountIds, context)
    const archive = requireArchive(context)
    const position = after == null ? null : await archive.positionOf(after)
    const page = await archive.page(accounts, position, size)
    noteMissing(
      accounts.flatMap((account) => {
        const message = whyNoArchive(account)
        return message === null ? [] : [{ accountKey: account.account.key, message }]
      }),
      info,
      context,
    )
    const nodes = page.changes.map((change) => archive.changeOf(change))
    return changeConnection(page, nodes, {
      hasPreviousPage: position !== null,
      cursorOf: (at) => archive.cursorOf(at),
    })
  }

  @Free
  @FieldResolver(() => CallRecord, {
    nullable: true,
    description: 'The call as it is archived now, which may be later than this change; null when it is gone.',
  })
  callRecord(@Root() change: Readonly<CallRecordChange>, @Ctx() context: Context): Promise<CallRecord | null> {
    return requireArchive(context).call(change)
  }
}
