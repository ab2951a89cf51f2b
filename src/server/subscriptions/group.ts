import { LRUCache } from 'lru-cache'

import { Bulkhead } from '../../bulkhead.js'
import type { Feed, FeedItem } from '../../graphql/feed.js'
import { Payload } from './payload.js'
import type { Rounds } from './rounds.js'

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
  /** Of all groups together. */
  readonly rounds: Rounds
  /** Never rejects. */
  readonly execute: (item: FeedItem) => Promise<Payload>
  /** Called once nobody is left. */
  readonly onEmpty: () => void
}

/** An executed event; without a payload where too many waited. */
interface Executed {
  readonly position: number
  readonly payload: Payload | null
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
  /** Null until somebody has missed something: most never do. */
  #missed: LRUCache<number, Promise<Payload>> | null = null
  #entered = 0
  #unlisten: (() => void) | null = null
  /** In the order of the feed, until the next round. */
  #executed: Executed[] = []
  readonly #handOut = () => this.#deliver()
  #ready: Promise<void> = Promise.resolve()

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
    this.#missed ??= new LRUCache({ max: MISSED_KEPT, ttl: MISSED_KEPT_MS })
    const known = this.#missed.get(item.position)
    if (known) return known
    const executed = this.#options.execute(item)
    this.#missed.set(item.position, executed)
    return executed
  }

  /** Resolves once everything that was received is delivered. */
  async settle(): Promise<void> {
    let before
    do await (before = this.#ready)
    while (before !== this.#ready)
    this.#deliver()
  }

  #receive(item: FeedItem): void {
    const executed = this.#executions.run(() => this.#options.execute(item))
    // Looked at in its turn; until then it must not count as unhandled.
    executed.catch(() => {})
    this.#ready = this.#ready.then(() => this.#enqueue(item, executed))
  }

  async #enqueue({ position }: FeedItem, executed: Promise<Payload>): Promise<void> {
    this.#executed.push({ position, payload: await executed.catch(() => null) })
    this.#options.rounds.join(this.#handOut)
  }

  #deliver(): void {
    const executed = this.#executed.splice(0)
    const [first, last] = [executed[0], executed.at(-1)]
    if (!first || !last) return
    const payloads = executed.flatMap(({ payload }) => payload ?? [])
    const all = payloads.length === executed.length ? Payload.joined(payloads) : null
    for (const member of this.#members) {
      if (all && member.position < first.position) {
        member.position = last.position
        member.deliver(all)
      } else deliverOneByOne(member, executed)
    }
  }
}

/** To a member that has had some of them, or must do without one. */
function deliverOneByOne(member: Member, executed: readonly Executed[]): void {
  for (const { position, payload } of executed) {
    if (position <= member.position) continue
    // It leaves, and so gets no later event without this one.
    if (payload === null) return member.fallBehind()
    member.position = position
    member.deliver(payload)
  }
}
