/**
 * A name as one piece of a path, RFC 3986 §3.3. Null for a name that cannot be one: it is empty, would lead to another path
 * (`.`, `..`), or is not well-formed text.
 */
export function pathSegment(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return null
  try {
    return encodeURIComponent(name)
  } catch {
    return null
  }
}
