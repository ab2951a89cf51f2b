/** What a started emulator is: the same thing for the sandbox command and for tests. Nothing here knows any provider or any client of ours. */

/** A fault that answers instead of the API, or disturbs its answer. */
export interface Fault {
  /** Only for requests whose path matches; default: every one. Token endpoints too. */
  readonly path?: RegExp
  readonly method?: string
  /** How many requests it hits; default 1. `Infinity` until cleared. */
  readonly times?: number
  /** Answer this status (with `body`, `headers`) without reaching the API. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Real milliseconds to wait before anything else happens. */
  readonly delayMs?: number
  /** Wait for this before anything else happens: holds a request for as long as a test needs, without a time. */
  readonly until?: Promise<unknown>
  /** Accept and never answer. `afterHead`: send the head, then hang. */
  readonly hang?: boolean | 'afterHead'
  /** Destroy the socket. `afterProcessing`: the API does its work first, the answer is lost. */
  readonly reset?: boolean | 'afterProcessing'
  /** Announce the true length, send half the body, close. */
  readonly truncate?: boolean
  /** Replace the body by an HTML page, keeping the status unless `status` is given. */
  readonly html?: boolean
}

export interface Faults {
  /** Queues a fault; the first queued fault that matches a request takes it. */
  next(fault: Fault): void
  clear(): void
}

/** One request as it arrived. Holds what tests assert on; emulated secrets are fine here, it never leaves the process. */
export interface JournalEntry {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number | null
  /** `token` for requests to token endpoints (login, refresh, exchange), else `api`. */
  readonly kind: 'token' | 'api'
  /** The emulated account whose live token the request carried; null when none did. */
  readonly account: string | null
  readonly at: number
}

export interface Journal {
  readonly entries: readonly JournalEntry[]
  readonly tokenRequests: readonly JournalEntry[]
  readonly apiRequests: readonly JournalEntry[]
  /** `GET /dids` and the like, API requests only, in order of arrival. */
  lines(): string[]
  clear(): void
}

/** The emulated server's own clock: real time plus what it was moved by. */
export interface EmulatorClock {
  now(): number
  /** Stops real time at a moment and stays there until moved again; for data that must not drift. */
  set(time: number): void
  advance(milliseconds: number): void
}

export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Account entries for the configuration file, by name: one for each emulated way to log in. */
  readonly accounts: Readonly<Record<string, EmulatedAccount>>
  /** Which of `accounts` the sandbox serves. Default: the first one, with the provider's slug as its id. */
  readonly sandbox?: SandboxAccounts
  readonly journal: Journal
  readonly faults: Faults
  readonly clock: EmulatorClock
  /** Forgets tokens, journal, faults, clock; keeps the seeded data. */
  reset(): void
  close(): Promise<void>
}

/** Names in `accounts`, each with the id the account has in the sandbox's configuration. No two show the same data. */
export interface SandboxAccounts {
  /** Served from the start. */
  readonly linked: Readonly<Record<string, string>>
  /** Served once a person has logged in with a browser. */
  readonly unlinked?: Readonly<Record<string, string>>
}

/** An account entry as it stands in the configuration file, without its id. */
export interface EmulatedAccount {
  readonly label: string
  readonly provider: string
  readonly country: string
  readonly timeZone: string
  readonly urls: Readonly<Record<string, string>>
  readonly auth: Readonly<Record<string, unknown>>
  readonly options?: Readonly<Record<string, unknown>>
}

export interface EmulatorOptions {
  /** 0 (default): any free port. */
  readonly port?: number
  /** Multiplies the size of the seeded story; 1 (default) is the whole of it, tests use less. */
  readonly scale?: number
  /** Same seed, same data. Default 1. */
  readonly seed?: number
  /** Where the clock stands still from the start, ms, so that ids and times repeat; default: it goes with real time. */
  readonly now?: number
  /** The moment the story ends at, ms: the same for all emulators that are to tell the same calls. Default: `now`, else the start. */
  readonly storyEnd?: number
  /** Switches named in the provider's own README: dialect, lifetimes, rotation. */
  readonly knobs?: Readonly<Record<string, unknown>>
}

/** Starts one emulator; `E` adds what only this provider has (revoking a token, cutting a list, changing a password). */
export type EmulatorFactory<E extends Emulator = Emulator> = (options?: EmulatorOptions) => Promise<E>
