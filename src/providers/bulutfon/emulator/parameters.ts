import type { EmulatedRequest } from '../../../emulator/serve.js'

/** Parameters from query, form or JSON body; the body wins, `name[]` makes a list. */
export function parametersOf(request: EmulatedRequest): Readonly<Record<string, unknown>> {
  return { ...fromPairs(request.query), ...bodyOf(request) }
}

function bodyOf({ headers, body }: EmulatedRequest): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {}
  const text = body.toString('utf8')
  if (!(headers['content-type'] ?? '').includes('json')) return fromPairs(new URLSearchParams(text))
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

function fromPairs(pairs: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(pairs.keys())]
  return Object.fromEntries(
    names.map((name) => (name.endsWith('[]') ? [name.slice(0, -2), pairs.getAll(name)] : [name, pairs.get(name)])),
  )
}

/** A parameter as text; null when absent or blank. */
export function textOf(parameters: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = parameters[name]
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value) || null
    : null
}
