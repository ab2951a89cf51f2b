import type { WriteProblem } from '../providers/writes.js'

export type WriteErrorCode =
  | 'INVALID'
  | 'TAKEN'
  | 'NOT_FOUND'
  | 'CAPABILITY_UNSUPPORTED'
  | 'CONFLICT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IN_PROGRESS'
  | 'PROVIDER_REJECTED'
  | 'OUTCOME_UNKNOWN'
  | 'PROVIDER_UNAVAILABLE'

/** Why a write was not done, or is not known to be: part of the answer. */
export interface WriteError {
  readonly code: WriteErrorCode
  /** Path within the input; null for the write as a whole. */
  readonly field: readonly string[] | null
  readonly message: string
  /** What the provider said, without secrets. */
  readonly providerMessage: string | null
  /** Whether the same may succeed later. */
  readonly retryable: boolean
}

export const writeError = (
  code: WriteErrorCode,
  message: string,
  { field = null, providerMessage = null, retryable = false }: Partial<WriteError> = {},
): WriteError => ({ code, field, message, providerMessage, retryable })

export const problemError = ({ code, field, message }: WriteProblem): WriteError => writeError(code, message, { field })
