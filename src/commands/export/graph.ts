import { CommandFailed } from '../command-failed.js'

const PATIENCE_MS = 30_000

/** Nobody answers, or not now: the same question may be answered later. */
export class Unanswered extends CommandFailed {}

interface GraphAnswer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

/** Codes of errors that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(['SERVICE_UNAVAILABLE', 'RATE_LIMITED'])

/** A running server, as whoever has this token sees it. */
export interface Graph {
  /** Without a trailing slash. */
  readonly server: string
  /** A credential of a caller; null where the server has none. */
  readonly token: string | null
}

/**
 * The data of one operation.
 * @throws Unanswered where the same question may be answered later
 * @throws CommandFailed with what the server said
 */
export async function ask<Data>({ server, token }: Graph, query: string, variables: object): Promise<Data> {
  const response = await reach(`${server}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const { data, errors = [] } = (await response.json().catch(() => ({}))) as GraphAnswer
  const [error] = errors
  if (!error && data) return data as Data
  const said = error?.message ?? `it answers with status ${response.status}, and no data`
  if (PASSING.has(error?.extensions?.code ?? '')) throw new Unanswered(said)
  const hint = response.status === 401 ? ' Put a credential into the environment as DIALGRAPH_TOKEN.' : ''
  throw new CommandFailed(`${server}: ${said}${hint}`)
}

/** A response that a server gave, and no gateway in front of it. @throws Unanswered */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  const { origin } = new URL(url)
  const response = await fetch(url, init).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } }
    throw new Unanswered(`No server answers at ${origin}${cause?.code ? ` (${cause.code})` : ''}.`)
  })
  if (response.status === 502 || response.status === 503 || response.status === 504)
    throw new Unanswered(`The server at ${origin} answers with status ${response.status}.`)
  return response
}
