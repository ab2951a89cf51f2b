import { isDeep } from '../web/request-bodies.js'

/** Names and values of one event, as it was delivered. */
export type DeliveredBody = Readonly<Record<string, unknown>>

/** Why a body cannot be taken, with the status that says so. */
export interface UnreadableBody {
  readonly status: 400 | 415
  readonly message: string
}

export type ReadBody = { readonly body: DeliveredBody } | UnreadableBody

/** The type without its parameters, RFC 9110 §8.3.1; empty where there is none. */
const typeOf = (header: string | undefined): string =>
  /^[^;]*/
    .exec(header ?? '')![0]
    .trim()
    .toLowerCase()

/** JSON and the types that are built on it, RFC 6839 §3.1. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/
const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * Reads an event that was delivered as JSON or as a form. Without a type the body's first character
 * tells which it is.
 */
export function readBody(contentType: string | undefined, bytes: Buffer | undefined): ReadBody {
  const type = typeOf(contentType)
  if (type !== '' && type !== FORM_TYPE && !JSON_TYPE.test(type))
    return refused(415, 'The body must be JSON, or a form of the type application/x-www-form-urlencoded')
  const text = textOf(bytes)
  if (text === null) return refused(400, 'The body is not readable as UTF-8')
  if (text.trim() === '') return refused(400, 'The body is empty')
  if (type === '') return /^\s*[{[]/.test(text) ? readJson(text) : readForm(text)
  return type === FORM_TYPE ? readForm(text) : readJson(text)
}

const refused = (status: UnreadableBody['status'], message: string): UnreadableBody => ({ status, message })

/** Without a byte order mark. Null for what is not UTF-8. */
function textOf(bytes: Buffer | undefined): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function readJson(text: string): ReadBody {
  if (isDeep(text)) return refused(400, 'The body has too many levels')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused(400, 'The body is not readable as JSON')
  }
  // An array is refused, too: no provider delivers several events at once.
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(400, 'The body must be one JSON object: one event')
  return { body: value as DeliveredBody }
}

/** A name that is there twice with different values has a list of them, so that nobody picks one. */
function readForm(text: string): ReadBody {
  const form = new URLSearchParams(text.trim())
  const names = [...new Set(form.keys())]
  if (!names.some((name) => form.get(name) !== '')) return refused(400, 'The body is not readable as a form')
  const entries = names.map((name) => {
    const values = [...new Set(form.getAll(name))]
    return [name, values.length === 1 ? values[0] : values] as const
  })
  return { body: Object.fromEntries(entries) }
}
