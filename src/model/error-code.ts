import { registerEnumType } from 'type-graphql'

import type { ErrorCode as Code } from '../errors.js'

/** Codes of requests that never became an operation, by the names clients know from Apollo Server. */
type RequestCode = 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'PERSISTED_QUERY_NOT_FOUND' | 'CSRF_PREVENTED'

/** The public codes as a GraphQL enum; its type fails to compile when one is missing. */
export const ErrorCode: { readonly [C in Code | RequestCode]: C } = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  CURSOR_INVALID: 'CURSOR_INVALID',
  NOT_FOUND: 'NOT_FOUND',
  OPERATION_TOO_COMPLEX: 'OPERATION_TOO_COMPLEX',
  RATE_LIMITED: 'RATE_LIMITED',
  CAPABILITY_UNSUPPORTED: 'CAPABILITY_UNSUPPORTED',
  REAUTHORIZATION_REQUIRED: 'REAUTHORIZATION_REQUIRED',
  CREDENTIALS_UNAVAILABLE: 'CREDENTIALS_UNAVAILABLE',
  PROVIDER_UNAVAILABLE: 'PROVIDER_UNAVAILABLE',
  PROVIDER_TIMEOUT: 'PROVIDER_TIMEOUT',
  PROVIDER_RATE_LIMITED: 'PROVIDER_RATE_LIMITED',
  PROVIDER_BAD_RESPONSE: 'PROVIDER_BAD_RESPONSE',
  PROVIDER_FORBIDDEN: 'PROVIDER_FORBIDDEN',
  PROVIDER_REJECTED: 'PROVIDER_REJECTED',
  PROVIDER_MISCONFIGURED: 'PROVIDER_MISCONFIGURED',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  PERSISTED_QUERY_NOT_FOUND: 'PERSISTED_QUERY_NOT_FOUND',
  CSRF_PREVENTED: 'CSRF_PREVENTED',
}

registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'Why something failed; the same words as in `errors[].extensions.code`.',
  valuesConfig: {
    UNAUTHENTICATED: { description: "The caller's own credential is missing or bad." },
    FORBIDDEN: { description: 'The caller lacks a scope.' },
    BAD_USER_INPUT: { description: 'An argument cannot be used.' },
    CURSOR_INVALID: { description: 'The cursor was changed or belongs to another list.' },
    NOT_FOUND: { description: 'The object to be changed does not exist.' },
    OPERATION_TOO_COMPLEX: { description: 'The operation asks for more than one operation may.' },
    RATE_LIMITED: { description: 'Too many operations from this caller.' },
    CAPABILITY_UNSUPPORTED: { description: 'This provider, or this account, does not have it.' },
    REAUTHORIZATION_REQUIRED: { description: 'Only a person can repair the login.' },
    CREDENTIALS_UNAVAILABLE: { description: 'The stored login cannot be read or written now.' },
    PROVIDER_UNAVAILABLE: { description: 'The provider cannot be reached or fails.' },
    PROVIDER_TIMEOUT: { description: 'The provider did not answer in time.' },
    PROVIDER_RATE_LIMITED: { description: 'The provider asks us to wait.' },
    PROVIDER_BAD_RESPONSE: { description: 'The provider answered something that cannot be read.' },
    PROVIDER_FORBIDDEN: { description: 'The login is good but not allowed to do this.' },
    PROVIDER_REJECTED: { description: 'The provider refused the request.' },
    PROVIDER_MISCONFIGURED: {
      description: 'The client id, secret or address of the account is wrong; for the operator.',
    },
    SERVICE_UNAVAILABLE: { description: 'This server cannot serve now.' },
    INTERNAL_SERVER_ERROR: { description: 'A defect of this server.' },
    GRAPHQL_PARSE_FAILED: { description: 'The document is not GraphQL.' },
    GRAPHQL_VALIDATION_FAILED: { description: 'The document does not fit the schema.' },
    PERSISTED_QUERY_NOT_FOUND: { description: 'No document is stored under this hash; send it once in full.' },
    CSRF_PREVENTED: {
      description:
        'A page of another site could have sent this request: add a header that it cannot send, or list its origin.',
    },
  },
})
