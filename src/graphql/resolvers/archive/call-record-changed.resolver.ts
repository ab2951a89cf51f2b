import { Args, Resolver, Root, Subscription } from 'type-graphql'

import type { Tail } from '../../../live/tail.js'
import type { FollowedChange, FollowedChanges } from '../../../loaders/archive/followed-changes.js'
import { CallRecordChange } from '../../../model/archive/call-record-change.js'
import { isSelected } from '../../account-selection.js'
import type { Context } from '../../context.js'
import { FED_ELSEWHERE, FedBy, type Feed, type FeedItem, type OpenedFeed } from '../../feed.js'
import { Free } from '../../limits/cost.js'
import { Needs } from '../../needs.js'
import { CallRecordChangedArguments } from '../../types/call-record-change.js'
import { requireArchive, selectedAccounts } from './archive-accounts.js'

@Resolver()
export class CallRecordChangedResolver {
  @Needs('telephony:read:own')
  @Free
  @FedBy(openChanges)
  @Subscription(() => CallRecordChange, {
    nullable: true,
    subscribe: FED_ELSEWHERE,
    description:
      'The same as `callRecordChanges`, as it is seen. With `resumeAfter` the missed changes come first, in order.',
  })
  callRecordChanged(
    @Root() change: CallRecordChange,
    @Args(() => CallRecordChangedArguments) _selection: CallRecordChangedArguments,
  ): CallRecordChange {
    return change
  }
}

async function openChanges(
  { accountIds, resumeAfter }: CallRecordChangedArguments,
  context: Context,
): Promise<OpenedFeed> {
  selectedAccounts(accountIds, context)
  const archive = requireArchive(context)
  const after = resumeAfter == null ? null : await archive.positionOf(resumeAfter)
  const isMeant = isSelected({ accountIds })
  const changes = await archive.changes((account) => isMeant({ account }))
  await archive.tail.followBriefly()
  return { feed: changeFeed(changes, archive.tail), after }
}

function changeFeed(changes: FollowedChanges, tail: Tail): Feed {
  return {
    get position() {
      return tail.position
    },
    follow: () => tail.follow(),
    async *read(after, until) {
      for await (const followed of changes.read(after, until)) yield itemOf(followed)
    },
    listen: (listener) => changes.listen((followed) => listener(itemOf(followed))),
  }
}

const itemOf = ({ position, change }: FollowedChange): FeedItem => ({
  position,
  value: change,
  ...(change === null && { isLost: true }),
})
