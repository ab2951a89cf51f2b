import type { Clock } from '../clock.js'
import type { EventLog } from '../store/event-log.js'

/** What needs no telling while nothing else was told. */
const AT_FIRST: Readonly<Record<string, string>> = { circuit: 'CLOSED' }

/** The topic of accounts in the log. */
export const ACCOUNTS = 'accounts'

/** The account that has changed. */
export interface ChangedAccount {
  readonly key: string
  readonly workspace: string
}

export interface AccountChangesOptions {
  readonly log: Pick<EventLog, 'appendEvents' | 'eventStream'>
  readonly clock: Pick<Clock, 'now'>
  /** Called with what the log throws: the change is then seen with the next one. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * Tells every process that the login or the circuit of an account has changed. What it changed to
 * is read where it is shown, so several changes at once may be told as one.
 */
export class AccountChanges {
  readonly #options: AccountChangesOptions
  /** What each account was told to be last, by this process. */
  readonly #told = new Map<string, string>()
  #writing: Promise<void> = Promise.resolve()

  constructor(options: AccountChangesOptions) {
    this.#options = options
  }

  /** `aspect` and `state`: a state that is the same as before, such as `circuit` `OPEN`, tells nothing. */
  note(account: ChangedAccount, aspect: string, state: string): void {
    const key = `${account.key} ${aspect}`
    if ((this.#told.get(key) ?? AT_FIRST[aspect]) === state) return
    this.#told.set(key, state)
    this.#writing = this.#writing.then(() => this.#append(account)).catch(this.#options.onTrouble)
  }

  /** Resolves when everything noted is written, or could not be. */
  settle(): Promise<void> {
    return this.#writing
  }

  async #append({ key, workspace }: ChangedAccount): Promise<void> {
    const { log, clock } = this.#options
    const stream = await log.eventStream(ACCOUNTS, key)
    // Null: another process has told of the same account at this moment.
    await log.appendEvents({
      topic: ACCOUNTS,
      stream: key,
      workspace,
      account: key,
      from: stream?.revision ?? 0,
      state: '{}',
      isOpen: false,
      events: ['{}'],
      at: clock.now(),
    })
  }
}
