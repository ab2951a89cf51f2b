import type { ReadRefusal } from './json-login.js'

/**
 * Reads refusals as hapi's boom writes them: `{statusCode, error, message}`, where the status is
 * repeated. Each status of `kinds` means what it says there, any other is unclear. hapi answers an
 * unknown path in the same shape with the bare message `Not Found`: that says nothing of a login.
 * Without `error` it is a gateway's: Azure API Management and AWS write `{statusCode, message}`.
 */
export const boomRefusal =
  (kinds: Readonly<Record<number, ReturnType<ReadRefusal>>>): ReadRefusal =>
  (status, { statusCode, error, message }) =>
    statusCode !== status || typeof error !== 'string' || (status === 404 && message === 'Not Found')
      ? null
      : (kinds[status] ?? 'unclear')
