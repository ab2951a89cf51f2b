import { LRUCache } from 'lru-cache'

import { Bulkhead } from '../../bulkhead.js'
import type { Feed, FeedItem } from '../../graphql/feed.js'
import type { Payload } from './payload.js'

/** Whoever gets the events of a group. */
export interface Member {
  /** Up to here it has been given everything. */
  position: number
  /** Does not throw. */
  deliver(payload: Payload): void
  /** More events wait to be executed than may: it has to come back later. */
  fallBehind(): void
}

export interface GroupOptions {
  readonly feed: Feed
  /** Never rejects. */
  readonly execute: (item: FeedItem) => Promise<Payload>
  /** Called once nobody is left. */
  readonly onEmpty: () => void
}

/** Events of one group that are executed at once, and that wait for that. */
const AT_ONCE = 8
export const MOST_WAITING_EVENTS = 1_000

/** After a restart everybody comes back at once and has missed the same. */
const MISSED_KEPT = 64
const MISSED_KEPT_MS = 10_000

/**
 * All who subscribed to the same with the same rights: an event is executed and serialized once,
 * and everybody gets it in the order of the feed.
 */
export class Group {
  readonly feed: Feed
  readonly #options: GroupOptions
  readonly #members = new Set<Member>()
  readonly #executions = new Bulkhead(AT_ONCE, MOST_WAITING_EVENTS)
  readonly #missed = new LRUCache<number, Promise<Payload>>({ max: MISSED_KEPT, ttl: MISSED_KEPT_MS })
  #entered = 0
  #unlisten: (() => void) | null = null
  #delivered: Promise<void> = Promise.resolve()

  constructor(options: GroupOptions) {
    this.feed = options.feed
    this.#options = options
  }

  /** Holds the group for somebody who still reads what it has missed. */
  enter(): void {
    this.#entered += 1
  }

  /** From now on the member gets every event after its position. */
  join(member: Member): void {
    this.#members.add(member)
    this.#unlisten ??= this.feed.listen((item) => this.#receive(item))
  }

  leave(member: Member): void {
    this.#members.delete(member)
    this.#entered -= 1
    if (this.#members.size === 0) {
      this.#unlisten?.()
      this.#unlisten = null
    }
    if (this.#entered === 0) this.#options.onEmpty()
  }

  /** The result of a stored event; shared with whoever has missed it, too. */
  missed(item: FeedItem): Promise<Payload> {
    const known = this.#missed.get(item.position)
    if (known) return known
    const executed = this.#options.execute(item)
    this.#missed.set(item.position, executed)
    return executed
  }

  /** Resolves once everything that was received is delivered. */
  async settle(): Promise<void> {
    let before
    do await (before = this.#delivered)
    while (before !== this.#delivered)
  }

  #receive(item: FeedItem): void {
    const executed = this.#executions.run(() => this.#options.execute(item))
    // Looked at in its turn; until then it must not count as unhandled.
    executed.catch(() => {})
    this.#delivered = this.#delivered.then(() => this.#deliver(item, executed))
  }

  async #deliver(item: FeedItem, executed: Promise<Payload>): Promise<void> {
    const payload = await executed.catch(() => null)
    for (const member of this.#members) {
      if (item.position <= member.position) continue
      // Whoever falls behind leaves at once, and so gets no later event without this one.
      if (payload === null) member.fallBehind()
      else {
        member.position = item.position
        member.deliver(payload)
      }
    }
  }
}
