import { json, type EmulatedResponse } from '../../../emulator/serve.js'
import type { BulutfonKnobs } from './knobs.js'

/** The only documented error body, byte for byte; its status is not documented. */
export function tokenExpired(status: BulutfonKnobs['expiredStatus']): EmulatedResponse {
  const body = '{"error": "Token expired"}'
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  if (status === 'reason-phrase') return { status: 401, statusText: 'Token expired', headers, body }
  return { status, headers, body }
}

/** The responses below are not documented; the bodies are invented in the same style. */
export const unauthorized = (): EmulatedResponse => json({ error: 'Unauthorized' }, 401)
export const notFound = (): EmulatedResponse => json({ error: 'Not found' }, 404)
export const badRequest = (): EmulatedResponse => ({ status: 400, body: '' })
export const unprocessable = (error: string): EmulatedResponse => json({ error }, 422)
