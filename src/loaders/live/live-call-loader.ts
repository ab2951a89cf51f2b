import type { StoredCallEvent } from '../../live/call-event.js'
import { canTell, isPolled, type LiveAccount } from '../../live/live-account.js'
import type { LiveCalls } from '../../live/live-calls.js'
import { CALLS, callOf, streamOf } from '../../live/recorder.js'
import { CursorInvalid } from '../../errors.js'
import type { CallEvent, LiveCall } from '../../model/live-call.js'
import type { SourceStatus } from '../../model/source-status.js'
import type { Operation } from '../../operation.js'
import type { AccountLoader } from '../account-loader.js'
import type { CursorSigner } from '../cursor.js'
import type { BoundExtension } from '../loaders.js'
import { callMatcher, matchesEvery, type LiveCallCriteria, type MatchesCall } from './call-criteria.js'
import { eventCursor, eventObject, eventScope, FollowedEvents, storedEvent, type CallEvents } from './call-events.js'
import { liveCallOf } from './live-call.js'
import { liveStatus } from './sources.js'

export interface LiveCallLoaderOptions {
  readonly live: LiveCalls
  readonly operation: Operation
  readonly workspace: string
  readonly cursors: CursorSigner
  /** The only extension whose calls there are; null: all calls are. */
  readonly own: BoundExtension | null
}

/** The calls under way, and the cursor from which events go on. */
export interface LiveCallPage {
  readonly nodes: readonly LiveCall[]
  readonly cursor: string
  readonly sources: readonly SourceStatus[]
}

/** Live calls for one operation. */
export class LiveCallLoader {
  constructor(private readonly options: LiveCallLoaderOptions) {}

  get live(): LiveCalls {
    return this.options.live
  }

  /** The calls under way in these accounts, as of now. */
  async list(accounts: readonly AccountLoader[], criteria: LiveCallCriteria): Promise<LiveCallPage> {
    const { live, operation } = this.options
    const liveAccounts = accounts.map(liveAccountOf)
    const failures = new Map<string, unknown>()
    const [matchers, polls] = await Promise.all([
      this.#matchers(
        accounts.filter((account) => canTell(liveAccountOf(account))),
        criteria,
        (key, error) => void failures.set(key, error),
      ),
      Promise.all(
        liveAccounts.map(async (account) => {
          if (!isPolled(account)) return { account, poll: null, requests: 0 }
          const before = live.pollState(account.key)
          // The state says how it went.
          await live.refresh(account, operation).catch(() => {})
          const poll = live.pollState(account.key)
          return { account, poll, requests: poll === before ? 0 : 1 }
        }),
      ),
    ])
    const { calls, position } = await live.current(liveAccounts.filter(canTell))
    const nodes = calls
      .filter((call) => matchers.get(call.accountKey)?.(call) ?? false)
      .sort((one, other) => (one.startedAt < other.startedAt ? -1 : one.startedAt > other.startedAt ? 1 : 0))
    const sources = polls.map((reading) => liveStatus(reading, failures.get(reading.account.key) ?? null))
    return { nodes: nodes.map(liveCallOf), cursor: this.cursorOf(position), sources }
  }

  /**
   * What happens to the calls of these accounts, and of those that are linked later and selected.
   * Of the latter no extension, group or number can have been asked for.
   */
  async events(
    accounts: readonly AccountLoader[],
    criteria: LiveCallCriteria,
    isSelected: (account: LiveAccount) => boolean,
  ): Promise<CallEvents> {
    const { workspace, own, live, cursors } = this.options
    const telling = accounts.filter((account) => canTell(liveAccountOf(account)))
    const matchers = await this.#matchers(telling, criteria, (_key, error) => {
      // Events of unknown calls could not be told later: whoever asks comes back.
      throw error
    })
    const isEveryCall = own === null && matchesEvery(criteria)
    return new FollowedEvents({ workspace, live, cursors, matchers, isSelected: isEveryCall ? isSelected : nobody })
  }

  /** A call by the provider's own id, as long as the log has it; null when there is none. */
  async byId(account: AccountLoader, nativeId: string): Promise<LiveCall | null> {
    const { live, workspace } = this.options
    const stream = await live.stream(streamOf(account.account.key, nativeId))
    if (stream?.workspace !== workspace || !canTell(liveAccountOf(account))) return null
    const { call } = callOf(stream)
    return (await this.#isShown(account, call)) ? liveCallOf(call) : null
  }

  /** An event by its position, as long as the log has it; null when there is none. */
  async eventById(account: AccountLoader, nativeId: string): Promise<CallEvent | null> {
    const { live, workspace } = this.options
    const event = /^[1-9]\d{0,15}$/.test(nativeId) ? await live.event(Number(nativeId)) : null
    if (event?.topic !== CALLS || event.workspace !== workspace || event.account !== account.account.key) return null
    const stored = storedEvent(event)
    return (await this.#isShown(account, stored.call))
      ? eventObject(this.options, event, { stored, live: false })
      : null
  }

  /** The cursor after a position of the log. */
  cursorOf(position: number): string {
    return eventCursor(this.options, position)
  }

  /** @throws CursorInvalid for a cursor that is not one of events */
  positionOf(cursor: string): number {
    let position: unknown = null
    try {
      position = this.options.cursors.read(eventScope(this.options.workspace), cursor)
    } catch (error) {
      if (!(error instanceof CursorInvalid)) throw error
    }
    if (typeof position !== 'number') throw new CursorInvalid(NO_CURSOR_OF_EVENTS)
    return position
  }

  async #matchers(
    accounts: readonly AccountLoader[],
    criteria: LiveCallCriteria,
    onFailure: (accountKey: string, error: unknown) => void,
  ): Promise<ReadonlyMap<string, MatchesCall>> {
    const found = await Promise.all(
      accounts.map(async (account) => {
        const { key } = account.account
        const matcher = callMatcher(account, criteria, this.options.own)
        return [key, await matcher.catch((error: unknown) => void onFailure(key, error))] as const
      }),
    )
    return new Map(found.flatMap(([key, matches]) => (matches ? [[key, matches] as const] : [])))
  }

  async #isShown(account: AccountLoader, call: StoredCallEvent['call']): Promise<boolean> {
    const matches = await callMatcher(account, {}, this.options.own)
    return matches?.(call) ?? false
  }
}

const NO_CURSOR_OF_EVENTS =
  'This cursor is none of `liveCalls` or of a call event here. Ask `liveCalls` for the calls of now, and go on with its `cursor`.'

/** The accounts of this server are joined with their live settings. */
const liveAccountOf = ({ account }: AccountLoader): LiveAccount => account as LiveAccount

const nobody = (): boolean => false
