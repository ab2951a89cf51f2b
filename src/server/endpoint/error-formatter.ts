import type { GraphQLFormattedError } from 'graphql'

import { formatError } from '../../graphql/format-error.js'
import { tooManyTokens } from '../../graphql/limits/too-complex.js'
import type { Log } from '../observing/log.js'

/** Formats an error for the client of a request; `hide` takes names of the schema out of a message. */
export type FormatError = (
  error: unknown,
  requestId: string | null,
  hide?: (message: string) => string,
) => GraphQLFormattedError

export interface ErrorFormatterOptions {
  /** Whether callers may learn the schema and the limits. */
  readonly explore: boolean
  readonly operationTokens: number
  readonly log: Pick<Log, 'defect'>
}

/** Formats errors in the one way of this server, and tells the log of those that it masks. */
export function errorFormatter({ explore, operationTokens, log }: ErrorFormatterOptions): FormatError {
  const tokens = explore ? { name: 'operationTokens', value: operationTokens } : null
  return (error, requestId, hide) =>
    formatError(tooManyTokens(error, tokens) ?? error, {
      requestId,
      onDefect: (defect) => log.defect(requestId, defect),
      ...(!explore && hide && { hide }),
    })
}
