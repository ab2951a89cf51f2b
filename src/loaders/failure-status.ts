import { AppError } from '../errors.js'
import type { SourceStatus } from '../model/source-status.js'

/**
 * The fields of a SourceStatus for a failure. An error that is not an AppError shows nothing but
 * its code.
 */
export function failureStatus(error: unknown): Pick<SourceStatus, 'errorCode' | 'message' | 'retryAfterSeconds'> {
  if (!(error instanceof AppError)) {
    return {
      errorCode: 'INTERNAL_SERVER_ERROR',
      message: 'This server failed to read the answer.',
      retryAfterSeconds: null,
    }
  }
  const { retryAfterMs } = error.details
  return {
    errorCode: error.code,
    message: error.message,
    retryAfterSeconds: typeof retryAfterMs === 'number' ? Math.ceil(retryAfterMs / 1000) : null,
  }
}
