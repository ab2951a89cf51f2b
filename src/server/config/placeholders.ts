import { keyPath, type KeyPath } from './problem.js'

const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g
const WHOLE_PLACEHOLDER = /^\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}$/

export interface Filled {
  readonly value: unknown
  /** The problem of each variable that is not set, by key path. */
  readonly missing: ReadonlyMap<string, string>
  /** Key paths whose whole text was one placeholder, which may stand for a number or a boolean. */
  readonly whole: ReadonlySet<string>
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string. As with a shell's `:-`, an empty
 * variable is unset.
 */
export function fillPlaceholders(document: unknown, environment: Readonly<Record<string, string | undefined>>): Filled {
  const missing = new Map<string, string>()
  const whole = new Set<string>()

  function fill(value: unknown, path: KeyPath): unknown {
    if (typeof value === 'string') return fillText(value, path)
    if (Array.isArray(value)) return value.map((entry, index) => fill(entry, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, [...path, key])]))
  }

  function fillText(text: string, path: KeyPath): string {
    if (WHOLE_PLACEHOLDER.test(text)) whole.add(keyPath(path))
    return text.replace(PLACEHOLDER, (placeholder: string, name: string, fallback: string | undefined) => {
      const replacement = environment[name] || fallback
      if (replacement !== undefined) return replacement
      missing.set(keyPath(path), `the environment variable ${name} is not set`)
      return placeholder
    })
  }

  return { value: fill(document, []), missing, whole }
}

/** The number or boolean that the text spells; the text itself where it spells neither. */
export function typedText(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
