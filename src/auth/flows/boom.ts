import type { ReadRefusal } from './json-login.js'

/**
 * Reads refusals as hapi's boom writes them: `{statusCode, error, message}`, where the status is
 * repeated. Each status of `kinds` means what it says there, any other is unclear. hapi answers an
 * unknown path in the same shape with the bare message `Not Found`: that says nothing of a login.
 */
export const boomRefusal =
  (kinds: Readonly<Record<number, ReturnType<ReadRefusal>>>): ReadRefusal =>
  (status, { statusCode, message }) =>
    statusCode !== status || (status === 404 && message === 'Not Found') ? null : (kinds[status] ?? 'unclear')
