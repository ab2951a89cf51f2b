import { Args, Resolver, Root, Subscription } from 'type-graphql'

import type { CallEvents } from '../../loaders/live/call-events.js'
import { CallEvent } from '../../model/live-call.js'
import type { Context } from '../context.js'
import { isSelected } from '../account-selection.js'
import { FED_ELSEWHERE, FedBy, type Feed, type OpenedFeed } from '../feed.js'
import { liveAccounts, requireLiveCalls } from '../live-accounts.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'
import { CallEventArguments } from '../types/live-call-list.js'

@Resolver()
export class CallEventsResolver {
  @Needs('telephony:read:own')
  @Free
  @FedBy(openCallEvents)
  @Subscription(() => CallEvent, {
    nullable: true,
    subscribe: FED_ELSEWHERE,
    description:
      'What happens to calls. With `resumeAfter` the missed events come first, in order, then the live ones. A filter that is absent excludes nothing; an empty list excludes all.',
  })
  callEvents(@Root() event: CallEvent, @Args(() => CallEventArguments) _selection: CallEventArguments): CallEvent {
    return event
  }
}

async function openCallEvents(selection: CallEventArguments, context: Context): Promise<OpenedFeed> {
  const loader = requireLiveCalls(context)
  const { live } = loader
  const { tail } = live
  const after = selection.resumeAfter == null ? null : loader.positionOf(selection.resumeAfter)
  const events = await loader.events(liveAccounts(selection, context), selection, (account) =>
    isSelected(selection)({ account }),
  )
  await tail.followBriefly()
  if (after !== null) await tail.requireKept(after)
  return { feed: callEventFeed(events, live), after }
}

function callEventFeed(events: CallEvents, live: ReturnType<typeof requireLiveCalls>['live']): Feed {
  const { tail } = live
  return {
    get position() {
      return tail.position
    },
    follow: () => tail.follow(),
    async *read(after, until) {
      for await (const event of tail.read(after, until)) {
        const value = events.of(event, false)
        if (value) yield { position: event.position, value }
      }
    },
    listen(listener) {
      const endLooking = live.look((account) => events.isMeant(account))
      const endListening = tail.listen((event) => {
        const value = events.of(event, true)
        if (value) listener({ position: event.position, value })
      })
      return () => {
        endListening()
        endLooking()
      }
    },
  }
}
