/** Changes to answers that work for any JSON: what they say is not known here. */

/** Odd ones: as numbers they would all be another. */
const long = (id: string): string => String(2n ** 53n + 2n * BigInt(id) + 1n)

/** Every `id` that is a number becomes one that is no safe integer. */
export const longIds = {
  rewrite: (body: string): string =>
    body.replace(/("id": ?)(\d{1,12})(?=[,}])/g, (_, key: string, id: string) => key + long(id)),
  expected: (id: string): string =>
    id.replace(/^(\w+:)?(\d{1,12})$/, (_, kind = '', plain: string) => kind + long(plain)),
}

type Json = Readonly<Record<string, unknown>>

/** Changes the first list of records in an answer; an answer without one stays as it is. */
export function inRecords(body: string, change: (records: readonly Json[]) => readonly unknown[]): string {
  const parsed = parsedJson(body)
  const records = recordsIn(parsed)
  if (!records) return body
  const replaced = change(records)
  const walk = (value: unknown): unknown => {
    if (value === records) return replaced
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry)]))
  }
  return JSON.stringify(walk(parsed))
}

/** The first record of the list has nothing of a record in it. */
export const withoutFirstRecord = (body: string): string => inRecords(body, (records) => [{}, ...records.slice(1)])

/** No record has a field of this name, in any list. */
export function withoutField(name: string): (body: string) => string {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    const kept = Object.entries(value).filter(([key]) => key !== name)
    return Object.fromEntries(kept.map(([key, entry]) => [key, walk(entry)]))
  }
  return (body) => {
    const parsed = parsedJson(body)
    return parsed === undefined ? body : JSON.stringify(walk(parsed))
  }
}

/** Names of the fields of the records in an answer. */
export function fieldsIn(body: string): readonly string[] {
  const [first] = recordsIn(parsedJson(body)) ?? []
  return first ? Object.keys(first) : []
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** The first list of records at or below a value. */
function recordsIn(value: unknown): readonly Json[] | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) return value
  for (const entry of Object.values(value)) {
    const found = recordsIn(entry)
    if (found) return found
  }
  return null
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
