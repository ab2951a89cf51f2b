import { describe, expect, test } from '@jest/globals'

import {
  AppError,
  OutcomeUnknown,
  ProviderError,
  ReauthorizationRequired,
  type ProviderErrorCode,
} from '../../src/errors.js'
import { failureOf } from '../../src/writes/outcome.js'

const said = (answer: unknown) => (answer as { said?: string } | null)?.said ?? null
const failed = (code: ProviderErrorCode, more: ConstructorParameters<typeof ProviderError>[2] = {}) =>
  new ProviderError(code, 'it failed', more)

describe('what a failure of sending means', () => {
  const CASES = [
    [new OutcomeUnknown(failed('PROVIDER_TIMEOUT')), 'UNKNOWN', 'OUTCOME_UNKNOWN', false, false],
    [new OutcomeUnknown(failed('PROVIDER_UNAVAILABLE')), 'UNKNOWN', 'OUTCOME_UNKNOWN', false, false],
    [new OutcomeUnknown(failed('PROVIDER_BAD_RESPONSE')), 'UNKNOWN', 'OUTCOME_UNKNOWN', false, false],
    [failed('PROVIDER_BAD_RESPONSE', { reason: 'HTML' }), 'UNKNOWN', 'OUTCOME_UNKNOWN', false, false],
    [failed('PROVIDER_BAD_RESPONSE', { reason: 'REDIRECT' }), 'REFUSED', 'PROVIDER_REJECTED', false, false],
    [failed('PROVIDER_REJECTED', { reason: 'HTTP_422' }), 'REFUSED', 'PROVIDER_REJECTED', false, false],
    [failed('PROVIDER_REJECTED', { reason: 'NOT_FOUND' }), 'REFUSED', 'NOT_FOUND', false, false],
    [failed('PROVIDER_REJECTED', { reason: 'HTTP_409' }), 'REFUSED', 'CONFLICT', false, false],
    [failed('PROVIDER_FORBIDDEN'), 'REFUSED', 'PROVIDER_REJECTED', false, false],
    [failed('PROVIDER_RATE_LIMITED'), 'REFUSED', 'PROVIDER_UNAVAILABLE', true, false],
    [failed('PROVIDER_RATE_LIMITED', { unsent: true }), 'REFUSED', 'PROVIDER_UNAVAILABLE', true, true],
    [failed('PROVIDER_UNAVAILABLE', { unsent: true }), 'REFUSED', 'PROVIDER_UNAVAILABLE', true, true],
    [failed('PROVIDER_TIMEOUT', { unsent: true }), 'REFUSED', 'PROVIDER_UNAVAILABLE', true, true],
    [failed('PROVIDER_MISCONFIGURED', { unsent: true }), 'REFUSED', 'PROVIDER_REJECTED', false, true],
  ] as const
  test.each(CASES.map(([cause, ...rest]) => ({ name: `${cause.code} ${cause.reason} ${cause.unsent}`, cause, rest })))(
    '$name: $rest',
    ({ cause, rest: [outcome, code, retryable, isUnsent] }) => {
      expect(failureOf(cause, said)).toMatchObject({ outcome, isUnsent, cause, error: { code, retryable } })
    },
  )

  test.each([
    new ReauthorizationRequired('CREDENTIALS_REJECTED', 'a person has to log in'),
    new AppError('SERVICE_UNAVAILABLE', 'a queue is full'),
  ])('$code fails the mutation as a whole, and nothing was sent', (cause) => {
    expect(failureOf(cause, said)).toEqual({ outcome: 'REFUSED', error: null, cause, isUnsent: true })
  })

  test('a defect of ours means nothing that anybody knows', () => {
    expect(failureOf(new TypeError('ours'), said)).toBeNull()
  })
})

test.each([
  ['the number is taken', 'the number is taken'],
  ['two\nlines\u2028and a\u0000zero', 'two lines and a zero'],
  ['token abcdef0123456789abcdef0123 is old', 'token *** is old'],
  ['Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmVk1 is old', 'Bearer *** is old'],
  ['  \n ', null],
  ['', null],
  ['x '.repeat(200), `${'x '.repeat(150)}…`],
])('of the words %j a caller is shown %j', (words, shown) => {
  const cause = failed('PROVIDER_REJECTED', { reason: 'HTTP_422', answer: { said: words } })
  expect(failureOf(cause, said)?.error?.providerMessage).toBe(shown)
})
