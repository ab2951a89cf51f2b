import type { Awaitable } from '../../awaitable.js'
import type { FeedItem } from '../../graphql/feed.js'
import type { Group, Member } from './group.js'
import type { Payload } from './payload.js'

/** The client's side of a subscription, as its transport has it. Nothing here throws. */
export interface Subscriber {
  next(payload: Payload): void
  /** Resolves once the client has read enough to be sent more of what it has missed. */
  drained(): Awaitable<void>
  /** The feed has ended; nothing follows. */
  complete(): void
  /** Closes as for a client that reads too slowly. */
  fallBehind(): void
}

/** How a subscription ended, for the log and for figures. */
export type SubscriptionEnd = 'client' | 'completed' | 'failed' | 'slow' | 'revoked' | 'expired' | 'stopping'

export interface LiveSubscriptionOptions {
  readonly group: Group
  /** The position to go on after; null: from now on. */
  readonly after: number | null
  readonly subscriber: Subscriber
  /** Executes an item that nobody else is given. */
  readonly execute: (item: FeedItem) => Promise<Payload>
  readonly failure: (error: unknown) => Payload
  readonly onEnd: (how: SubscriptionEnd) => void
}

/**
 * One subscription: reads what it has missed, alone, then joins its group. Its position and that of
 * the feed are compared and the group joined in one turn, so no event is lost and none comes twice.
 */
export class LiveSubscription implements Member {
  position: number
  /** Payloads given to the client. */
  delivered = 0
  readonly #options: LiveSubscriptionOptions
  #isOver = false
  #missed: Promise<void> = Promise.resolve()

  constructor(options: LiveSubscriptionOptions) {
    const { group, after } = options
    this.#options = options
    this.position = after ?? group.feed.position
    group.enter()
  }

  /** Begins to deliver, once this turn is over; called once. */
  begin(): void {
    this.#missed = Promise.resolve().then(() => this.#catchUp())
  }

  deliver(payload: Payload): void {
    if (this.#isOver) return
    this.delivered += payload.texts.length
    this.#options.subscriber.next(payload)
  }

  fallBehind(): void {
    if (this.#isOver) return
    this.stop('slow')
    this.#options.subscriber.fallBehind()
  }

  /** Nothing is delivered from now on. */
  stop(how: SubscriptionEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.group.leave(this)
    this.#options.onEnd(how)
  }

  /** Resolves once what it had missed is delivered. */
  settle(): Promise<void> {
    return this.#missed
  }

  async #catchUp(): Promise<void> {
    const { group, after, subscriber, execute, failure } = this.#options
    const { feed } = group
    let unfollow: (() => void) | null = null
    try {
      unfollow = await feed.follow()
      if (after === null && feed.first) {
        for (const item of await feed.first()) if (!this.#isOver) this.deliver(await execute(item))
      }
      while (!this.#isOver && this.position < feed.position) {
        const until = feed.position
        for await (const item of feed.read(this.position, until)) {
          const payload = await group.missed(item)
          if (this.#isOver) return
          this.deliver(payload)
          this.position = item.position
          await subscriber.drained()
          if (this.#isOver) return
        }
        this.position = until
      }
      if (!this.#isOver) group.join(this)
    } catch (error) {
      if (this.#isOver) return
      this.deliver(failure(error))
      this.stop('failed')
      subscriber.complete()
    } finally {
      unfollow?.()
    }
  }
}
