import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql'

import type { Awaitable } from '../../awaitable.js'
import { InvalidInput } from '../../errors.js'
import type { AccountLoader, OwnedProfile } from '../../loaders/account-loader.js'
import type { Position } from '../../loaders/lists/list-page.js'
import { ListReading } from '../../loaders/lists/list-reading.js'
import { Listing } from '../../loaders/lists/listing.js'
import { findAccount } from '../../loaders/loaders.js'
import { Account, AccountProfile } from '../../model/account.js'
import { AccountHealth, Authorization } from '../../model/authorization.js'
import { Capability, ResourceKind } from '../../model/capability.js'
import { parseGlobalId } from '../../model/id.js'
import { Provider } from '../../model/provider.js'
import { WebhookEndpoint } from '../../model/webhook-endpoint.js'
import { AccountConnection, AccountFilter } from '../types/account-connection.js'
import { isSelected } from '../account-selection.js'
import { requireIds } from '../require-ids.js'
import type { Context } from '../context.js'
import { Cost, Free } from '../limits/cost.js'
import { DidConnection, DidFilter, DidOrder } from '../types/did-connection.js'
import { DIDS, EXTENSIONS, GROUPS, readDirectory } from './directory.js'
import { ExtensionConnection, ExtensionFilter, ExtensionOrder } from '../types/extension-connection.js'
import { GroupConnection, GroupFilter } from '../types/group-connection.js'
import { pageSize } from '../page-size.js'
import { PageArguments } from '../types/page-arguments.js'
import { publicProvider } from './provider.resolver.js'
import { Needs } from '../needs.js'
import { requireWholeAccount } from '../scope.js'

@Resolver(() => Account)
export class AccountResolver {
  @Needs('telephony:read:own')
  @Cost({ pageOf: 'accounts' })
  @Query(() => AccountConnection, {
    description: 'The accounts of your workspace, in the order of the configuration; asks no provider.',
  })
  async accounts(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => AccountFilter, { nullable: true, description: 'Which accounts to list.' })
    filter: AccountFilter | null,
  ): Promise<AccountConnection> {
    const size = pageSize(page, context)
    requireIds('filter.ids', filter?.ids, 'Account', ' `keys` takes the keys of the configuration.')
    if (filter?.authorizationStatuses) requireWholeAccount(context)
    const { cursors, loaders, viewer } = context
    const matches = await matching([...loaders.accounts.values()], filter)
    const { ids = null, keys = null, providers = null, authorizationStatuses = null } = filter ?? {}
    const scope = {
      list: 'accounts',
      workspace: viewer.workspace,
      filter: { ids, keys, providers, authorizationStatuses },
    }
    const after = page.after == null ? null : (cursors.read(scope, page.after) as Position)
    // Paged like any other list, as one that needs no request.
    const items = matches.map(({ object }) => ({ providerResourceId: object.key, ...object }))
    const source = { accountKey: '', listing: Listing.of(items), pushedDown: [], residual: [] }
    const reading = new ListReading({ sources: [source], keep: null, order: null, onSourceFailure: 'PARTIAL' })
    return new AccountConnection(
      await reading.page(size, after),
      (position) => cursors.sign(scope, position),
      items.length,
    )
  }

  @Needs('telephony:read:own')
  @Free
  @Query(() => Account, {
    nullable: true,
    description: 'One account, by its id or by its key; null when there is none.',
  })
  account(
    @Ctx() context: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null | undefined,
    @Arg('key', () => String, { nullable: true, description: 'The key it has in the configuration.' })
    key: string | null | undefined,
  ): Account | null {
    if (id == null && key == null) throw new InvalidInput('account needs one of `id` and `key`.')
    if (id != null && parseGlobalId(id)?.type !== 'Account')
      throw new InvalidInput('`id` is not the id of an Account; `key` takes the key it has in the configuration.')
    return findAccount(context.loaders, { id, key })?.object ?? null
  }

  @Free
  @FieldResolver(() => Provider, { description: 'The provider the account is held at.' })
  provider(@Root() account: Readonly<Account>, @Ctx() { loaders }: Context): Provider {
    return publicProvider(loaders.account(account.key).account.provider)
  }

  @Free
  @FieldResolver(() => Authorization, { description: 'State of the login.' })
  async authorization(@Root() { key }: Readonly<Account>, @Ctx() context: Context): Promise<Authorization> {
    requireWholeAccount(context)
    const { loaders, authorizeUrl } = context
    const state = await loaders.account(key).account.authorization()
    return authorizeUrl && state.authorizeUrl !== null ? { ...state, authorizeUrl: authorizeUrl(key) } : state
  }

  @Free
  @FieldResolver(() => AccountHealth, { description: 'How the requests to the provider have been going.' })
  health(@Root() account: Readonly<Account>, @Ctx() context: Context): AccountHealth {
    requireWholeAccount(context)
    return context.loaders.account(account.key).account.health()
  }

  @Needs('accounts:manage')
  @Free
  @FieldResolver(() => WebhookEndpoint, {
    nullable: true,
    description: 'Where the provider delivers its events; null where it may not. Needs the scope accounts:manage.',
  })
  webhook(@Root() { key }: Readonly<Account>, @Ctx() context: Context): WebhookEndpoint | null {
    requireWholeAccount(context)
    return context.webhook?.(key) ?? null
  }

  @Free
  @FieldResolver(() => [Capability], { description: 'What can be done with the account, and how.' })
  capabilities(
    @Root() account: Readonly<Account>,
    @Ctx() { loaders }: Context,
    @Arg('resource', () => ResourceKind, { nullable: true, description: 'Only what concerns this kind of object.' })
    resource: ResourceKind | null | undefined,
  ): readonly Capability[] {
    const { capabilities } = loaders.account(account.key)
    return resource == null ? capabilities : capabilities.filter((capability) => capability.resource === resource)
  }

  @Needs('telephony:read')
  @Cost({ profile: true })
  @FieldResolver(() => AccountProfile, {
    nullable: true,
    description: 'What the provider says of the account; null when it cannot be reached.',
  })
  profile(@Root() account: Readonly<Account>, @Ctx() { loaders }: Context): Promise<AccountProfile> {
    return loaders.account(account.key).profile()
  }

  @Needs('telephony:read:own')
  @Cost({ lists: ['dids'] })
  @FieldResolver(() => DidConnection, { nullable: true, description: 'The numbers of this account.' })
  async dids(
    @Root() account: Readonly<Account>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => DidFilter, { nullable: true, description: 'Which numbers to list.' }) filter: DidFilter | null,
    @Arg('orderBy', () => DidOrder, { nullable: true, description: 'In which order.' }) orderBy: DidOrder | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DidConnection> {
    return new DidConnection(
      ...(await readDirectory(DIDS, context, { page, filter, orderBy, info, ...within(account, context) })),
    )
  }

  @Needs('telephony:read:own')
  @Cost({ lists: ['extensions'] })
  @FieldResolver(() => ExtensionConnection, { nullable: true, description: 'The extensions of this account.' })
  async extensions(
    @Root() account: Readonly<Account>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => ExtensionFilter, { nullable: true, description: 'Which extensions to list.' })
    filter: ExtensionFilter | null,
    @Arg('orderBy', () => ExtensionOrder, { nullable: true, description: 'In which order.' })
    orderBy: ExtensionOrder | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ExtensionConnection> {
    return new ExtensionConnection(
      ...(await readDirectory(EXTENSIONS, context, { page, filter, orderBy, info, ...within(account, context) })),
    )
  }

  @Needs('telephony:read:own')
  @Cost({ lists: ['groups'] })
  @FieldResolver(() => GroupConnection, { nullable: true, description: 'The groups of this account.' })
  async groups(
    @Root() account: Readonly<Account>,
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => GroupFilter, { nullable: true, description: 'Which groups to list.' })
    filter: GroupFilter | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<GroupConnection> {
    return new GroupConnection(
      ...(await readDirectory(GROUPS, context, { page, filter, info, ...within(account, context) })),
    )
  }
}

@Resolver(() => AccountProfile)
export class AccountProfileResolver {
  @Cost({ detail: true })
  @FieldResolver(() => Int, { nullable: true, description: 'Prepaid message credits left; a count, not money.' })
  messageCredits(@Root() profile: Readonly<AccountProfile>, @Ctx() { loaders }: Context): Awaitable<number | null> {
    return loaders.account((profile as OwnedProfile).accountKey).messageCredits(profile)
  }
}

/** A list of one account: when it fails, its field fails. */
const within = (account: Account, { loaders }: Context) =>
  ({ of: account.id, accounts: [loaders.account(account.key)], onSourceFailure: 'FAIL' }) as const

async function matching(
  accounts: readonly AccountLoader[],
  filter: AccountFilter | null | undefined,
): Promise<readonly AccountLoader[]> {
  const { ids, keys, providers, authorizationStatuses } = filter ?? {}
  const selected = accounts
    .filter(isSelected({ accountIds: ids, accountKeys: keys }))
    .filter(({ account }) => providers?.includes(account.provider.slug) ?? true)
  if (!authorizationStatuses) return selected
  const states = await Promise.all(selected.map(({ account }) => account.authorization()))
  return selected.filter((_, at) => (authorizationStatuses as readonly string[]).includes(states[at]!.status))
}
