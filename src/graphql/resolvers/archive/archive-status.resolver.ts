import { Ctx, FieldResolver, Float, Resolver, Root } from 'type-graphql'

import { Account } from '../../../model/account.js'
import { ArchiveStatus } from '../../../model/archive/archive-status.js'
import { DateTime } from '../../../model/values/scalars.js'
import type { Context } from '../../context.js'
import { Free } from '../../limits/cost.js'
import { Needs } from '../../needs.js'

@Resolver(() => Account)
export class AccountArchiveResolver {
  @Needs('telephony:read')
  @Free
  @FieldResolver(() => ArchiveStatus, {
    nullable: true,
    description: 'How the archive of its calls is doing; null where it has none.',
  })
  async archive(
    @Root() { key }: Readonly<Account>,
    @Ctx() { archive, loaders }: Context,
  ): Promise<ArchiveStatus | null> {
    return (await archive?.status(loaders.account(key))) ?? null
  }
}

@Resolver(() => ArchiveStatus)
export class ArchiveStatusResolver {
  @Free
  @FieldResolver(() => DateTime, { nullable: true, description: 'When its oldest call began.' })
  async oldest(@Root() { held }: Readonly<ArchiveStatus>): Promise<string | null> {
    return (await held()).oldest
  }

  @Free
  @FieldResolver(() => DateTime, { nullable: true, description: 'When its newest call began.' })
  async newest(@Root() { held }: Readonly<ArchiveStatus>): Promise<string | null> {
    return (await held()).newest
  }

  @Free
  @FieldResolver(() => Float, { description: 'How many calls it holds.' })
  async calls(@Root() { held }: Readonly<ArchiveStatus>): Promise<number> {
    return (await held()).calls
  }
}
