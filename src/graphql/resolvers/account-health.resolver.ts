import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql'

import { ACCOUNTS } from '../../live/account-changes.js'
import { Account } from '../../model/account.js'
import type { FollowedEvent } from '../../live/tail.js'
import type { Context } from '../context.js'
import { FED_ELSEWHERE, FedBy, type Feed, type OpenedFeed } from '../feed.js'
import { isSelected } from '../account-selection.js'
import { requireLiveCalls } from '../live-accounts.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { requireIds } from '../require-ids.js'

/** What the field is resolved with. */
interface ChangedAccount {
  readonly accountKey: string
}

interface Selection {
  readonly accountIds?: readonly string[] | null
}

@Resolver()
export class AccountHealthResolver {
  @Needs('telephony:read')
  @Free
  @FedBy(openAccountChanges, null)
  @Subscription(() => Account, {
    nullable: true,
    subscribe: FED_ELSEWHERE,
    description:
      'A login or circuit changed, so that a screen can ask for a new login. The present state of each account comes first.',
  })
  accountHealthChanged(
    @Root() changed: unknown,
    @Ctx() { loaders }: Context,
    @Arg('accountIds', () => [ID], { nullable: true, description: 'Only these accounts.' })
    _accountIds: readonly string[] | null | undefined,
  ): Account | null {
    return loaders.accounts.get((changed as ChangedAccount).accountKey)?.object ?? null
  }
}

async function openAccountChanges({ accountIds }: Selection, context: Context): Promise<OpenedFeed> {
  requireIds('accountIds', accountIds, 'Account')
  const { live } = requireLiveCalls(context)
  const { tail } = live
  await tail.followBriefly()
  const { workspace } = context.viewer
  const isMeant = isSelected({ accountIds })
  const keys = [...context.loaders.accounts.values()].filter(isMeant).map(({ account }) => account.key)
  const meant = new Set(keys)
  // An account that was linked meanwhile is one of all; one that waits for its first login is not there yet.
  const isThere = (account: string) => (accountIds == null || meant.has(account)) && live.account(account) !== null
  const changeIn = ({ position, topic, workspace: of, account }: FollowedEvent) =>
    topic === ACCOUNTS && of === workspace && isThere(account)
      ? { position, value: { accountKey: account } satisfies ChangedAccount }
      : null
  const feed: Feed = {
    get position() {
      return tail.position
    },
    follow: () => tail.follow(),
    first: () =>
      keys.map((accountKey) => ({ position: tail.position, value: { accountKey } satisfies ChangedAccount })),
    // Nobody comes back to an earlier state, but one may change while the present ones are told.
    async *read(after, until) {
      for await (const event of tail.read(after, until)) {
        const change = changeIn(event)
        if (change) yield change
      }
    },
    listen: (listener) =>
      tail.listen((event) => {
        const change = changeIn(event)
        if (change) listener(change)
      }),
  }
  return { feed, after: null }
}
