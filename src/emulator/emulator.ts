/**
 * A started emulator, the same for the sandbox command and for tests. Knows no provider and no
 * client of ours.
 */

import type { ConformanceFacts } from './conformance-facts.js'
import type { CallHistory } from './history/history.js'
import type { LiveOffice } from './live/live.js'

/** What tells a fault's requests from others. */
export interface FaultyRequest {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

/** A fault that replaces the API's response, or disturbs it. */
export interface Fault {
  /** Only requests whose path matches; default: all, token endpoints included. */
  readonly path?: RegExp
  readonly method?: string
  /** Only requests to token endpoints, or only others; default: both. */
  readonly kind?: JournalEntry['kind']
  /** Only requests of which this is true. */
  readonly when?: (request: FaultyRequest) => boolean
  /** Only the first request with each token: a provider's replica that does not know it yet. */
  readonly freshToken?: boolean
  /** How many requests it affects; default 1, `Infinity` until cleared. */
  readonly times?: number
  /**
   * The API does its work before anything else happens, so that only its answer waits (`until`,
   * `delayMs`), is replaced (`status`, `html`), is cut or lost (`truncate`, `hang`, `reset`).
   */
  readonly afterProcessing?: boolean
  /** Answer with this status (and `body`, `headers`) without reaching the API. */
  readonly status?: number
  /** Added to the answer; without `status` to that of the API, which is then sent unpacked. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Changes the text of the API's answer: rows as no seeded data has them. */
  readonly rewrite?: (body: string) => string
  /** Real milliseconds to wait before anything else happens. */
  readonly delayMs?: number
  /** Wait for this promise first: holds a request as long as a test needs. */
  readonly until?: Promise<unknown>
  /** Accept the request and never answer. `afterHead`: send the head, then hang. */
  readonly hang?: boolean | 'afterHead'
  /** Destroy the socket. `afterProcessing`: the API does its work first, the response is lost. */
  readonly reset?: boolean | 'afterProcessing'
  /** Announce the full length, send half of the body, close. */
  readonly truncate?: boolean
  /** Replace the body by an HTML page; keeps the API's status unless `status` is set. */
  readonly html?: boolean
}

export interface Faults {
  /** Queues a fault; the first queued fault that matches a request applies to it. */
  next(fault: Fault): void
  clear(): void
}

/** One request as received. Emulated secrets may be in it: it never leaves the process. */
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
  /** The emulated account whose live token the request carried; null for none. */
  readonly account: string | null
  readonly at: number
}

export interface Journal {
  readonly entries: readonly JournalEntry[]
  readonly tokenRequests: readonly JournalEntry[]
  readonly apiRequests: readonly JournalEntry[]
  /** `GET /dids` and so on: API requests only, in order of arrival. */
  lines(): string[]
  clear(): void
}

/** The emulated server's clock: real time plus an offset. */
export interface EmulatorClock {
  now(): number
  /** False once it is frozen: then only `set` and `advance` move it. */
  readonly isRunning: boolean
  /** Freezes the clock at a moment, so that seeded data does not age. */
  set(time: number): void
  advance(milliseconds: number): void
}

export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Account entries for the configuration file, by name: one for each emulated way to log in. */
  readonly accounts: Readonly<Record<string, EmulatedAccount>>
  /**
   * Which of `accounts` the sandbox serves. Default: the first one, with the provider's slug as its
   * id.
   */
  readonly sandbox?: SandboxAccounts
  readonly journal: Journal
  readonly faults: Faults
  readonly clock: EmulatorClock
  /** Calls under way; absent where nobody can be called. */
  readonly live?: LiveOffice
  /** The call log, as what happens to it later changes it; absent where there is none. */
  readonly history?: CallHistory
  /** What the suite of conformance has to know; absent: its defaults are right. */
  readonly conformance?: ConformanceFacts
  /** Access tokens are refused from now on, before their time. */
  revokeAccessTokens?(): void
  /** Everything that must never be shown: passwords, and all tokens issued. */
  secrets?(): readonly string[]
  /** Forgets tokens, journal, faults and clock; keeps the seeded data. */
  reset(): void
  close(): Promise<void>
}

/**
 * Names in `accounts`, each with the id the account has in the sandbox's configuration. No two show
 * the same data.
 */
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
  readonly live?: Readonly<Record<string, unknown>>
  readonly archive?: Readonly<Record<string, unknown>>
}

export interface EmulatorOptions {
  /** 0 (default): any free port. */
  readonly port?: number
  /** Scales the seeded story; 1 (default) is all of it, tests use less. */
  readonly scale?: number
  /** Same seed, same data. Default 1. */
  readonly seed?: number
  /**
   * Freezes the clock at this moment (ms) from the start, so that ids and times repeat. Default:
   * real time.
   */
  readonly now?: number
  /**
   * When the story ends, ms: the same for all emulators that are to show the same calls. Default:
   * `now`, else the start.
   */
  readonly storyEnd?: number
  /** Whether `/-/journal`, `/-/clock` and `/-/faults` drive it from outside. Default: false. */
  readonly controlled?: boolean
  /** Switches listed in the provider's README: dialect, lifetimes, rotation. */
  readonly knobs?: Readonly<Record<string, unknown>>
}

/** Starts one emulator; `E` adds what only this provider has, such as changing a password. */
export type EmulatorFactory<E extends Emulator = Emulator> = (options?: EmulatorOptions) => Promise<E>
