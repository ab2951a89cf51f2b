import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.js'
import { Loop } from '../live/loop.js'
import type { Tail } from '../live/tail.js'
import type { EventLog } from '../store/event-log.js'
import type { Write } from './write.js'

/** The topic of writes in the log. */
const WRITES = 'writes'

/** Pause after the log could not be read. */
const PAUSE_MS = 2_000

export interface WrittenAccountsOptions {
  readonly log: Pick<EventLog, 'appendEvents' | 'eventStream'>
  readonly tail: Pick<Tail, 'follow' | 'listen'>
  readonly clock: Pick<Clock, 'now'>
  /** Drops what this process has read of an account, of these nouns or all. */
  readonly forget: (accountKey: string, nouns?: readonly string[]) => void
  /** Called with what the log throws. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * Read your writes on every replica: who has written to an account says so in the event log, and
 * every other process drops what it has read of it.
 */
export class WrittenAccounts {
  readonly #options: WrittenAccountsOptions
  readonly #process = randomUUID()
  readonly #following: Loop
  #stop: (() => void) | null = null

  constructor(options: WrittenAccountsOptions) {
    this.#options = options
    this.#following = new Loop(() => this.#follow(), options.onTrouble, PAUSE_MS)
  }

  /** Begins to hear of the writes of other processes. */
  open(): void {
    this.#following.wake()
  }

  async close(): Promise<void> {
    await this.#following.stop()
    this.#stop?.()
  }

  /**
   * Resolves when every process will hear of it.
   *
   * @throws the store's error
   */
  async tell({ account, workspace, affects }: Pick<Write, 'account' | 'workspace' | 'affects'>): Promise<void> {
    const { log, clock } = this.#options
    const body = JSON.stringify({ by: this.#process, affects } satisfies Written)
    for (let positions: unknown = null; positions === null;) {
      const stream = await log.eventStream(WRITES, account)
      // Null: another process has told of the same account at this moment.
      positions = await log.appendEvents({
        ...{ topic: WRITES, stream: account, workspace, account, from: stream?.revision ?? 0 },
        ...{ state: '{}', isOpen: false, events: [body], at: clock.now() },
      })
    }
  }

  async #follow(): Promise<null> {
    const { tail, forget } = this.#options
    const unfollow = await tail.follow()
    const unlisten = tail.listen(({ topic, account, body }) => {
      if (topic !== WRITES) return
      const { by, affects } = JSON.parse(body) as Written
      if (by !== this.#process) forget(account, affects ?? undefined)
    })
    this.#stop = () => {
      unlisten()
      unfollow()
    }
    return null
  }
}

interface Written {
  /** The process that has dropped it already. */
  readonly by: string
  /** Nouns; null: all. */
  readonly affects: readonly string[] | null
}
