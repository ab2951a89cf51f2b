import type { ArchivedAccount } from '../../archive/archived-account.js'
import type { Tail } from '../../live/tail.js'
import type { CallRecordChange } from '../../model/archive/call-record-change.js'
import { ARCHIVE, type ArchivedChange } from '../../store/archive-store.js'
import type { LoggedEvent } from '../../store/event-log.js'
import type { ArchiveReads } from './archive-reads.js'
import { changeOf, type ChangeCursors } from './change.js'
import type { JudgeChanges } from './own-changes.js'

/** Changes of one read of the log, and of one that judges each. */
const AT_ONCE = 500
const JUDGED_AT_ONCE = 20

/** Changes that wait to be judged; who is behind so far comes back later. */
const MOST_WAITING = 1_000

/** A change in its place; null: it could not be found out whether it is shown. */
export interface FollowedChange {
  readonly position: number
  readonly change: CallRecordChange | null
}

export interface FollowedChangesOptions extends ChangeCursors {
  readonly store: ArchiveReads
  readonly tail: Pick<Tail, 'listen'>
  /** The accounts of the workspace, at this moment. */
  readonly accounts: () => ReadonlyMap<string, ArchivedAccount>
  readonly isSelected: (account: ArchivedAccount) => boolean
  /** Null: all are shown. */
  readonly judge: JudgeChanges | null
}

/**
 * Changes that a subscription follows. Lives as long as it does, and so holds nothing of the
 * operation that it began with.
 */
export class FollowedChanges {
  readonly #options: FollowedChangesOptions

  constructor(options: FollowedChangesOptions) {
    this.#options = options
  }

  /**
   * The changes after a position, up to `until`, in their order.
   * @throws the failure of the store, or of the provider where a change cannot be judged
   */
  async *read(after: number, until: number): AsyncIterable<FollowedChange> {
    const { store, accounts, judge } = this.#options
    const atMost = judge ? JUDGED_AT_ONCE : AT_ONCE
    for (let position = after; position < until;) {
      const keys = [...accounts().values()].filter((account) => this.#isMeant(account)).map(({ key }) => key)
      const found = keys.length === 0 ? [] : await store.archiveChanges(keys, position, atMost)
      const own = found.filter((change) => change.position <= until && this.#isOurs(change))
      const verdicts = judge && (await judge(own))
      for (const [at, change] of own.entries())
        if (verdicts?.[at] ?? true) yield { position: change.position, change: changeOf(this.#options, change) }
      if (found.length < atMost) return
      position = found.at(-1)!.position
    }
  }

  /** Calls the listener with each change that comes, in order. Returns the function that ends it. */
  listen(listener: (followed: FollowedChange) => void): () => void {
    const { tail, judge } = this.#options
    const hear = judge ? this.#judging(judge, listener) : { take: this.#telling(listener), end: () => {} }
    const endListening = tail.listen((event) => {
      if (event.topic === ARCHIVE && this.#isOurs(event)) hear.take(event)
    })
    return () => {
      endListening()
      hear.end()
    }
  }

  #telling(listener: (followed: FollowedChange) => void) {
    return (event: LoggedEvent) => listener({ position: event.position, change: changeOf(this.#options, event) })
  }

  /** One after the other, since each may take a request and the order must stay. */
  #judging(judge: JudgeChanges, listener: (followed: FollowedChange) => void) {
    const tell = this.#telling(listener)
    let judging = Promise.resolve()
    let waiting = 0
    let isOver = false
    const decide = async (event: LoggedEvent) => {
      if (isOver) return
      // Undefined: nobody can say now, so whoever follows has to come back for it.
      const isShown =
        waiting > MOST_WAITING
          ? undefined
          : await judge([event]).then(
              ([one]) => one,
              () => undefined,
            )
      waiting -= 1
      if (isOver) return
      if (isShown === undefined) listener({ position: event.position, change: null })
      else if (isShown) tell(event)
    }
    return {
      take(event: LoggedEvent) {
        waiting += 1
        judging = judging.then(() => decide(event))
      },
      end: () => void (isOver = true),
    }
  }

  #isMeant(account: ArchivedAccount): boolean {
    return account.archive !== null && this.#options.isSelected(account)
  }

  /** An account of this key may have belonged to another workspace. */
  #isOurs({ account: key, workspace }: ArchivedChange): boolean {
    const account = this.#options.accounts().get(key)
    return workspace === this.#options.workspace && account !== undefined && this.#isMeant(account)
  }
}
