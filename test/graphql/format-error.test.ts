import { describe, expect, test } from '@jest/globals'
import { GraphQLError, parse } from 'graphql'

import { AppError, CursorInvalid, InvalidInput, ProviderError, ReauthorizationRequired } from '../../src/errors.js'
import { formatError } from '../../src/graphql/format-error.js'

/** The error as graphql reports it of a resolver. */
const thrown = (originalError: Error) =>
  new GraphQLError(originalError.message, { originalError, path: ['account', 'dids'] })

function format(error: unknown) {
  const defects: unknown[] = []
  const formatted = formatError(error, { requestId: 'request-1', onDefect: (defect) => defects.push(defect) })
  return { formatted, defects }
}

const account = { provider: 'bulutfon', accountId: 'QTppc3RhbmJ1bDo' }

describe('an error of our own', () => {
  test.each([
    [
      new ProviderError('PROVIDER_RATE_LIMITED', 'GET /dids answered 429', {
        retryAfterMs: 60_000,
        cause: new Error('Bearer s3cret'),
      }).of(account),
      { code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 60_000, retryable: true, ...account },
    ],
    [
      new ProviderError('PROVIDER_BAD_RESPONSE', 'GET /dids answered HTML', { reason: 'NOT_JSON' }).of(account),
      { code: 'PROVIDER_BAD_RESPONSE', reason: 'NOT_JSON', retryable: false, ...account },
    ],
    [
      new ReauthorizationRequired(
        'CREDENTIALS_REJECTED',
        'The password was refused.',
        'http://127.0.0.1:4000/connect/istanbul',
      ).of(account),
      {
        code: 'REAUTHORIZATION_REQUIRED',
        reason: 'CREDENTIALS_REJECTED',
        authorizeUrl: 'http://127.0.0.1:4000/connect/istanbul',
        retryable: false,
        ...account,
      },
    ],
    [new InvalidInput('`first` must be from 1 to 100.'), { code: 'BAD_USER_INPUT', retryable: false }],
    [new CursorInvalid(), { code: 'CURSOR_INVALID', retryable: false }],
    [new AppError('FORBIDDEN', 'No.', { code: 'SOMETHING_ELSE' }), { code: 'FORBIDDEN', retryable: false }],
  ])('%s says what it means to say and no more', (error, extensions) => {
    const { formatted, defects } = format(thrown(error))
    expect(formatted).toEqual({
      message: error.message,
      path: ['account', 'dids'],
      extensions: { ...extensions, requestId: 'request-1' },
    })
    expect(JSON.stringify(formatted)).not.toContain('s3cret')
    expect(defects).toEqual([])
  })
})

describe('any other error', () => {
  test.each([
    ['a mistake in the code', thrown(new TypeError('Cannot read properties of undefined (reading password)'))],
    ['one that never met graphql', new Error('connect ECONNREFUSED 10.0.0.7')],
    ['a text', 'password=hunter2'],
    ['nothing', undefined],
    [
      'one that calls itself internal',
      new GraphQLError('password', { extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['password'] } }),
    ],
  ])('(%s) is hidden, and reported', (_, error) => {
    const { formatted, defects } = format(error)
    expect(formatted.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'request-1' })
    expect(JSON.stringify(formatted)).not.toMatch(/password|10\.0\.0\.7/)
    expect(defects).toEqual([error instanceof GraphQLError ? (error.originalError ?? error) : error])
  })

  test('that fails several fields is reported once', () => {
    const defect = new Error('one')
    expect(format(thrown(defect)).defects).toEqual([defect])
    expect(format(thrown(defect)).defects).toEqual([])
  })
})

describe('an error made for the caller', () => {
  test.each([
    ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_PARSE_FAILED'],
    ['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED'],
    ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_FOUND'],
    ['BAD_USER_INPUT', 'BAD_USER_INPUT'],
    ['BAD_REQUEST', 'BAD_USER_INPUT'],
    ['OPERATION_RESOLUTION_FAILURE', 'BAD_USER_INPUT'],
  ])('with the code %s goes out with %s, and without a stack', (code, shown) => {
    const { formatted, defects } = format(
      new GraphQLError('Say it differently.', { extensions: { code, stacktrace: ['at here'] } }),
    )
    expect(formatted).toEqual({ message: 'Say it differently.', extensions: { code: shown, requestId: 'request-1' } })
    expect(defects).toEqual([])
  })

  test('by graphql itself before anything ran is about the request', () => {
    const [node] = parse('{ x }').definitions
    const { formatted } = format(new GraphQLError('Cannot query field "x".', { nodes: node }))
    expect(formatted.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(formatted.locations).toEqual([{ line: 1, column: 1 }])
  })

  test('by Apollo Server before anything ran, about no place of the document, is bad input', () => {
    const { formatted } = format(new GraphQLError('provided sha does not match query'))
    expect(formatted.extensions?.code).toBe('BAD_USER_INPUT')
  })
})
