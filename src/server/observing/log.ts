import { pino, type DestinationStream } from 'pino'

import type { LoginEvent } from '../../auth/login-event.js'
import { shownName } from './shown-name.js'

/** One GraphQL request. */
export interface OperationEntry {
  readonly requestId: string
  readonly method: string
  readonly status: number
  readonly durationMs: number
  /** The operation's name; logged only when `shownName` accepts it. */
  readonly operation: string | null
  /** `errors[].extensions.code` of the response. */
  readonly codes: readonly string[]
}

/** One subscription, as it begins and when it is over. */
export interface SubscriptionEntry {
  readonly requestId: string
  readonly transport: string
  /** The operation's name; logged only when `shownName` accepts it. */
  readonly operation: string | null
}

export interface EndedSubscriptionEntry extends SubscriptionEntry {
  /** Who or what ended it, in a word of ours. */
  readonly how: string
  readonly events: number
  readonly durationMs: number
}

/** One request for a recording. The recording's name is left out: it may contain phone numbers. */
export interface RecordingEntry {
  readonly requestId: string
  readonly method: string
  readonly status: number
  readonly durationMs: number
  /** Key of the account. */
  readonly account: string
  /** Bytes sent to the client. */
  readonly bytes: number
  /** Error code; null when it did not fail. */
  readonly code: string | null
}

/** One request for the file of an export. Its address is left out: it holds the token. */
export interface DownloadEntry extends Omit<RecordingEntry, 'account'> {
  /** The export's own id. */
  readonly export: string
}

/** One delivery of a provider. Its address is left out: it holds the token. */
export interface WebhookEntry {
  readonly requestId: string
  /** Key of the account. */
  readonly account: string
  readonly status: number
  readonly durationMs: number
  /** The event's name; logged only when `shownName` accepts it. */
  readonly event: string | null
  /** Facts that were new, and those that were known. */
  readonly added: number
  readonly repeated: number
}

/** One failed request to a provider. Its URL is left out: it may contain phone numbers. */
export interface ProviderFailureEntry {
  /** Null when it belongs to no single request of a client. */
  readonly requestId: string | null
  readonly provider: string
  /** Key of the account. */
  readonly account: string | null
  readonly method: string
  /** Null without a response. */
  readonly status: number | null
  /** Code of a network failure, if it was one. */
  readonly code: string | null
  readonly durationMs: number
}

/**
 * The log: one line of JSON per event. Each method writes only the fields named here, so that no
 * other field, and no secret, gets into the log by accident.
 */
export interface Log {
  started(entry: { url: string; accounts: number }): void
  /** `complete`: nothing was cut off. */
  stopped(entry: { complete: boolean }): void
  operation(entry: OperationEntry): void
  recording(entry: RecordingEntry): void
  download(entry: DownloadEntry): void
  webhook(entry: WebhookEntry): void
  subscribed(entry: SubscriptionEntry): void
  subscriptionEnded(entry: EndedSubscriptionEntry): void
  providerFailed(entry: ProviderFailureEntry): void
  login(event: LoginEvent): void
  /**
   * A refused callback of a browser login; of the request it has only the beginning of the state's
   * digest.
   */
  connectRefused(entry: { requestId: string; reason: string; account: string | null; stateDigest?: string }): void
  warning(message: string): void
  /**
   * A defect of ours: error class and stack frames. Its message is left out, as it may quote data.
   */
  defect(requestId: string | null, error: unknown): void
}

/** As pino's own `isoTime`, but lines of one millisecond share their text: making it costs as much as the rest of a line. */
function isoTimes(): () => string {
  let [last, text] = [NaN, '']
  return () => {
    const now = Date.now()
    if (now !== last) [last, text] = [now, `,"time":"${new Date(now).toISOString()}"`]
    return text
  }
}

export function createLog(destination: DestinationStream): Log {
  const lines = pino({ base: null, timestamp: isoTimes(), formatters: { level: (level) => ({ level }) } }, destination)
  return {
    started: ({ url, accounts }) => lines.info({ url, accounts }, 'started'),
    stopped: ({ complete }) => lines[complete ? 'info' : 'warn']({ complete }, 'stopped'),
    operation: ({ requestId, method, status, durationMs, operation, codes }) =>
      lines.info({ requestId, method, status, durationMs, operation: shownName(operation), codes }, 'operation'),
    recording: ({ requestId, method, status, durationMs, account, bytes, code }) =>
      lines.info({ requestId, method, status, durationMs, account, bytes, code }, 'recording'),
    download: ({ requestId, method, status, durationMs, export: id, bytes, code }) =>
      lines.info({ requestId, method, status, durationMs, export: id, bytes, code }, 'download'),
    webhook: ({ requestId, account, status, durationMs, event, added, repeated }) =>
      lines.info({ requestId, account, status, durationMs, event: shownName(event), added, repeated }, 'webhook'),
    subscribed: ({ requestId, transport, operation }) =>
      lines.info({ requestId, transport, operation: shownName(operation) }, 'subscribed'),
    subscriptionEnded: ({ requestId, transport, operation, how, events, durationMs }) =>
      lines.info(
        { requestId, transport, operation: shownName(operation), how, events, durationMs },
        'subscription ended',
      ),
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

/**
 * Anything that may be a phone number. Only `warning` writes text that others may have had a part
 * in.
 */
const NUMBER = /\+?\(?\d(?:[ ()/-]{0,2}\d){6,}/g

function kindAndPlace(error: unknown): { error: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] }
  // The stack repeats the message, which may itself contain lines that look like frames.
  const { name, message, stack = '' } = error
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return { error: name, at: frames.slice(0, 8).map((frame) => frame.trim()) }
}
