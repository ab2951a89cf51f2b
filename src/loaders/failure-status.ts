import { AppError } from '../errors.js'
import type { SourceStatus } from '../model/source-status.js'

/** What a failure looks like in a status: our own words for our own errors, nothing but the code for any other. */
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
