import { keyPath, type KeyPath, type Problem } from './problem.js'

/** Where secrets and addresses stand: in these parts of the file no text begins or ends invisibly. */
const PARTS: readonly (readonly [part: string, keys: RegExp])[] = [
  ['store', /./],
  ['callers', /./],
  ['http', /./],
  ['accounts', /^accounts\[\d+\]\.(auth|urls|live)\b/],
  ['accountDefaults', /./],
]

/**
 * Texts that begin or end with what nobody sees: an `echo` wrote a secret's file, or a page was copied
 * from. Such a secret is refused by whoever checks it, and a header cannot even carry it.
 */
export function invisibleEnds(document: unknown): Problem[] {
  const problems: Problem[] = []
  const look = (value: unknown, path: KeyPath, keys: RegExp): void => {
    if (typeof value === 'string') {
      const key = keyPath(path)
      const message = keys.test(key) ? problemOf(value) : null
      if (message !== null) problems.push({ key, message })
    } else if (Array.isArray(value)) value.forEach((entry, index) => look(entry, [...path, index], keys))
    else if (typeof value === 'object' && value !== null)
      for (const [key, entry] of Object.entries(value)) look(entry, [...path, key], keys)
  }
  const parts = (document ?? {}) as Readonly<Record<string, unknown>>
  for (const [part, keys] of PARTS) look(parts[part], [part], keys)
  return problems
}

/** Null where both ends can be seen; never says what the text is. */
function problemOf(text: string): string | null {
  const end = /[\s\p{Cc}\p{Cf}]$/u.exec(text)?.[0]
  const beginning = /^[\s\p{Cc}\p{Cf}]/u.exec(text)?.[0]
  const found = end ? `ends with ${nameOf(end)}` : beginning ? `begins with ${nameOf(beginning)}` : null
  return found && `${found}; take it away where the value is kept`
}

function nameOf(character: string): string {
  if (/[\n\r\u0085\u2028\u2029]/.test(character)) return 'a line break'
  return /\s/.test(character) && character !== '\uFEFF' ? 'white space' : 'a character that cannot be seen'
}
