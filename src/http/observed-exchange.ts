import type { ErrorCode, ErrorSource } from '../errors.js'
import type { ReadingOperation } from './account/reading.js'
import type { HttpRequest } from './http.js'

/**
 * One request that was sent to a provider, for metrics, logs and traces. Holds nothing of what was
 * sent or answered.
 */
export interface ObservedExchange {
  readonly source: ErrorSource
  /** The operation that was charged for it. */
  readonly operation: ReadingOperation
  readonly method: HttpRequest['method']
  /** Host and port. */
  readonly host: string
  /** HTTP status; null when no answer came. */
  readonly status: number | null
  /** Code of what went wrong on the wire; null when an answer came, whatever its status. */
  readonly failure: ErrorCode | null
  /** How long it was queued, ms. */
  readonly waitedMs: number
  /** From sending to the last byte; of a file, to its first bytes, ms. */
  readonly durationMs: number
}
