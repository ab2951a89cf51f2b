import type { EmulatedRequest } from '../../../emulator/serve.js'
import { boom, Refusal } from './boom.js'

/**
 * The JSON object of a body.
 *
 * @throws Refusal 415 for another content type, 400 when it is no JSON object
 */
export function jsonObjectOf(request: EmulatedRequest): Readonly<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(boom(415, 'Unsupported Media Type'))
  }
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Falls through: invalid JSON and other JSON values get the same response.
  }
  throw new Refusal(boom(400, 'Invalid request payload JSON format'))
}
