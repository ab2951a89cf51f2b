import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import { andThen, type Awaitable } from '../../awaitable.js'
import { resolveReference } from '../../loaders/edges/destination.js'
import { BusinessHours, Did } from '../../model/did.js'
import type { Context } from '../context.js'
import { ANY_LIST, Cost } from '../limits/cost.js'
import { Edge, listOf } from '../prefetch/edges.js'
import { DidConnection, DidFilter, DidOrder } from '../types/did-connection.js'
import { DIDS, readAllAccounts } from './directory.js'
import { PageArguments, SourceFailureArguments } from '../types/page-arguments.js'
import { Needs } from '../needs.js'
import { noteLeftOut } from '../partial-lists.js'
import { asRoutingDestination, RoutingDestination } from '../types/unions.js'

@Resolver(() => Did)
export class DidResolver {
  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', lists: ['dids'] })
  @Query(() => DidConnection, {
    nullable: true,
    description: 'The numbers of all accounts, account by account unless ordered otherwise.',
  })
  async dids(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => DidFilter, { nullable: true, description: 'Which numbers to list.' }) filter: DidFilter | null,
    @Arg('orderBy', () => DidOrder, { nullable: true, description: 'In which order.' }) orderBy: DidOrder | null,
    @Args(() => SourceFailureArguments) onFailure: SourceFailureArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DidConnection> {
    return new DidConnection(...(await readAllAccounts(DIDS, context, { page, filter, orderBy, info }, onFailure)))
  }

  @Cost({ lists: ANY_LIST })
  @Edge<Did>({ lists: ['extensions', 'groups'], needed: ({ destinationRef }) => listOf(destinationRef) })
  @FieldResolver(() => RoutingDestination, { nullable: true, description: 'Where an incoming call goes first.' })
  destination(@Root() did: Readonly<Did>, @Ctx() { loaders }: Context): Awaitable<RoutingDestination | null> {
    if (!did.destinationRef) return null
    return andThen(
      resolveReference(loaders.account(did.accountKey), did.destinationRef, did.fetchedAt),
      asRoutingDestination,
    )
  }

  @Cost({ detail: true })
  @FieldResolver(() => BusinessHours, {
    nullable: true,
    description:
      'When calls count as within business hours; null when the number has none, or the provider does not tell.',
  })
  businessHours(
    @Root() did: Readonly<Did>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Awaitable<BusinessHours | null> {
    const account = context.loaders.account(did.accountKey)
    if (account.lacks('Did.businessHours')) return null
    return account.dids!.value(did, 'hours', () => noteLeftOut(did.accountKey, info, context))
  }
}
