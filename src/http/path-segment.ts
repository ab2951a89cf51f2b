/**
 * A name as one path segment, RFC 3986 §3.3. Null for a name that cannot be one: empty, a dot
 * segment (`.`, `..`), or not well-formed Unicode.
 */
export function pathSegment(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return null
  try {
    return encodeURIComponent(name)
  } catch {
    return null
  }
}
