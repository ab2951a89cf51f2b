import { LRUCache } from 'lru-cache'

import type { Feed, FeedItem } from '../../graphql/feed.js'
import { Payload } from './payload.js'
import type { Rounds } from './rounds.js'
import type { Turns } from './turns.js'

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
  /** Of all groups together, as the rounds are. */
  readonly turns: Turns
  readonly rounds: Rounds
  /** Never rejects. */
  readonly execute: (item: FeedItem) => Promise<Payload>
  /** Called once nobody is left. */
  readonly onEmpty: () => void
}

/** An event on its way to the members. */
interface Pending {
  readonly item: FeedItem
  /** Undefined until it is executed; null where too many waited, and for what was lost. */
  payload: Payload | null | undefined
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
  /** In the order of the feed, until they are handed out. */
  readonly #pending: Pending[] = []
  /** Those of them that are not begun. */
  readonly #waiting: Pending[] = []
  #running = 0
  #awaitsTurn = false
  /** Null until somebody has missed something: most never do. */
  #missed: LRUCache<number, Promise<Payload>> | null = null
  #entered = 0
  #unlisten: (() => void) | null = null
  readonly #handOut = () => this.#deliver()
  #settling: (() => void)[] = []

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
    while (this.#pending.length > 0) await new Promise<void>((resolve) => this.#settling.push(resolve))
  }

  #receive(item: FeedItem): void {
    const isTooMuch = item.isLost === true || this.#waiting.length >= MOST_WAITING_EVENTS
    const pending: Pending = { item, payload: isTooMuch ? null : undefined }
    this.#pending.push(pending)
    if (isTooMuch) return this.#options.rounds.join(this.#handOut)
    this.#waiting.push(pending)
    this.#awaitTurn()
  }

  #awaitTurn(): void {
    if (this.#awaitsTurn || this.#waiting.length === 0 || this.#running >= AT_ONCE) return
    this.#awaitsTurn = true
    this.#options.turns.join(() => this.#begin())
  }

  /** All that wait, together: the next group's events are executed by other code. */
  #begin(): number {
    this.#awaitsTurn = false
    const begun = this.#waiting.splice(0, AT_ONCE - this.#running)
    this.#running += begun.length
    for (const pending of begun) void this.#execute(pending)
    return begun.length
  }

  async #execute(pending: Pending): Promise<void> {
    pending.payload = await this.#options.execute(pending.item).catch(() => null)
    this.#running -= 1
    this.#awaitTurn()
    this.#options.rounds.join(this.#handOut)
  }

  #deliver(): number {
    const left = this.#pending.findIndex(({ payload }) => payload === undefined)
    const executed = this.#pending.splice(0, left < 0 ? this.#pending.length : left)
    this.#handOn(executed)
    if (this.#pending.length === 0) for (const resolve of this.#settling.splice(0)) resolve()
    return executed.length
  }

  #handOn(executed: readonly Pending[]): void {
    const [first, last] = [executed[0], executed.at(-1)]
    if (!first || !last) return
    const payloads = executed.flatMap(({ payload }) => payload ?? [])
    const all = payloads.length === executed.length ? Payload.joined(payloads) : null
    for (const member of this.#members) {
      if (all && member.position < first.item.position) {
        member.position = last.item.position
        member.deliver(all)
      } else deliverOneByOne(member, executed)
    }
  }
}

/** To a member that has had some of them, or must do without one. */
function deliverOneByOne(member: Member, executed: readonly Pending[]): void {
  for (const { item, payload } of executed) {
    const { position } = item
    if (position <= member.position) continue
    // It leaves, and so gets no later event without this one.
    if (!payload) return member.fallBehind()
    member.position = position
    member.deliver(payload)
  }
}
