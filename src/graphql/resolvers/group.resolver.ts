import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql'

import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import { resolveReference } from '../../loaders/edges/destination.js'
import { Group } from '../../model/group.js'
import type { Context } from '../context.js'
import { ANY_LIST, Cost } from '../limits/cost.js'
import { Edge, listOf } from '../prefetch/edges.js'
import { DidConnection } from '../types/did-connection.js'
import { DISPLAY_NUMBER } from './dialable.resolver.js'
import { GROUPS, readAllAccounts } from './directory.js'
import { pageOfItems } from './edge-page.js'
import { GroupConnection, GroupFilter } from '../types/group-connection.js'
import { GroupMemberConnection, sliceMembers, type MemberPosition } from '../types/group-member-connection.js'
import { DEFAULT_MEMBER_PAGE_SIZE, pageSize } from '../page-size.js'
import { MemberPageArguments, PageArguments, SourceFailureArguments } from '../types/page-arguments.js'
import { Needs } from '../needs.js'
import { noteLeftOut } from '../partial-lists.js'
import { asGroupMember } from '../types/unions.js'

@Resolver(() => Group)
export class GroupResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', lists: ['groups'] })
  @Query(() => GroupConnection, { nullable: true, description: 'The groups of all accounts, account by account.' })
  async groups(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => GroupFilter, { nullable: true, description: 'Which groups to list.' })
    filter: GroupFilter | null,
    @Args(() => SourceFailureArguments) onFailure: SourceFailureArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<GroupConnection> {
    return new GroupConnection(...(await readAllAccounts(GROUPS, context, { page, filter, info }, onFailure)))
  }

  @Cost({ detail: true })
  @FieldResolver(() => String, { nullable: true, description: 'Internal number that reaches the group.' })
  number(@Root() group: Readonly<Group>, @Ctx() { loaders }: Context): Awaitable<string | null> {
    const account = loaders.account(group.accountKey)
    return account.lacks('Group.number') ? null : account.groups!.value(group, 'internalNumber')
  }

  @Cost({ detail: 'Group.number' })
  @FieldResolver(() => String, { nullable: true, description: DISPLAY_NUMBER })
  displayNumber(@Root() group: Readonly<Group>, @Ctx() context: Context): Awaitable<string | null> {
    return this.number(group, context)
  }

  @Cost({ detail: true, lists: ANY_LIST })
  // The first member is on every page.
  @Edge<Group>({ lists: ['extensions'], needed: ({ memberships }) => listOf(memberships?.[0]?.member) })
  @FieldResolver(() => GroupMemberConnection, {
    nullable: true,
    description: 'Who is in the group; null when the provider does not tell.',
  })
  async members(
    @Root() group: Readonly<Group>,
    @Ctx() context: Context,
    @Args(() => MemberPageArguments) page: MemberPageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<GroupMemberConnection | null> {
    const size = pageSize(page, context, DEFAULT_MEMBER_PAGE_SIZE)
    const account = context.loaders.account(group.accountKey)
    if (account.lacks('Group.members')) return null
    const onLeftOut = () => noteLeftOut(group.accountKey, info, context)
    const memberships = await account.groups!.value(group, 'memberships', onLeftOut)
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

  @Cost({ detail: true })
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

  @Cost({ lists: ['dids', 'groups'] })
  @Edge<Group>({ lists: ['dids'], needed: () => ['dids'] })
  @FieldResolver(() => DidConnection, { nullable: true, description: 'Numbers that ring this group directly.' })
  async dids(
    @Root() group: Readonly<Group>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DidConnection | null> {
    const account = context.loaders.account(group.accountKey)
    if (account.lacks('Group.dids')) return null
    const read = { found: await account.reverse.didsOfGroup(group), through: account.dids }
    return new DidConnection(...(await pageOfItems('Group.dids', context, group, page, read, info)))
  }
}
