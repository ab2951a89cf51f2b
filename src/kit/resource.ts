import { globalId } from '../model/id.js'
import { received } from '../model/values/wire-value.js'

/**
 * The fields that every object has.
 *
 * @param id the provider's own
 * @param payload the record as it came, shown as `raw`: without secrets
 * @param fetchedAt when it was read, ISO UTC
 */
export const resource = <Type extends 'Did' | 'Extension' | 'Group' | 'CallRecord'>(
  type: Type,
  { key }: { readonly key: string },
  id: string,
  payload: unknown,
  fetchedAt: string,
) => ({
  __typename: type,
  id: globalId(type, key, id),
  accountKey: key,
  providerResourceId: id,
  fetchedAt,
  payload,
})

/** A record without the fields whose names match, wherever in it: for a provider that sends secrets with its records. */
export function withoutFields(value: unknown, names: RegExp): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((entry) => withoutFields(entry, names))
  const record = received<Record<string, unknown>>(value)
  if (record === null) return value
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => !names.test(name))
      .map(([name, entry]) => [name, withoutFields(entry, names)]),
  )
}
