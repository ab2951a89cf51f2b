import type { EmulatedRequest } from '../../../../emulator/serve.js'
import { badPayload } from '../boom.js'
import { jsonObjectOf } from '../json-body.js'

/** A JSON body, validated like a hapi server: an invalid or undeclared key gets a 400 with its name. */
export interface Payload {
  text(key: string): string | undefined
  requiredText(key: string): string
  flag(key: string): boolean | undefined
  integer(key: string): number | undefined
  requiredInteger(key: string): number
  oneOf<T extends string>(key: string, words: readonly T[]): T | undefined
  /** An object within the body, with keys of its own. */
  within(key: string, keys: readonly string[]): Payload | undefined
}

/** @throws Refusal 400 or 415 */
export const payloadOf = (request: EmulatedRequest, keys: readonly string[]): Payload =>
  reader(jsonObjectOf(request), keys, '')

function reader(values: Readonly<Record<string, unknown>>, keys: readonly string[], path: string): Payload {
  for (const key of Object.keys(values)) if (!keys.includes(key)) throw badPayload(path + key, 'is not allowed')

  function typed<T>(key: string, complaint: string, isRight: (value: unknown) => value is T): T | undefined {
    const value = values[key]
    if (value === undefined) return undefined
    if (!isRight(value)) throw badPayload(path + key, complaint)
    return value
  }

  function required<T>(key: string, value: T | undefined): T {
    if (value === undefined) throw badPayload(path + key, 'is required')
    return value
  }

  const text = (key: string) => typed(key, 'must be a string', isText)
  const integer = (key: string) => typed(key, 'must be an integer', isInteger)
  return {
    text,
    integer,
    requiredText: (key) => required(key, text(key)),
    requiredInteger: (key) => required(key, integer(key)),
    flag: (key) => typed(key, 'must be a boolean', (value) => typeof value === 'boolean'),
    oneOf: <T extends string>(key: string, words: readonly T[]) =>
      typed(key, `must be one of [${words.join(', ')}]`, (value): value is T => words.includes(value as T)),
    within(key, allowed) {
      const value = typed(key, 'must be an object', isObject)
      return value && reader(value, allowed, `${path}${key}.`)
    },
  }
}

/** hapi's texts are not empty, and null is none. */
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isInteger = (value: unknown): value is number => Number.isInteger(value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
