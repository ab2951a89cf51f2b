import type { z } from 'zod'

export type KeyPath = readonly PropertyKey[]

/** `accounts[0].auth.clientId`; the file itself is the empty path. */
export function keyPath(path: KeyPath): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  )
}

export interface Problem {
  readonly key: string
  readonly message: string
}

export const problemText = ({ key, message }: Problem): string => (key === '' ? message : `${key}: ${message}`)

/**
 * The problems of one zod issue. Messages come from the schema or from `describeIssue`, the parse's
 * error map: zod's own, which may quote a value, never get here.
 */
export function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ key: keyPath(issue.path), message: issue.message }]
  return issue.keys.map((key) => ({ key: keyPath([...issue.path, key]), message: 'is not a known key' }))
}

/**
 * Of a value that may be a mapping or something else, and is a mapping: what is wrong inside it. Any
 * other issue is given as it is.
 */
export function plainIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const isInside = ({ code, path }: z.core.$ZodIssue) => typeof path[0] === 'string' || code === 'unrecognized_keys'
  const mapping = issue.errors.find((issues) => issues.length > 0 && issues.every(isInside))
  return mapping?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue]
}

/** Says what is expected and never what was found, which may be a secret in the wrong place. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `is required: ${expectedType(issue.expected)}`
      return `must be ${expectedType(issue.expected)}${inQuotes(issue.expected, issue.input)}`
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? `must be ${oneOf(issue.options as readonly unknown[])}`
        : 'has none of the forms it may have'
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? 'written differently'}`
    case 'too_small':
      return `must ${size(issue.origin, 'at least', Number(issue.minimum))}`
    case 'too_big':
      return `must ${size(issue.origin, 'at most', Number(issue.maximum))}`
    default:
      return 'cannot be used as it is'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
}

const FORMATS: Readonly<Record<string, string>> = {
  url: 'an absolute address such as https://example.com',
  email: 'an e-mail address',
}

/** YAML takes `0123` for a number, which has lost its zero, and `true` for a flag. */
const inQuotes = (expected: string, input: unknown): string =>
  expected === 'string' && (typeof input === 'number' || typeof input === 'boolean') ? ', in quotes' : ''

const expectedType = (expected: string): string => TYPES[expected] ?? expected

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`

function size(origin: string, bound: 'at least' | 'at most', amount: number): string {
  if (origin === 'string')
    return amount === 1 && bound === 'at least' ? 'not be empty' : `have ${bound} ${amount} characters`
  if (origin === 'array') return `have ${bound} ${amount} ${amount === 1 ? 'entry' : 'entries'}`
  return `be ${bound} ${amount}`
}
