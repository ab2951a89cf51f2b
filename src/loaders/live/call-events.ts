import type { StoredCallEvent } from '../../live/call-event.js'
import type { LiveAccount } from '../../live/live-account.js'
import type { LiveCalls } from '../../live/live-calls.js'
import { CALLS } from '../../live/recorder.js'
import type { CallEvent } from '../../model/live-call.js'
import type { LoggedEvent } from '../../store/event-log.js'
import type { CursorSigner } from '../cursor.js'
import type { MatchesCall } from './call-criteria.js'
import { callEventOf } from './live-call.js'

/** The events of some accounts' calls that match. */
export interface CallEvents {
  /** Whether events of this account's calls may be among them. */
  isMeant(account: LiveAccount): boolean
  /** The event as an object of the graph; null when it does not belong to these. */
  of(event: LoggedEvent, live: boolean): CallEvent | null
}

/** What signs the cursors of a workspace's events. */
export interface EventCursors {
  readonly cursors: CursorSigner
  readonly workspace: string
}

export interface FollowedEventsOptions extends EventCursors {
  readonly live: LiveCalls
  /** By account; of an account that is not among them no call is filtered. */
  readonly matchers: ReadonlyMap<string, MatchesCall>
  /** Whether all events of an account without a matcher are meant. */
  readonly isSelected: (account: LiveAccount) => boolean
}

/**
 * Events that a subscription follows. Lives as long as it does, and so holds nothing of the
 * operation that it began with.
 */
export class FollowedEvents implements CallEvents {
  readonly #options: FollowedEventsOptions

  constructor(options: FollowedEventsOptions) {
    this.#options = options
  }

  isMeant(account: LiveAccount): boolean {
    const { workspace, matchers, isSelected } = this.#options
    return account.workspace === workspace && (matchers.has(account.key) || isSelected(account))
  }

  of(event: LoggedEvent, isLive: boolean): CallEvent | null {
    const { workspace, matchers, live } = this.#options
    if (event.topic !== CALLS || event.workspace !== workspace) return null
    const matches = matchers.get(event.account)
    if (!matches) {
      const account = live.account(event.account)
      if (!account || !this.isMeant(account)) return null
    }
    const stored = storedEvent(event)
    return (matches?.(stored.call) ?? true) ? eventObject(this.#options, event, { stored, live: isLive }) : null
  }
}

/** The cursor after a position of the log. */
export const eventCursor = ({ cursors, workspace }: EventCursors, position: number): string =>
  cursors.sign(eventScope(workspace), position)

/** Of the workspace alone: a screen may go on with another filter. */
export const eventScope = (workspace: string): unknown => ({ list: 'callEvents', workspace })

/** An event as an object of the graph; the same for all whose cursors are signed alike. */
export function eventObject(
  signing: EventCursors,
  { position }: LoggedEvent,
  { stored, live }: { readonly stored: StoredCallEvent; readonly live: boolean },
): CallEvent {
  const known = objectsOf(signing.cursors, live)
  const made = known.get(stored)
  if (made) return made
  const event = callEventOf(position, stored, { live, cursor: eventCursor(signing, position) })
  known.set(stored, event)
  return event
}

type Objects = WeakMap<StoredCallEvent, CallEvent>
const objects = new WeakMap<CursorSigner, { readonly live: Objects; readonly missed: Objects }>()

function objectsOf(cursors: CursorSigner, live: boolean): Objects {
  let known = objects.get(cursors)
  if (!known) objects.set(cursors, (known = { live: new WeakMap(), missed: new WeakMap() }))
  return live ? known.live : known.missed
}

const parsedEvents = new WeakMap<LoggedEvent, StoredCallEvent>()

/** Read once for all who follow. */
export function storedEvent(event: LoggedEvent): StoredCallEvent {
  let parsed = parsedEvents.get(event)
  if (!parsed) parsedEvents.set(event, (parsed = JSON.parse(event.body) as StoredCallEvent))
  return parsed
}
