import { plainId } from '../config/allow-list.js'

/** A request as far as it says which operation it asks for. */
export interface AskingRequest {
  readonly method: string
  readonly body: unknown
  /** The query of the address, with or without its question mark. */
  readonly search: string
}

export interface AskedOperation {
  /** Without its `sha256:` prefix; null without an id. */
  readonly id: string | null
  readonly text: string | null
}

/**
 * Where clients put the id of an operation: GraphQL over HTTP (Persisted Documents) and the client
 * preset, urql and others, and Relay. Automatic persisted queries have it in `extensions`.
 */
const ID_MEMBERS = ['documentId', 'id', 'doc_id'] as const
const PERSISTED_QUERY = 'extensions.persistedQuery.sha256Hash'

const DIGEST = /^(sha256:)?[0-9a-f]{64}$/

/** For people: every place an id is taken from. */
export const ID_PLACES = `${ID_MEMBERS.map((name) => `\`${name}\``).join(', ')} or \`${PERSISTED_QUERY}\``

/**
 * Which operation is asked for. All places of an id mean the same; null and absent are the same. A
 * POST has them in its body, a GET in its address.
 *
 * @returns what is wrong with the ids, as text, where they are none or several.
 */
export function askedOperation(request: AskingRequest): AskedOperation | string {
  const alone = onlyText(request)
  if (alone !== null) return { id: null, text: alone }
  const { members, text } = request.method === 'POST' ? inBody(request.body) : inAddress(request.search)
  const ids = new Set<string>()
  for (const [name, value] of members) {
    if (value === undefined || value === null) continue
    // Beside a text, an `id` that is no digest is the client's own: some number their requests.
    if (name === 'id' && text !== null && !DIGEST.test(String(value))) continue
    if (typeof value !== 'string' || value === '') return `\`${name}\` must be the id of an operation, as text`
    ids.add(plainId(value))
  }
  const [id = null, ...others] = ids
  if (others.length > 0) return `The request names ${ids.size} operations: ${ID_PLACES} must be the same id`
  return { id, text }
}

/** The text of a POST that holds no id anywhere, as most do; null for any other request. */
function onlyText({ method, body }: AskingRequest): string | null {
  if (method !== 'POST' || typeof body !== 'object' || body === null) return null
  const { query, documentId, id, doc_id, extensions } = body as Readonly<Record<string, unknown>>
  return typeof query === 'string' && (documentId ?? id ?? doc_id ?? extensions) == null ? query : null
}

interface Members {
  readonly members: readonly (readonly [name: string, value: unknown])[]
  readonly text: string | null
}

function inBody(body: unknown): Members {
  const members = (body ?? {}) as Readonly<Record<string, unknown>>
  const { query } = members
  return {
    members: [...ID_MEMBERS.map((name) => [name, members[name]] as const), ...hashIn(members['extensions'])],
    text: typeof query === 'string' ? query : null,
  }
}

function inAddress(search: string): Members {
  const parameters = new URLSearchParams(search)
  const members = ID_MEMBERS.flatMap((name) => parameters.getAll(name).map((value) => [name, value] as const))
  return { members: [...members, ...hashIn(parsed(parameters.get('extensions')))], text: parameters.get('query') }
}

/** An empty one is no persisted query for Apollo Server either. */
function hashIn(extensions: unknown): Members['members'] {
  const { persistedQuery } = (extensions ?? {}) as { readonly persistedQuery?: unknown }
  if (!persistedQuery) return []
  const { sha256Hash } = persistedQuery as { readonly sha256Hash?: unknown }
  return [[PERSISTED_QUERY, sha256Hash ?? '']]
}

/** What is no JSON is refused by Apollo Server, which knows the words for it. */
function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** The query of an address, with its question mark; empty when it has none. */
export function searchOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}
