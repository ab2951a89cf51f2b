import type { GraphQLField } from 'graphql'
import { Extensions } from 'type-graphql'

import type { Awaitable } from '../awaitable.js'
import type { Context } from './context.js'

/** One event of a feed. */
export interface FeedItem {
  /** Its place in the feed's one order. */
  readonly position: number
  /** The root value that the event is executed with. */
  readonly value: unknown
  /** It could not be found out whether it belongs to the feed: whoever follows has to come back. */
  readonly isLost?: true
}

/** What a subscription field is fed by: stored events, and those that come. */
export interface Feed {
  /** Position up to which `listen` has given everything; never goes back. */
  readonly position: number
  /**
   * From when it resolves until the function that it gives is called, `position` goes on and there
   * may be listened: reading what was missed takes as long as its reader does.
   */
  follow(): Promise<() => void>
  /**
   * What a subscriber without a cursor gets first, such as the present states. Absent: nothing, it
   * begins with the next event.
   */
  readonly first?: () => Awaitable<readonly FeedItem[]>
  /**
   * The stored items after a position that belong to this feed, in order, up to `until`.
   * @throws CursorInvalid with reason EXPIRED when some of them are forgotten
   */
  read(after: number, until: number): AsyncIterable<FeedItem>
  /**
   * Calls the listener with each item that comes after `position`, in order and once. Returns the
   * function that ends it.
   */
  listen(listener: (item: FeedItem) => void): () => void
}

/** What a subscription asks for. */
export interface OpenedFeed {
  /** The same for the same arguments, but for the cursor. Holds nothing until it is listened to. */
  readonly feed: Feed
  /** The position that the cursor names; null without a cursor. */
  readonly after: number | null
}

export interface FeedSettings<Arguments = Readonly<Record<string, unknown>>> {
  /** @throws AppError when the arguments cannot be used; CursorInvalid for a cursor */
  readonly open: (given: Arguments, context: Context) => Awaitable<OpenedFeed>
  /** The argument that holds a cursor: subscribers who differ in it alone are fed together. */
  readonly cursorArgument: string | null
}

/** States what a field of Subscription is fed by; every one of them does. */
export const FedBy = <Arguments>(
  open: FeedSettings<Arguments>['open'],
  cursorArgument: string | null = 'resumeAfter',
): PropertyDecorator & MethodDecorator => Extensions({ feed: { open, cursorArgument } })

/** The feed of a field; undefined when it states none. */
export const feedOf = ({ extensions }: GraphQLField<unknown, unknown>): FeedSettings | undefined =>
  extensions['feed'] as FeedSettings | undefined

/**
 * For type-graphql, which wants to know how a field of Subscription is subscribed to. Nothing calls
 * it: the field's feed is what it is fed by.
 */
export function FED_ELSEWHERE(): never {
  throw new Error('A subscription is fed by its feed')
}
