import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import { andThen, type Awaitable } from '../../awaitable.js'
import { didOf, extensionOf, resolveReference } from '../../loaders/edges/destination.js'
import { VoicemailBox } from '../../model/destination.js'
import { Did } from '../../model/did.js'
import { Extension, ForwardingRule } from '../../model/extension.js'
import type { Context } from '../context.js'
import { ANY_LIST, Cost } from '../limits/cost.js'
import { Edge, listOf, listOfIds } from '../prefetch/edges.js'
import { DidConnection } from '../types/did-connection.js'
import { EXTENSIONS, readAllAccounts } from './directory.js'
import { pageOfItems } from './edge-page.js'
import { ExtensionConnection, ExtensionFilter, ExtensionOrder } from '../types/extension-connection.js'
import { GroupConnection } from '../types/group-connection.js'
import { PageArguments, SourceFailureArguments } from '../types/page-arguments.js'
import { Needs } from '../needs.js'
import { noteLeftOut } from '../partial-lists.js'
import { asRoutingDestination, RoutingDestination } from '../types/unions.js'

@Resolver(() => Extension)
export class ExtensionResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', lists: ['extensions'] })
  @Query(() => ExtensionConnection, {
    nullable: true,
    description: 'The extensions of all accounts, account by account unless ordered otherwise.',
  })
  async extensions(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => ExtensionFilter, { nullable: true, description: 'Which extensions to list.' })
    filter: ExtensionFilter | null,
    @Arg('orderBy', () => ExtensionOrder, { nullable: true, description: 'In which order.' })
    orderBy: ExtensionOrder | null,
    @Args(() => SourceFailureArguments) onFailure: SourceFailureArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ExtensionConnection> {
    return new ExtensionConnection(
      ...(await readAllAccounts(EXTENSIONS, context, { page, filter, orderBy, info }, onFailure)),
    )
  }

  @Cost({ detail: true, lists: ['dids'] })
  @Edge<Extension>({ lists: ['dids'], needed: ({ callerIdRef }) => listOf(callerIdRef) })
  @FieldResolver(() => Did, { nullable: true, description: 'The number of ours that is shown on outgoing calls.' })
  callerIdDid(@Root() extension: Readonly<Extension>, @Ctx() { loaders }: Context): Awaitable<Did | null> {
    const account = loaders.account(extension.accountKey)
    if (account.lacks('Extension.callerIdDid')) return null
    return andThen(account.extensions!.value(extension, 'callerIdRef'), (reference) => didOf(account, reference))
  }

  @Cost({ detail: true })
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether callers can leave a message when nobody answers.',
  })
  voicemailEnabled(@Root() extension: Readonly<Extension>, @Ctx() { loaders }: Context): Awaitable<boolean | null> {
    const account = loaders.account(extension.accountKey)
    return account.lacks('Extension.voicemailEnabled') ? null : account.extensions!.value(extension, 'voicemail')
  }

  @Cost({ detail: true })
  @FieldResolver(() => [ForwardingRule], {
    nullable: true,
    description: 'Where calls are sent on, and when; empty when they are not.',
  })
  forwarding(
    @Root() extension: Readonly<Extension>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Awaitable<readonly ForwardingRule[] | null> {
    const account = context.loaders.account(extension.accountKey)
    if (account.lacks('Extension.forwarding')) return null
    const onLeftOut = () => noteLeftOut(extension.accountKey, info, context)
    return account.extensions!.value(extension, 'forwardingRules', onLeftOut)
  }

  @Cost({ detail: true })
  @FieldResolver(() => [String], {
    nullable: true,
    description: 'Kinds of call this line may make, in the words of the provider.',
  })
  callPermissions(
    @Root() extension: Readonly<Extension>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Awaitable<readonly string[] | null> {
    const account = context.loaders.account(extension.accountKey)
    if (account.lacks('Extension.callPermissions')) return null
    const onLeftOut = () => noteLeftOut(extension.accountKey, info, context)
    return account.extensions!.value(extension, 'permissions', onLeftOut)
  }

  @Cost({ lists: ['groups', 'extensions'], sweep: { fields: ['Group.members'], objects: 5 } })
  @Edge<Extension>({ lists: ['groups'], needed: ({ groupIds }) => listOfIds(groupIds, 'groups') })
  @FieldResolver(() => GroupConnection, { nullable: true, description: 'The groups this line is a member of.' })
  async groups(
    @Root() extension: Readonly<Extension>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<GroupConnection | null> {
    const account = context.loaders.account(extension.accountKey)
    if (account.lacks('Extension.groups')) return null
    const read = { found: await account.reverse.groupsOfExtension(extension), through: account.groups }
    return new GroupConnection(...(await pageOfItems('Extension.groups', context, extension, page, read, info)))
  }

  @Cost({ lists: ['dids', 'extensions'] })
  @Edge<Extension>({ lists: ['dids'], needed: ({ didIds }) => listOfIds(didIds, 'dids') })
  @FieldResolver(() => DidConnection, { nullable: true, description: 'Numbers that ring here directly.' })
  async dids(
    @Root() extension: Readonly<Extension>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DidConnection | null> {
    const account = context.loaders.account(extension.accountKey)
    if (account.lacks('Extension.dids')) return null
    const read = { found: await account.reverse.didsOfExtension(extension), through: account.dids }
    return new DidConnection(...(await pageOfItems('Extension.dids', context, extension, page, read, info)))
  }
}

@Resolver(() => ForwardingRule)
export class ForwardingRuleResolver {
  @Cost({ lists: ANY_LIST })
  @FieldResolver(() => RoutingDestination, { nullable: true, description: 'Where the calls are sent.' })
  destination(
    @Root() rule: Readonly<ForwardingRule>,
    @Ctx() { loaders }: Context,
  ): Awaitable<RoutingDestination | null> {
    if (!rule.destinationRef) return null
    return andThen(
      resolveReference(loaders.account(rule.accountKey), rule.destinationRef, loaders.beganAt),
      asRoutingDestination,
    )
  }
}

@Resolver(() => VoicemailBox)
export class VoicemailBoxResolver {
  @Cost({ lists: ['extensions'] })
  @FieldResolver(() => Extension, { nullable: true, description: 'The line whose messages these are.' })
  extension(@Root() box: Readonly<VoicemailBox>, @Ctx() { loaders }: Context): Awaitable<Extension | null> {
    return extensionOf(loaders.account(box.accountKey), { kind: 'Extension', number: box.number })
  }
}
