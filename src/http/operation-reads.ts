import type { AccountClient } from './account-client.js'
import type { Query, Reply, Rest } from './http.js'
import { isNotFound } from './reply.js'

/** What has been read in one operation through one account. */
export class OperationReads {
  readonly #client: AccountClient
  readonly #signal: AbortSignal
  readonly #reads = new Map<string, Promise<Reply>>()

  constructor(client: AccountClient, signal: AbortSignal) {
    this.#client = client
    this.#signal = signal
  }

  /** `onRequest` hears of the requests that are sent for this reader, not of reads it shares. */
  rest(onRequest: () => void = () => {}): Rest {
    const read = (
      method: 'GET' | 'POST',
      url: string,
      body?: string,
      anonymous = false,
      fresh = false,
    ): Promise<Reply> => {
      const key = `${method} ${anonymous} ${url} ${body ?? ''}`
      const known = this.#reads.get(key)
      if (known && !fresh) return known
      const headers = {
        accept: 'application/json',
        'accept-language': 'en',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      }
      const reply = this.#client.fetch({ method, url, headers, body }, anonymous, this.#signal, onRequest)
      this.#reads.set(key, reply)
      return reply
    }
    return {
      get: (url, query, { fresh = false } = {}) => read('GET', withQuery(url, query), undefined, false, fresh),
      find: (url, query) => orNull(read('GET', withQuery(url, query))),
      post: (url, body, { anonymous = false } = {}) => read('POST', url, JSON.stringify(body), anonymous),
      file: (url, query, { range } = {}) => {
        const headers = { accept: '*/*', ...(range && { range }) }
        return orNull(
          this.#client.file({ method: 'GET', url: withQuery(url, query), headers }, this.#signal, onRequest),
        )
      },
      identity: () => this.#client.identity(this.#signal),
    }
  }
}

const orNull = <T>(found: Promise<T>): Promise<T | null> =>
  found.catch((error: unknown) => {
    if (isNotFound(error)) return null
    throw error
  })

function withQuery(url: string, query: Query = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== null && value !== undefined)
  if (entries.length === 0) return url
  return `${url}?${new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)]))}`
}
