import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'

/** One thing that went wrong, as far as the page can tell. */
export interface Failure {
  /** A code of the graph, or what kept the answer away. */
  readonly code: string
  /** Id of the request, for whoever looks into the log. */
  readonly requestId: string | null
}

/** The page could not reach the server. */
export const UNREACHABLE = 'UNREACHABLE'

/** What an answer failed with, each code once. */
export function failuresOf(error: unknown): readonly Failure[] {
  if (error === undefined || error === null) return []
  const failures = CombinedGraphQLErrors.is(error) ? error.errors.map(failureOf) : [transportFailure(error)]
  return [...new Map(failures.map((failure) => [failure.code, failure])).values()]
}

/** Whether the answer says that a key is needed, or another one. */
export const needsKey = (error: unknown): boolean => failuresOf(error).some(({ code }) => code === 'UNAUTHENTICATED')

const failureOf = ({ extensions = {} }: { extensions?: Record<string, unknown> }): Failure => ({
  code: text(extensions['code']) ?? 'INTERNAL_SERVER_ERROR',
  requestId: text(extensions['requestId']),
})

/** An answer that is no GraphQL answer, or none at all. */
function transportFailure(error: unknown): Failure {
  if (!ServerError.is(error)) return { code: UNREACHABLE, requestId: null }
  try {
    const { errors } = JSON.parse(error.bodyText) as { errors: [{ extensions?: Record<string, unknown> }] }
    return failureOf(errors[0])
  } catch {
    return { code: error.statusCode === 401 ? 'UNAUTHENTICATED' : UNREACHABLE, requestId: null }
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
