/**
 * A field that some providers leave out of their lists and tell only with the detail of one object.
 *
 * - `undefined`: not read yet. Only the detail has it; reading the field costs one request for the
 *   object (`CollectionLoader.value`, `CallLogLoader.detail`).
 * - `null`: read, and there is none, or the provider never tells it. No request is made.
 * - anything else: the value.
 *
 * So `=== undefined` asks whether a request is needed, and `== null` mixes up two answers. GraphQL
 * sees `null` only. A mapper sets such a field always, if need be to `undefined`; once the detail
 * has been read, whatever it leaves `undefined` counts as `null`.
 */
export type InDetail<T> = T | undefined
