import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'

import { CapabilityUnsupported } from '../../errors.js'
import { Account } from '../../model/account.js'
import { globalId } from '../../model/id.js'
import type { StoredChange } from '../../writes/change-record.js'
import type { Context } from '../context.js'
import { Cost, Free } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { pageSize } from '../page-size.js'
import { requireIds } from '../require-ids.js'
import { requireWholeAccount } from '../scope.js'
import { PageArguments } from '../types/page-arguments.js'
import { ProviderChange, ProviderChangeConnection, type ChangePlace } from '../types/provider-change.js'

@Resolver(() => ProviderChange)
export class ProviderChangeResolver {
  @Needs('accounts:manage')
  @Cost({})
  @Query(() => ProviderChangeConnection, {
    nullable: true,
    description: 'Who changed what, newest first. Needs the scope accounts:manage.',
  })
  async changes(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('accountIds', () => [ID], { nullable: true, description: 'Only in these accounts.' })
    accountIds: readonly string[] | null,
  ): Promise<ProviderChangeConnection> {
    requireWholeAccount(context)
    requireIds('accountIds', accountIds, 'Account')
    const { cursors, viewer, loaders } = context
    const size = pageSize(page, context)
    const scope = { list: 'changes', workspace: viewer.workspace, accountIds }
    const after = page.after == null ? null : (cursors.read(scope, page.after) as ChangePlace)
    const record = changesOf(context)
    const accounts = [...loaders.accounts.values()].filter(({ account }) => accountIds?.includes(account.id) ?? true)
    const query = { workspace: viewer.workspace, accounts: accounts.map(({ account }) => account.key) }
    const before = after && { at: after[0], id: after[1] }
    const found = await record.changes({ ...query, before, atMost: size + 1 })
    const shown = found.slice(0, size)
    const slice = {
      items: shown.map(changeOf),
      positions: shown.map(({ at, id }): ChangePlace => [at, id]),
      hasNextPage: found.length > size,
      hasPreviousPage: after !== null,
    }
    return new ProviderChangeConnection(
      slice,
      (place) => cursors.sign(scope, place),
      () => record.countChanges(query),
    )
  }

  @Free
  @FieldResolver(() => Account, { description: 'The account in which it was made.' })
  account(@Root() { accountKey }: Readonly<ProviderChange>, @Ctx() { loaders }: Context): Account {
    return loaders.account(accountKey).object
  }
}

/** A change by its own id; null when there is none in this account and workspace. */
export async function changeById(account: string, id: string, context: Context): Promise<ProviderChange | null> {
  const change = await context.changes?.change(id)
  const isShown = change?.account === account && change.workspace === context.viewer.workspace
  return isShown ? changeOf(change) : null
}

function changesOf({ changes }: Context): NonNullable<Context['changes']> {
  if (!changes) throw new CapabilityUnsupported('This server keeps no record of changes.')
  return changes
}

const changeOf = ({ id, account, at, workspace: _, ...change }: StoredChange): ProviderChange =>
  ({
    __typename: 'ProviderChange',
    id: globalId('ProviderChange', account, id),
    accountKey: account,
    at: new Date(at).toISOString(),
    ...change,
  }) as ProviderChange
