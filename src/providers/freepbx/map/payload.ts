import { received } from '../../../provider.js'

/** Keys of secrets, of this release or a later one. */
const SECRET = /pass|secret|pin|pwd|vm$/i

/** A record as it came, without what may be a secret: it is shown as `raw`. */
export function payloadOf(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(payloadOf)
  const record = received<Record<string, unknown>>(value)
  if (record === null) return value
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => !SECRET.test(key))
      .map(([key, entry]) => [key, payloadOf(entry)]),
  )
}
