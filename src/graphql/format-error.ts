import { GraphQLError, type GraphQLFormattedError } from 'graphql'

import { AppError } from '../errors.js'

export interface ErrorSettings {
  /** Shown with every error, so that a caller can name the request and an operator can find it. */
  readonly requestId: string | null
  /** Hears of every error that is hidden from the caller, once each. */
  readonly onDefect: (error: unknown) => void
  /** Takes out of a message what its reader may not know; default: nothing. */
  readonly hide?: (message: string) => string
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

/** What a server that does not tell its schema answers to who asks for it. */
const UNTOLD = 'This server does not tell its schema.'

function shown(original: unknown, located: GraphQLError | null, settings: ErrorSettings): Shown {
  const { requestId, onDefect, hide = (message) => message } = settings
  const request = requestId === null ? {} : { requestId }
  if (original instanceof AppError) {
    const { code, details, message, retryable, source } = original
    return { message: hide(message), extensions: { ...details, code, retryable, ...source, ...request } }
  }
  const code = original instanceof GraphQLError ? publicCode(original, located) : null
  if (code !== null && code !== 'INTERNAL_SERVER_ERROR') {
    const isIntrospection = located?.extensions['validationErrorCode'] === 'INTROSPECTION_DISABLED'
    return {
      message: isIntrospection ? UNTOLD : hide(located?.message ?? (original as Error).message),
      extensions: { code: APOLLO_CODES[code] ?? code, ...request },
    }
  }
  reportOnce(original, onDefect)
  return { message: MASKED, extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, ...request } }
}

/** An error that was made for the caller says so by its code. What any other error calls a code is none of ours, though graphql takes it over. */
function publicCode(original: GraphQLError, located: GraphQLError | null): string | null {
  const { code = located?.extensions['code'] } = original.extensions
  if (typeof code === 'string') return code
  return located && isAboutTheRequest(located) ? 'GRAPHQL_VALIDATION_FAILED' : null
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
