import type { EmulatedRequest } from '../../../emulator/serve.js'
import { Refusal } from './refusal.js'
import type { Texts } from './texts.js'

/** The media types of the parsers, as listed by OPTIONS. */
export const parses = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'] as const

/**
 * The fields of a body in any of the three media types, with values as sent.
 *
 * @throws Refusal 400, 415
 */
export async function readBody(request: EmulatedRequest, texts: Texts): Promise<Readonly<Record<string, unknown>>> {
  const header = request.headers['content-type'] ?? ''
  if (request.body.length === 0) return {}
  switch (header.split(';')[0]?.trim().toLowerCase()) {
    case 'application/json':
      return readJson(request.body)
    case 'application/x-www-form-urlencoded':
      return Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
    case 'multipart/form-data':
      return readMultipart(request.body, header)
    default:
      throw new Refusal(415, { detail: texts.mediaType(header) })
  }
}

function readJson(body: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw new Refusal(400, { detail: 'JSON parse error - Expecting value: line 1 column 1 (char 0)' })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  const kind = Array.isArray(value)
    ? 'list'
    : value === null
      ? 'NoneType'
      : typeof value === 'string'
        ? 'str'
        : typeof value
  throw new Refusal(400, { non_field_errors: [`Invalid data. Expected a dictionary, but got ${kind}.`] })
}

async function readMultipart(body: Buffer, header: string): Promise<Record<string, unknown>> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': header } }).formData()
    return Object.fromEntries(form)
  } catch {
    throw new Refusal(400, { detail: 'Multipart form parse error - Invalid boundary in multipart' })
  }
}

/** A text field of a body, trimmed; or the validation error. */
export function textField(value: unknown, texts: Texts): { readonly text: string } | { readonly fault: string } {
  if (value === undefined) return { fault: texts.required }
  if (value === null) return { fault: texts.null }
  if (typeof value !== 'string' && typeof value !== 'number') return { fault: texts.notText }
  const text = String(value).trim()
  return text === '' ? { fault: texts.blank } : { text }
}
