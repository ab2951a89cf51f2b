/**
 * A token as a server spelled it, without white space around it: some end theirs with a line break.
 * Null for anything that no header could carry (RFC 6750 §2.1, RFC 9110 §5.5).
 */
export function tokenIn(value: unknown): string | null {
  const token = typeof value === 'string' ? value.trim() : ''
  return /^[\x21-\x7e]+$/.test(token) ? token : null
}
