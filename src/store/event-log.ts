import type { ArchiveUpdate } from './archive-store.js'

/**
 * A change of one stream: its new state, and the events that led there. No text may hold a NUL
 * character, which PostgreSQL does not store.
 */
export interface Append {
  /** What kind of stream it is, such as `calls`. */
  readonly topic: string
  /** Unique within the topic. */
  readonly stream: string
  readonly workspace: string
  /** Key of the account the stream belongs to; removed with it. */
  readonly account: string
  /** The stream's revision that this change was made from; 0: there was no stream. */
  readonly from: number
  /** The stream's new state, JSON. */
  readonly state: string
  /** Whether the stream is still open; open streams are never forgotten. */
  readonly isOpen: boolean
  /** Bodies of the events in their order, JSON. May be none: then only the state changes. */
  readonly events: readonly string[]
  /** Wall-clock ms. */
  readonly at: number
  /** Of an archive's stream: what becomes of its calls. */
  readonly archive?: ArchiveUpdate
}

/** A stream as it was last changed. */
export interface EventStream {
  readonly topic: string
  readonly stream: string
  readonly workspace: string
  readonly account: string
  /** Changes with every append; at least 1. */
  readonly revision: number
  /** JSON. */
  readonly state: string
  readonly isOpen: boolean
  /** Wall-clock ms of its last change. */
  readonly changedAt: number
}

/** One event of the log. */
export interface LoggedEvent {
  /**
   * Its place in the log. Positions grow by one in the order in which events become visible: a
   * reader that has read up to a position has missed nothing before it.
   */
  readonly position: number
  readonly topic: string
  readonly stream: string
  readonly workspace: string
  readonly account: string
  /** JSON. */
  readonly body: string
  /** Wall-clock ms. */
  readonly at: number
}

/** The part of the log that can be read. */
export interface LogBounds {
  /**
   * A reader may go on after this position or any later one; before it, events are forgotten. A
   * reader that finds it no later than where it read from, after it has read, has missed nothing.
   */
  readonly forgotten: number
  /** Position of the last event; 0 while there is none. */
  readonly last: number
}

/**
 * The log that everything live stands on: events in one order that every replica reads, with the
 * present state of each stream beside them.
 */
export interface EventLog {
  /**
   * Changes a stream and appends its events, all or nothing, if the stream still is at `from`.
   * Gives their positions; null when somebody else has changed the stream meanwhile, or deleted it.
   * Rejects when the log is held up for longer than a few seconds: then try again later.
   */
  appendEvents(change: Append): Promise<readonly number[] | null>
  /** Null when there is none. */
  eventStream(topic: string, stream: string): Promise<EventStream | null>
  /**
   * Every open stream of a topic, of one account when it is given, and the log's bounds at that very
   * moment: the events after `last` are those that the states do not contain yet.
   */
  openStreams(
    topic: string,
    account?: string,
  ): Promise<{ readonly streams: readonly EventStream[]; readonly bounds: LogBounds }>
  /** The events after a position in their order, at most `atMost`; of this topic, when one is given. */
  eventsAfter(position: number, atMost: number, topic?: string): Promise<readonly LoggedEvent[]>
  /** Null when there is none, or it is forgotten. */
  eventAt(position: number): Promise<LoggedEvent | null>
  logBounds(): Promise<LogBounds>
  /**
   * Deletes the closed streams that are older, and the oldest events up to the first that is not
   * older; `before`: wall-clock ms. The changes of archives stay: they are forgotten with their calls.
   */
  forgetEvents(before: number): Promise<void>
  /** Deletes the streams, events and archive of an account that has been removed; `unlink` calls it. */
  forgetAccountEvents(account: string): Promise<void>
  /**
   * Calls `wake` when something may have been appended, here or by another process; the caller
   * then reads. It may call in vain and it may be late, but never later than a second. `wake` must
   * not throw. Returns the function that ends it.
   */
  wakeOnEvents(wake: () => void): () => void
}
