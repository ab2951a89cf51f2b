import { badQuery } from './boom.js'
import { isZone, parseIso, startOfDay } from './zoned-time.js'

/** The PBX's zone, the default for times. */
export const HOME_ZONE = 'Europe/Prague'

/**
 * Query parameters, parsed and validated like a hapi server: an invalid one gets a 400 with its
 * name.
 */
export interface QueryReader {
  text(key: string): string | null
  oneOf<T extends string>(key: string, words: readonly T[]): T | null
  number(key: string): number | null
  integer(key: string, otherwise: number, smallest: number, largest: number): number
  flag(key: string): boolean | null
  /**
   * Repeated keys or JSON: `queues=Sales&queues=Support` as well as `queues=["Sales","Support"]`.
   */
  list(key: string): readonly string[] | null
  /** `[[1,2],[3]]`, as JSON only; a flat list is a single group. */
  nestedNumbers(key: string): readonly (readonly number[])[] | null
  /** `timezone`; default: Prague. */
  zone(): string
  /** `startTime` and `endTime`; default: from the start of today to now. */
  span(now: number): { readonly from: number; readonly until: number }
}

export function queryOf(parameters: URLSearchParams): QueryReader {
  const text = (key: string) => parameters.get(key)

  function number(key: string): number | null {
    const value = text(key)
    if (value === null || value === '') return null
    if (!Number.isFinite(Number(value))) throw badQuery(key, 'must be a number')
    return Number(value)
  }

  function json(key: string): unknown {
    const values = parameters.getAll(key)
    const [first] = values
    if (values.length !== 1 || !first?.trimStart().startsWith('[')) return values
    try {
      return JSON.parse(first) as unknown
    } catch {
      throw badQuery(key, 'must be an array')
    }
  }

  function list(key: string): readonly string[] | null {
    if (!parameters.has(key)) return null
    const values = json(key)
    if (!Array.isArray(values) || values.some((value) => typeof value === 'object'))
      throw badQuery(key, 'must be an array')
    return values.map(String)
  }

  function zone(): string {
    const name = text('timezone') ?? HOME_ZONE
    if (!isZone(name)) throw badQuery('timezone', 'must be a valid timezone')
    return name
  }

  function time(key: string, otherwise: number): number {
    const value = text(key)
    if (value === null) return otherwise
    const parsed = parseIso(value, zone())
    if (parsed === null) throw badQuery(key, 'must be a valid ISO 8601 date')
    return parsed
  }

  return {
    text,
    number,
    list,
    zone,
    oneOf(key, words) {
      const value = text(key)
      if (value === null) return null
      const word = words.find((candidate) => candidate === value)
      if (word === undefined) throw badQuery(key, `must be one of [${words.join(', ')}]`)
      return word
    },
    integer(key, otherwise, smallest, largest) {
      const value = number(key) ?? otherwise
      if (!Number.isInteger(value)) throw badQuery(key, 'must be an integer')
      if (value < smallest) throw badQuery(key, `must be larger than or equal to ${smallest}`)
      if (value > largest) throw badQuery(key, `must be less than or equal to ${largest}`)
      return value
    },
    flag(key) {
      const value = text(key)
      if (value === null) return null
      if (value !== 'true' && value !== 'false') throw badQuery(key, 'must be a boolean')
      return value === 'true'
    },
    nestedNumbers(key) {
      if (!parameters.has(key)) return null
      const values = json(key)
      if (!Array.isArray(values)) throw badQuery(key, 'must be an array')
      const groups: unknown[] = values.every(Array.isArray) ? values : [values]
      return groups.map((group) => (group as unknown[]).map(Number))
    },
    span: (now) => ({ from: time('startTime', startOfDay(zone(), now)), until: time('endTime', now) }),
  }
}
