import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'

import { andThen, type Awaitable } from '../../awaitable.js'
import { resolveReference } from '../../loaders/edges/destination.js'
import { BusinessHours, Did } from '../../model/did.js'
import { SourceFailurePolicy } from '../../model/source-status.js'
import type { Context } from '../context.js'
import { DidConnection, DidFilter, DidOrder } from '../types/did-connection.js'
import { DIDS, readDirectory } from './directory.js'
import { PageArguments } from '../types/page-arguments.js'
import { Needs } from '../needs.js'
import { asRoutingDestination, RoutingDestination } from '../types/unions.js'

@Resolver(() => Did)
export class DidResolver {
  @Needs('telephony:read')
  @Query(() => DidConnection, {
    nullable: true,
    description: 'The numbers of all accounts, account by account unless ordered otherwise.',
  })
  async dids(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => DidFilter, { nullable: true, description: 'Which numbers to list.' }) filter: DidFilter | null,
    @Arg('orderBy', () => DidOrder, { nullable: true, description: 'In which order.' }) orderBy: DidOrder | null,
    @Arg('onSourceFailure', () => SourceFailurePolicy, {
      nullable: true,
      defaultValue: SourceFailurePolicy.PARTIAL,
      description: 'What to do when an account cannot answer.',
    })
    onSourceFailure: SourceFailurePolicy | null,
  ): Promise<DidConnection> {
    const accounts = [...context.loaders.accounts.values()]
    const request = {
      of: null,
      accounts,
      page,
      filter,
      orderBy,
      onSourceFailure: onSourceFailure ?? SourceFailurePolicy.PARTIAL,
    }
    return new DidConnection(...(await readDirectory(DIDS, context, request)))
  }

  @FieldResolver(() => RoutingDestination, { nullable: true, description: 'Where an incoming call goes first.' })
  destination(@Root() did: Readonly<Did>, @Ctx() { loaders }: Context): Awaitable<RoutingDestination | null> {
    if (!did.destinationRef) return null
    return andThen(
      resolveReference(loaders.account(did.accountKey), did.destinationRef, did.fetchedAt),
      asRoutingDestination,
    )
  }

  @FieldResolver(() => BusinessHours, {
    nullable: true,
    description:
      'When calls count as within business hours; null when the number has none, or the provider does not tell.',
  })
  businessHours(@Root() did: Readonly<Did>, @Ctx() { loaders }: Context): Awaitable<BusinessHours | null> {
    const account = loaders.account(did.accountKey)
    return account.lacks('Did.businessHours') ? null : account.dids!.value(did, 'hours')
  }
}
