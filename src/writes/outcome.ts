import { AppError, OutcomeUnknown, ProviderError } from '../errors.js'
import type { ChangeOutcome } from '../store/write-store.js'
import { writeError, type WriteError } from './write-error.js'

/** What became of a write that was to be sent, other than that it was done. */
export interface Failure {
  readonly outcome: Exclude<ChangeOutcome, 'DONE'>
  /** Part of the answer; null for a failure that fails the mutation, which is then `cause`. */
  readonly error: WriteError | null
  readonly cause: unknown
  /** Whether nothing of it can have reached the provider, so that the same may be sent once more. */
  readonly isUnsent: boolean
}

/**
 * What a failure of sending means. `said`: reads the parsed body of a refusal; `isNew`: whether
 * something is to be made. Null: a defect of ours, after which nobody can tell what became of the
 * write.
 */
export function failureOf(cause: unknown, said: (answer: unknown) => string | null, isNew = false): Failure | null {
  if (cause instanceof OutcomeUnknown || isUnreadable(cause))
    return { outcome: 'UNKNOWN', error: UNKNOWN, cause, isUnsent: false }
  if (cause instanceof ProviderError) return { outcome: 'REFUSED', ...refusal(cause, said(cause.answer), isNew), cause }
  // The login has ended, the store or a queue is at its limit: nothing was sent.
  if (cause instanceof AppError) return { outcome: 'REFUSED', error: null, cause, isUnsent: true }
  return null
}

/** It was answered well, and not as anybody expects. */
const isUnreadable = (cause: unknown): boolean =>
  cause instanceof ProviderError && cause.code === 'PROVIDER_BAD_RESPONSE' && cause.reason !== 'REDIRECT'

const UNKNOWN = writeError(
  'OUTCOME_UNKNOWN',
  'It was sent and no answer came, so it may have happened. Look before you do it again.',
)

/** Every status that is no success and no server error: the provider has not done it. */
function refusal(error: ProviderError, said: string | null, isNew: boolean): Pick<Failure, 'error' | 'isUnsent'> {
  const providerMessage = shown(said)
  switch (error.code) {
    case 'PROVIDER_REJECTED':
      return { error: rejected(error, providerMessage, isNew), isUnsent: false }
    case 'PROVIDER_FORBIDDEN':
      return {
        error: writeError('PROVIDER_REJECTED', 'The provider does not allow this login to do that.', {
          providerMessage,
        }),
        isUnsent: false,
      }
    case 'PROVIDER_RATE_LIMITED':
      return {
        error: writeError(
          'PROVIDER_UNAVAILABLE',
          `The provider takes no more requests for now. Try again later${error.unsent ? '' : ', with a new key'}.`,
          { providerMessage, retryable: true },
        ),
        isUnsent: error.unsent,
      }
    case 'PROVIDER_UNAVAILABLE':
    case 'PROVIDER_TIMEOUT':
      return {
        error: writeError('PROVIDER_UNAVAILABLE', 'The provider could not be reached; nothing was sent.', {
          retryable: true,
        }),
        isUnsent: true,
      }
    default:
      return {
        error: writeError(
          'PROVIDER_REJECTED',
          'Nobody took it at the address of this account: its operator has to look.',
        ),
        isUnsent: error.unsent,
      }
  }
}

function rejected({ reason }: ProviderError, providerMessage: string | null, isNew: boolean): WriteError {
  // What is to be made has no id: it is the address that the provider does not know.
  if (reason === 'NOT_FOUND' && !isNew)
    return writeError('NOT_FOUND', 'The provider has no such object any more.', { field: ['id'], providerMessage })
  if (reason === 'HTTP_409')
    return writeError('CONFLICT', 'The provider says that it was changed meanwhile. Read it, and say it again.', {
      providerMessage,
    })
  return writeError('PROVIDER_REJECTED', 'The provider refused it.', { providerMessage })
}

const LONGEST_MESSAGE = 300

/** One line, bounded, and without what looks like a token: the login's own are taken out before. */
function shown(message: string | null): string | null {
  const line = message
    ?.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(RUN, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? '***' : run))
    .trim()
  if (!line) return null
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line
}

/** Long enough for a token, which has digits and letters. Each character is looked at once. */
const RUN = /[\w.~+/-]{20,}={0,2}/g
