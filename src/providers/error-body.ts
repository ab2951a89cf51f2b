/**
 * A text field of a short JSON error body; null when there is none. A body longer than `maxLength`
 * characters is taken for data and not parsed a second time.
 */
export function errorField(body: string, field: string, maxLength: number): string | null {
  if (body.length > maxLength || !body.includes(`"${field}"`)) return null
  try {
    const value = (JSON.parse(body) as Record<string, unknown>)[field]
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}
