import type { GraphQLResolveInfo } from 'graphql'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { Arg, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql'

import { didsWithNumber, extensionsWithNumber } from '../../loaders/phone-number.js'
import { Did } from '../../model/did.js'
import { Extension } from '../../model/extension.js'
import { PhoneNumberLookup } from '../../model/phone-number-lookup.js'
import { PhoneNumber } from '../../model/values/scalars.js'
import type { Context } from '../context.js'
import { Cost, Free } from '../limits/cost.js'
import { publicNumber } from '../public-number.js'
import { Needs } from '../needs.js'
import { noteSources } from '../partial-lists.js'

@Resolver(() => PhoneNumberLookup)
export class PhoneNumberResolver {
  /**
   * Needs no scope: the country is part of the number, and what accounts know of it is in the
   * fields below.
   */
  @Needs(null)
  @Free
  @Query(() => PhoneNumberLookup, {
    description: 'All that the accounts know of one number, however each provider writes it.',
  })
  phoneNumber(
    @Arg('number', () => PhoneNumber, {
      nullable: true,
      description: 'The number with its country code; either this or `spelling`.',
    })
    number: string | null | undefined,
    @Arg('spelling', () => String, {
      nullable: true,
      description: 'The number as a person writes it; needs `country` where it does not begin with a plus sign.',
    })
    spelling: string | null | undefined,
    @Arg('country', () => String, {
      nullable: true,
      description: 'ISO 3166 code of the country a spelling without a plus sign is dialled in, such as TR.',
    })
    country: string | null | undefined,
  ): PhoneNumberLookup {
    const e164 = publicNumber({ number, spelling, country })
    return { number: e164, country: parsePhoneNumberFromString(e164)?.country ?? null }
  }

  @Needs('telephony:read:own')
  @Cost({ accounts: 'all', lists: ['dids'] })
  @FieldResolver(() => [Did], { nullable: true, description: 'Numbers of ours that are this one.' })
  async dids(
    @Root() { number }: Readonly<PhoneNumberLookup>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly Did[]> {
    const { items, failed } = await didsWithNumber(context.loaders, number)
    noteSources(failed, info, context)
    return items
  }

  @Needs('telephony:read:own')
  @Cost({
    accounts: 'all',
    lists: ['extensions'],
    sweep: { fields: ['Extension.callerIdDid', 'Extension.forwarding'], objects: 25 },
  })
  @FieldResolver(() => [Extension], {
    nullable: true,
    description:
      'Extensions that show it as caller id, or forward to it. Costs a request for each extension where the provider keeps this apart.',
  })
  async extensions(
    @Root() { number }: Readonly<PhoneNumberLookup>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<readonly Extension[]> {
    const { items, failed } = await extensionsWithNumber(context.loaders, number)
    noteSources(failed, info, context)
    return items
  }
}
