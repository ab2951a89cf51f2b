import { GraphQLError, type GraphQLFormattedError } from 'graphql'

import { AppError } from '../errors.js'

export interface ErrorSettings {
  /** Shown with every error: the caller reports it, and the operator finds the request by it. */
  readonly requestId: string | null
  /** Called with every error that is masked, once each. */
  readonly onDefect: (error: unknown) => void
  /** Hides from a message what the caller may not learn; default: nothing. */
  readonly hide?: (message: string) => string
}

/** Apollo Server's codes for requests that never became an operation, and ours for the same. */
const APOLLO_CODES: Readonly<Record<string, string>> = {
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_USER_INPUT',
}

const MASKED = 'This server failed to answer. The request id helps its operator to find out why.'

/**
 * Turns any error into its public form; nothing else does. Our own errors show their code and
 * details, errors made for the caller stay as they are, and of any other only the fact is shown.
 */
export function formatError(error: unknown, settings: ErrorSettings): GraphQLFormattedError {
  const located = error instanceof GraphQLError ? error : null
  const original = located?.originalError ?? error
  return { ...publicError(original, located, settings), ...placeOf(located) }
}

type PublicError = Pick<GraphQLFormattedError, 'message' | 'extensions'>

/** The answer to introspection where it is disabled. */
const INTROSPECTION_DISABLED = 'This server does not tell its schema.'

function publicError(original: unknown, located: GraphQLError | null, settings: ErrorSettings): PublicError {
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
      message: isIntrospection ? INTROSPECTION_DISABLED : hide(located?.message ?? (original as Error).message),
      extensions: { code: APOLLO_CODES[code] ?? code, ...request },
    }
  }
  reportOnce(original, onDefect)
  return { message: MASKED, extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, ...request } }
}

/**
 * An error made for the caller has a code; the `code` of any other error is no public one, though
 * graphql copies it.
 */
function publicCode(original: GraphQLError, located: GraphQLError | null): string | null {
  const { code = located?.extensions['code'] } = original.extensions
  if (typeof code === 'string') return code
  if (!located || !isAboutTheRequest(located)) return null
  // What is wrong with the document has a place in it; a hash that does not fit it has none.
  return located.locations ? 'GRAPHQL_VALIDATION_FAILED' : 'BAD_USER_INPUT'
}

/** graphql's own errors from before execution have no path and no original error. */
const isAboutTheRequest = (error: GraphQLError): boolean => !error.originalError && !error.path

function placeOf(located: GraphQLError | null): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return {
    ...(located?.locations && { locations: located.locations }),
    ...(located?.path && { path: located.path }),
  }
}

/** One failed read may fail many fields, and is one defect. */
const reported = new WeakSet<object>()

function reportOnce(error: unknown, onDefect: (error: unknown) => void): void {
  if (typeof error === 'object' && error !== null) {
    if (reported.has(error)) return
    reported.add(error)
  }
  onDefect(error)
}
