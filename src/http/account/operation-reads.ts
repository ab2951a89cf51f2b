import { andThen, type Awaitable } from '../../awaitable.js'
import { AppError } from '../../errors.js'
import type { AccountClient } from './account-client.js'
import type { Answer, Question } from './answers.js'
import type { ObservedExchange } from '../http.js'
import type { Query, ReadOptions, Reply, Rest } from '../rest.js'
import type { Cached, ReadingOperation, ReadRecord } from './reading.js'
import { readKey } from './reply-cache.js'
import { isNotFound } from './reply.js'

interface Asking extends ReadOptions {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
  readonly anonymous?: boolean
  readonly fresh?: boolean
}

interface Read {
  readonly answer: Awaitable<Answer>
  readonly record: ReadRecord | undefined
}

/** What has been read in one operation through one account. */
export class OperationReads {
  readonly #client: AccountClient
  readonly #operation: ReadingOperation
  readonly #reads = new Map<string, Read>()

  constructor(client: AccountClient, operation: ReadingOperation) {
    this.#client = client
    this.#operation = operation
  }

  /**
   * `onRequest` hears of the requests that are sent for this reader, not of reads it shares; `onCached` of each answer given to it that
   * was not asked for in this operation.
   */
  rest(onRequest: () => void = () => {}, onCached: (cached: Cached) => void = () => {}): Rest {
    const read = (asking: Asking): Awaitable<Reply> =>
      andThen(this.#read(asking, onRequest), ({ reply, cached }) => {
        if (cached) this.#tell(cached, onCached)
        return reply
      })
    return {
      get: (url, query, options) => read({ method: 'GET', url: withQuery(url, query), ...options }),
      find: (url, query, options) => orNull(read({ method: 'GET', url: withQuery(url, query), ...options })),
      post: async (url, body, options) => read({ method: 'POST', url, body: JSON.stringify(body), ...options }),
      file: (url, query, { range } = {}) => {
        const headers = { accept: '*/*', ...(range && { range }) }
        const { signal } = this.#operation
        return orNull(
          this.#client.file({ method: 'GET', url: withQuery(url, query), headers }, { signal, pay: onRequest }),
        )
      },
      identity: () => this.#client.identity({ signal: this.#operation.signal, onTokenRequest: this.#onTokenRequest() }),
    }
  }

  #read(asking: Asking, pay: () => void): Awaitable<Answer> {
    const { method, url, body, anonymous = false, fresh = false, freshness } = asking
    const key = readKey(method, anonymous, url, body)
    const known = this.#reads.get(key)
    if (known && !fresh) {
      if (known.record) known.record.readers += 1
      return known.answer
    }
    const headers = {
      accept: 'application/json',
      'accept-language': 'en',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const question: Question = { key, request: { method, url, headers, body }, anonymous, freshness, fresh }
    const { signal, demand, journal } = this.#operation
    const record = journal && this.#record(asking)
    const answer = this.#client.read(question, {
      signal,
      pay,
      demand,
      ...(record && { record, onExchange: noteIn(record), onTokenRequest: this.#onTokenRequest() }),
    })
    if (record && answer instanceof Promise) {
      journal.pending.push(answer.catch((error: unknown) => noteFailure(record, error)))
    }
    this.#reads.set(key, { answer, record })
    return answer
  }

  #tell(cached: Cached, onCached: (cached: Cached) => void): void {
    onCached(cached)
    if (cached.failure === null) return
    const { stale } = this.#operation
    const { accountId } = this.#client.source
    stale?.set(accountId, Math.max(stale.get(accountId) ?? 0, cached.ageSeconds))
  }

  #record({ method, freshness, keys, pushedDown = [] }: Asking): ReadRecord {
    const record: ReadRecord = {
      source: this.#client.source,
      noun: freshness?.noun ?? null,
      method,
      keys: keys ?? null,
      pushedDown,
      from: null,
      ageSeconds: null,
      readers: 1,
      requests: 0,
      waitedMs: 0,
      durationMs: 0,
      status: null,
      failure: null,
    }
    this.#operation.journal?.reads.push(record)
    return record
  }

  #onTokenRequest(): (() => void) | undefined {
    const { journal } = this.#operation
    if (!journal) return undefined
    const { source } = this.#client
    return () => {
      const known = journal.tokenRequests.find((one) => one.source.accountId === source.accountId)
      if (known) known.requests += 1
      else journal.tokenRequests.push({ source, requests: 1 })
    }
  }
}

const noteIn =
  (record: ReadRecord) =>
  ({ waitedMs, durationMs, status, failure }: ObservedExchange): void => {
    record.requests += 1
    record.waitedMs += waitedMs
    record.durationMs += durationMs
    record.status = status
    record.failure = failure
  }

function noteFailure(record: ReadRecord, error: unknown): void {
  record.failure = error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR'
}

async function orNull<T>(found: Awaitable<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

function withQuery(url: string, query: Query = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== null && value !== undefined)
  if (entries.length === 0) return url
  return `${url}?${new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)]))}`
}
