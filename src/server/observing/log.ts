import { pino, type DestinationStream } from 'pino'

import type { LoginEvent } from '../../auth/login-event.js'
import { shownName } from './shown-name.js'

/** One GraphQL request, as far as a log may know it. */
export interface OperationEntry {
  readonly requestId: string
  readonly method: string
  readonly status: number
  readonly durationMs: number
  /** Name the caller gave its operation; only what looks like one is written down. */
  readonly operation: string | null
  /** `errors[].extensions.code` of the answer. */
  readonly codes: readonly string[]
}

/** One request for a recording. Which one is left out: names of recordings may hold phone numbers. */
export interface RecordingEntry {
  readonly requestId: string
  readonly method: string
  readonly status: number
  readonly durationMs: number
  /** Key of the account. */
  readonly account: string
  /** Bytes the client took. */
  readonly bytes: number
  /** Why it failed, if it did. */
  readonly code: string | null
}

/** One request to a provider that failed. Its address is left out: it may hold a number. */
export interface ProviderFailureEntry {
  /** Null for what belongs to no single request of a client. */
  readonly requestId: string | null
  readonly provider: string
  /** Key of the account. */
  readonly account: string | null
  readonly method: string
  /** Null when no answer came. */
  readonly status: number | null
  /** What went wrong on the wire, if that was it. */
  readonly code: string | null
  readonly durationMs: number
}

/**
 * What is written down while serving, one line of JSON per thing. There is no other way to write a line than these, and each
 * writes the fields it names: a field that is not named here, and so every secret, cannot reach a log by accident.
 */
export interface Log {
  started(entry: { url: string; accounts: number }): void
  /** `complete`: everything that ran had finished by then. */
  stopped(entry: { complete: boolean }): void
  operation(entry: OperationEntry): void
  recording(entry: RecordingEntry): void
  providerFailed(entry: ProviderFailureEntry): void
  login(event: LoginEvent): void
  /** A callback of a browser login that came to nothing; holds no part of the request but the beginning of its state's digest. */
  connectRefused(entry: { requestId: string; reason: string; account: string | null; stateDigest?: string }): void
  warning(message: string): void
  /** A defect of ours: its kind and where it happened. Messages are left out, they quote what they choked on. */
  defect(requestId: string | null, error: unknown): void
}

export function createLog(destination: DestinationStream): Log {
  const lines = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination,
  )
  return {
    started: ({ url, accounts }) => lines.info({ url, accounts }, 'started'),
    stopped: ({ complete }) => lines[complete ? 'info' : 'warn']({ complete }, 'stopped'),
    operation: ({ requestId, method, status, durationMs, operation, codes }) =>
      lines.info({ requestId, method, status, durationMs, operation: shownName(operation), codes }, 'operation'),
    recording: ({ requestId, method, status, durationMs, account, bytes, code }) =>
      lines.info({ requestId, method, status, durationMs, account, bytes, code }, 'recording'),
    providerFailed: ({ requestId, provider, account, method, status, code, durationMs }) =>
      lines.warn({ requestId, provider, account, method, status, code, durationMs }, 'provider failed'),
    login: ({ key, flow, reason, outcome, generation, code }) =>
      lines[TROUBLE.has(outcome) ? 'warn' : 'info']({ account: key, flow, reason, outcome, generation, code }, 'login'),
    connectRefused: ({ requestId, reason, account, stateDigest }) =>
      lines.warn({ requestId, reason, account, stateDigest }, 'connect refused'),
    warning: (message) => lines.warn(message.replace(NUMBER, '[number]')),
    defect: (requestId, error) => lines.error({ requestId, ...kindAndPlace(error) }, 'defect'),
  }
}

const TROUBLE: ReadonlySet<string> = new Set<LoginEvent['outcome']>([
  'backing off',
  'reauthorization required',
  'not stored',
  'store unavailable',
  'outcome unknown',
  'lease lost',
  'revocation put off',
  'revocation given up',
])

/** Long enough to be somebody's; other people's words are only ever written down by `warning`. */
const NUMBER = /\+?\(?\d(?:[ ()/-]{0,2}\d){6,}/g

function kindAndPlace(error: unknown): { error: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] }
  // The stack begins with the message, which may itself look like a stack.
  const { name, message, stack = '' } = error
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return { error: name, at: frames.slice(0, 8).map((frame) => frame.trim()) }
}
