import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'

import { andThen } from '../../awaitable.js'
import { Account } from '../../model/account.js'
import type { CallRecord } from '../../model/call-record.js'
import { HoldsCredential } from '../../model/holds-credential.js'
import { ProviderResource } from '../../model/node.js'
import { JSON } from '../../model/values/scalars.js'
import { SourceStatus } from '../../model/source-status.js'
import type { Context } from '../context.js'
import { Cost, Free } from '../limits/cost.js'
import { inListOrDetail } from './call-record.resolver.js'
import { narrow } from './narrow.js'
import { Needs } from '../needs.js'

/** Fields of every object that is read from a provider. */
@Resolver(() => ProviderResource)
export class ProviderResourceResolver {
  @Free
  @FieldResolver(() => Account, { description: 'The account it was read from.' })
  account(@Root() resource: Readonly<ProviderResource>, @Ctx() { loaders }: Context): Account {
    return loaders.account(resource.accountKey).object
  }

  @HoldsCredential
  @Needs('telephony:raw')
  // A payload is a whole object.
  @Cost({ values: 10 })
  @FieldResolver(() => JSON, {
    nullable: true,
    description: "The provider's own payload, secrets removed. Needs the scope telephony:raw.",
  })
  raw(
    @Root() resource: Readonly<ProviderResource>,
    @Ctx() context: Context,
    @Arg('paths', () => [String], {
      nullable: true,
      description: 'Keeps only these members, given as dotted paths; a path goes through every item of a list.',
    })
    paths: readonly string[] | null | undefined,
  ): unknown {
    // A caller that has not all recordings of a call has no payload, which only the detail may tell.
    const payload =
      resource.payload === undefined ? inListOrDetail(resource as CallRecord, 'payload', context) : resource.payload
    return paths ? andThen(payload, (whole) => narrow(whole, paths)) : payload
  }
}

@Resolver(() => SourceStatus)
export class SourceStatusResolver {
  @Free
  @FieldResolver(() => Account, { description: 'The account this is about.' })
  account(@Root() status: Readonly<SourceStatus>, @Ctx() { loaders }: Context): Account {
    return loaders.account(status.accountKey).object
  }
}
