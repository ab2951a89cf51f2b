import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'

import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import { resolveReference } from '../../loaders/edges/destination.js'
import { Group } from '../../model/group.js'
import { SourceFailurePolicy } from '../../model/source-status.js'
import type { Context } from '../context.js'
import { DidConnection } from '../types/did-connection.js'
import { GROUPS, readDirectory, readKnown } from './directory.js'
import { GroupConnection, GroupFilter } from '../types/group-connection.js'
import { GroupMemberConnection, sliceMembers, type MemberPosition } from '../types/group-member-connection.js'
import { MemberPageArguments, membersSize, PageArguments } from '../types/page-arguments.js'
import { Needs } from '../needs.js'
import { asGroupMember } from '../types/unions.js'

@Resolver(() => Group)
export class GroupResolver {
  @Needs('telephony:read')
  @Query(() => GroupConnection, { nullable: true, description: 'The groups of all accounts, account by account.' })
  async groups(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => GroupFilter, { nullable: true, description: 'Which groups to list.' })
    filter: GroupFilter | null,
    @Arg('onSourceFailure', () => SourceFailurePolicy, {
      nullable: true,
      defaultValue: SourceFailurePolicy.PARTIAL,
      description: 'What to do when an account cannot answer.',
    })
    onSourceFailure: SourceFailurePolicy | null,
  ): Promise<GroupConnection> {
    const accounts = [...context.loaders.accounts.values()]
    const request = {
      of: null,
      accounts,
      page,
      filter,
      onSourceFailure: onSourceFailure ?? SourceFailurePolicy.PARTIAL,
    }
    return new GroupConnection(...(await readDirectory(GROUPS, context, request)))
  }

  @FieldResolver(() => String, { nullable: true, description: 'Internal number that reaches the group.' })
  number(@Root() group: Readonly<Group>, @Ctx() { loaders }: Context): Awaitable<string | null> {
    const account = loaders.account(group.accountKey)
    return account.lacks('Group.number') ? null : account.groups!.value(group, 'internalNumber')
  }

  @FieldResolver(() => GroupMemberConnection, {
    nullable: true,
    description: 'Who is in the group; null when the provider does not tell.',
  })
  async members(
    @Root() group: Readonly<Group>,
    @Ctx() context: Context,
    @Args(() => MemberPageArguments) page: MemberPageArguments,
  ): Promise<GroupMemberConnection | null> {
    const size = membersSize(page, context)
    const account = context.loaders.account(group.accountKey)
    const memberships = account.lacks('Group.members') ? null : await account.groups!.value(group, 'memberships')
    if (!memberships) return null

    const { cursors, viewer } = context
    const scope = { list: 'Group.members', of: group.id, workspace: viewer.workspace }
    const after = page.after == null ? null : (cursors.read(scope, page.after) as MemberPosition)
    const slice = sliceMembers(memberships, size, after)
    const found = await allOf(slice.memberships.map(({ member }) => resolveReference(account, member, group.fetchedAt)))
    const items = slice.memberships.map((membership, at) => ({ membership, node: asGroupMember(found[at]!) }))
    const sign = (position: unknown) => cursors.sign(scope, position)
    return new GroupMemberConnection({ ...slice, items, hasPreviousPage: after !== null }, sign, memberships.length)
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many members the provider counts, when it counts them.',
  })
  memberCount(@Root() group: Readonly<Group>, @Ctx() { loaders }: Context): Awaitable<number | null> {
    const account = loaders.account(group.accountKey)
    if (account.lacks('Group.memberCount')) return null
    if (group.countedMembers !== undefined) return group.countedMembers
    return andThen(account.groups!.value(group, 'memberships'), (memberships) => memberships?.length ?? null)
  }

  @FieldResolver(() => DidConnection, { nullable: true, description: 'Numbers that ring this group directly.' })
  async dids(
    @Root() group: Readonly<Group>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<DidConnection | null> {
    const account = context.loaders.account(group.accountKey)
    if (account.lacks('Group.dids')) return null
    const items = await account.reverse.didsOfGroup(group)
    const requests = () => (account.dids ? account.dids.list().requests + account.dids.otherRequests : 0)
    return new DidConnection(...(await readKnown('Group.dids', context, group, page, { items, requests })))
  }
}
