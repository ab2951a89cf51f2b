import type { Awaitable } from '../awaitable.js'
import type { EventLog, LoggedEvent } from '../store/event-log.js'
import { EventsForgotten } from './events-forgotten.js'

/** Events of one read of the log. */
const AT_ONCE = 500

/** Events kept in memory, so that those who come back soon after a restart do not each read the log. */
const RECENT = 2_000

/** How long a subscription may take to begin. */
const BEGINNING_MS = 30_000

/** An event of the log, as those who follow it are handed it. */
export type FollowedEvent = LoggedEvent

export interface TailOptions {
  readonly log: Pick<EventLog, 'eventsAfter' | 'logBounds' | 'wakeOnEvents'>
  /** Learns what whoever is handed these events must know. Does not reject. Default: nothing. */
  readonly prepare?: (events: readonly LoggedEvent[]) => Awaitable<void>
  /** Called when the log cannot be read, once until it can be read again. */
  readonly onTrouble: (error: unknown) => void
  /** Called with an error of a listener; the other listeners are not affected. */
  readonly onDefect: (error: unknown) => void
}

/**
 * Follows the log for everybody in this process: each event is read once and handed to every
 * listener, in the order of positions. Reads nothing while nobody follows.
 */
export class Tail {
  readonly #options: TailOptions
  readonly #listeners = new Set<(event: LoggedEvent) => void>()
  /** The last events that were handed on, without a gap. */
  #recent: LoggedEvent[] = []
  #position = 0
  #followers = 0
  #beginning: Promise<void> | null = null
  #reading: Promise<void> = Promise.resolve()
  #isReading = false
  #isStale = false
  #isTroubled = false
  #stopWaking: (() => void) | null = null

  constructor(options: TailOptions) {
    this.#options = options
  }

  /** Every event up to this position has been handed to the listeners. */
  get position(): number {
    return this.#position
  }

  /**
   * Begins to follow the log at its end, unless somebody does already. Returns the function that
   * ends it.
   * @throws the store's error when the log cannot be read.
   */
  async follow(): Promise<() => void> {
    this.#followers += 1
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      this.#followers -= 1
      if (this.#followers === 0) this.#stop()
    }
    try {
      await (this.#beginning ??= this.#begin())
      return end
    } catch (error) {
      this.#beginning = null
      end()
      throw error
    }
  }

  /**
   * Follows the log for a while, so that somebody may begin to listen.
   * @throws the store's error when the log cannot be read.
   */
  async followBriefly(): Promise<void> {
    setTimeout(await this.follow(), BEGINNING_MS).unref()
  }

  /**
   * Hands each event after `position` to the listener; returns the function that ends it. The log
   * must be followed already.
   */
  listen(listener: (event: LoggedEvent) => void): () => void {
    if (!this.#stopWaking) throw new Error('Nobody follows the log')
    this.#listeners.add(listener)
    this.#followers += 1
    return () => {
      if (!this.#listeners.delete(listener)) return
      this.#followers -= 1
      if (this.#followers === 0) this.#stop()
    }
  }

  /**
   * @throws EventsForgotten where the events after this position are not all kept any more, or the
   * log has not come to it: then it is not the log that the position was of, which was lost.
   */
  async requireKept(after: number): Promise<void> {
    const { forgotten, last } = await this.#options.log.logBounds()
    if (after < forgotten || after > last) throw new EventsForgotten()
  }

  /**
   * The events after a position, up to `until`, in their order.
   * @throws EventsForgotten where some of them are not in the log any more.
   */
  async *read(after: number, until: number): AsyncIterable<LoggedEvent> {
    for (let position = after; position < until;) {
      const events = this.#remembered(position) ?? (await this.#stored(position))
      for (const event of events) {
        if (event.position > until) return
        yield event
      }
      // Nothing is left before `until`: the rest was forgotten.
      if (events.length === 0) return
      position = events.at(-1)!.position
    }
  }

  /** Reads what has been appended; resolves when everything until now has been handed on. */
  async catchUp(): Promise<void> {
    this.#isStale = true
    if (!this.#isReading) this.#reading = this.#readOn()
    await this.#reading
  }

  /** Woken from before the log's end is read: nobody would tell of what is appended in between. */
  async #begin(): Promise<void> {
    const { log } = this.#options
    const stopWaking = log.wakeOnEvents(() => void this.catchUp())
    try {
      this.#position = (await log.logBounds()).last
    } catch (error) {
      stopWaking()
      throw error
    }
    this.#recent = []
    if (this.#followers === 0) return stopWaking()
    this.#stopWaking = stopWaking
    if (this.#isStale) void this.catchUp()
  }

  #stop(): void {
    this.#stopWaking?.()
    this.#stopWaking = null
    this.#beginning = null
    this.#recent = []
  }

  async #readOn(): Promise<void> {
    this.#isReading = true
    while (this.#isStale && this.#stopWaking) {
      this.#isStale = false
      const following = this.#stopWaking
      try {
        const events = await this.#options.log.eventsAfter(this.#position, AT_ONCE)
        this.#isTroubled = false
        const preparing = this.#options.prepare?.(events)
        if (preparing) await preparing
        // Nobody follows any more, or somebody does anew, from further on.
        if (this.#stopWaking !== following) {
          this.#isStale = true
          continue
        }
        if (events.length === AT_ONCE) this.#isStale = true
        for (const event of events) this.#handOn(event)
      } catch (error) {
        if (!this.#isTroubled) this.#options.onTrouble(error)
        this.#isTroubled = true
      }
    }
    // In the turn of the last look: whoever asks from now on begins another read.
    this.#isReading = false
  }

  #handOn(event: LoggedEvent): void {
    this.#position = event.position
    this.#recent.push(event)
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT)
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        this.#options.onDefect(error)
      }
    }
  }

  /** Null where the events after this position are not all in memory. */
  #remembered(position: number): readonly LoggedEvent[] | null {
    const first = this.#recent[0]
    if (!first || position < first.position - 1) return null
    const from = this.#recent.findIndex((event) => event.position > position)
    return from === -1 ? [] : this.#recent.slice(from)
  }

  async #stored(position: number): Promise<readonly LoggedEvent[]> {
    const events = await this.#options.log.eventsAfter(position, AT_ONCE)
    // Looked at after the events: what was forgotten before they were read is missing from them.
    await this.requireKept(position)
    const preparing = this.#options.prepare?.(events)
    if (preparing) await preparing
    return events
  }
}
