import { GraphQLError, type GraphQLFormattedError } from 'graphql'

import { AppError } from '../errors.js'

export interface ErrorSettings {
  /** Shown with every error, so that a caller can name the request and an operator can find it. */
  readonly requestId: string | null
  /** Hears of every error that is hidden from the caller, once each. */
  readonly onDefect: (error: unknown) => void
}

/** Apollo Server's own codes for requests that never became an operation, in the words of this interface. */
const APOLLO_CODES: Readonly<Record<string, string>> = {
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
}

const MASKED = 'This server failed to answer. The request id helps its operator to find out why.'

/**
 * The one door through which errors leave: our own with their code and what they mean to show, errors made for the caller as
 * they are, and of anything else only that it happened.
 */
export function formatError(error: unknown, settings: ErrorSettings): GraphQLFormattedError {
  const located = error instanceof GraphQLError ? error : null
  const original = located?.originalError ?? error
  return { ...shown(original, located, settings), ...where(located) }
}

type Shown = Pick<GraphQLFormattedError, 'message' | 'extensions'>

function shown(original: unknown, located: GraphQLError | null, { requestId, onDefect }: ErrorSettings): Shown {
  const request = requestId === null ? {} : { requestId }
  if (original instanceof AppError) {
    const { code, details, message, retryable, source } = original
    return { message, extensions: { ...details, code, retryable, ...source, ...request } }
  }
  const code =
    codeOf(original) ?? codeOf(located) ?? (located && isAboutTheRequest(located) ? 'GRAPHQL_VALIDATION_FAILED' : null)
  if (code !== null && code !== 'INTERNAL_SERVER_ERROR') {
    return {
      message: located?.message ?? (original as Error).message,
      extensions: { code: APOLLO_CODES[code] ?? code, ...request },
    }
  }
  reportOnce(original, onDefect)
  return { message: MASKED, extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, ...request } }
}

/** An error that was made for the caller says so by its code. */
function codeOf(error: unknown): string | null {
  const code = error instanceof GraphQLError ? error.extensions.code : null
  return typeof code === 'string' ? code : null
}

/** graphql's own errors from before execution stand on no path and come from no other error. */
const isAboutTheRequest = (error: GraphQLError): boolean => !error.originalError && !error.path

function where(located: GraphQLError | null): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return {
    ...(located?.locations && { locations: located.locations }),
    ...(located?.path && { path: located.path }),
  }
}

/** One failed read may fail many fields; it is one defect. */
const reported = new WeakSet<object>()

function reportOnce(error: unknown, onDefect: (error: unknown) => void): void {
  if (typeof error === 'object' && error !== null) {
    if (reported.has(error)) return
    reported.add(error)
  }
  onDefect(error)
}
