import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Awaitable } from '../../awaitable.js'
import { AppError } from '../../errors.js'
import type { FileReply, Judge, Query, ReadOptions, Reply, Rest, WriteMethod } from '../rest.js'
import type { AccountClient } from './account-client.js'
import type { Answer } from './cached-responses.js'
import { Reader, type Cached, type ReadingOperation, type ReadRecord } from './reading.js'
import { readKey } from './reply-cache.js'
import { isNotFound } from './reply.js'

type Options = ReadOptions & { readonly anonymous?: boolean; readonly fresh?: boolean; readonly judge?: Judge }

/**
 * Repeated reads after which others have a turn of the event loop: a source that asks the same for ever,
 * as where its pages lead back to the first, would let nobody else go on, not even its own deadline.
 */
const REPEATED_AT_ONCE = 1_000

interface Read {
  readonly answer: Awaitable<Answer>
  readonly record: ReadRecord | null
}

/** The reads of one operation through one account: equal ones are one. */
export class OperationReads {
  readonly #reads = new Map<string, Read>()
  #repeated = 0

  constructor(
    readonly client: AccountClient,
    readonly operation: ReadingOperation,
  ) {}

  /**
   * `onRequest`: called before each request that is sent for this reader, and not for reads it
   * shares. `onCached`: called with each answer it is given that is older than this operation.
   */
  rest(onRequest: () => void = () => {}, onCached: (cached: Cached) => void = () => {}): Rest {
    return new OperationRest(this, new Reader(this.operation, onRequest), onCached)
  }

  read(
    method: 'GET' | 'POST',
    url: string,
    body: string | undefined,
    options: Options,
    reader: Reader,
  ): Awaitable<Answer> {
    const { anonymous = false, fresh = false, freshness, judge } = options
    const key = readKey(method, anonymous, url, body)
    const known = this.#reads.get(key)
    if (known && !fresh) {
      if (known.record) known.record.readers += 1
      this.#repeated += 1
      return this.#repeated % REPEATED_AT_ONCE === 0 ? this.#inNextTurn(known.answer) : known.answer
    }
    const record = this.#record(method, options)
    const charged = record ? new Reader(this.operation, reader.charge, record) : reader
    const answer =
      (fresh ? null : this.client.kept(key, freshness, charged)) ??
      this.client.read(
        {
          request: { method, url, headers: headersOf(body), body },
          anonymous,
          repeatable: true,
          key,
          freshness,
          fresh,
          ...(judge && { judge }),
        },
        charged,
      )
    if (record && answer instanceof Promise) this.#noteEnd(record, answer)
    this.#reads.set(key, { answer, record })
    return answer
  }

  /** @throws the reason for which the operation ended meanwhile */
  async #inNextTurn(answer: Awaitable<Answer>): Promise<Answer> {
    await nextTurn()
    const { signal } = this.operation
    if (signal.aborted) throw signal.reason
    return answer
  }

  /** Sends a write; what this operation read before is dropped, too. */
  async write(
    method: WriteMethod,
    url: string,
    body: string | undefined,
    affects: readonly string[] | undefined,
    reader: Reader,
  ): Promise<Reply> {
    const record = this.#record(method, {})
    const request = { method, url, headers: headersOf(body), body }
    const reply = this.client.write(
      { request, anonymous: false, repeatable: false },
      new Reader(this.operation, reader.charge, record),
      affects,
    )
    if (record) this.#noteEnd(record, reply)
    try {
      const answered = await reply
      if (record) record.from = 'PROVIDER'
      return answered
    } finally {
      this.clear()
    }
  }

  /** Forgets what was read: whoever asks again asks the provider. */
  clear(): void {
    this.#reads.clear()
  }

  noteStale({ ageSeconds, failure }: Cached): void {
    if (failure === null) return
    const { stale } = this.operation
    const { accountId } = this.client.source
    stale.set(accountId, Math.max(stale.get(accountId) ?? 0, ageSeconds))
  }

  #record(method: string, { freshness, keys, pushedDown = [] }: ReadOptions): ReadRecord | null {
    const { journal } = this.operation
    if (!journal) return null
    const record: ReadRecord = {
      source: this.client.source,
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
    journal.reads.push(record)
    return record
  }

  #noteEnd(record: ReadRecord, answer: Promise<unknown>): void {
    const over = answer.catch((error: unknown) => {
      record.failure = error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR'
    })
    this.operation.journal?.pending.push(over)
  }
}

class OperationRest implements Rest {
  constructor(
    private readonly reads: OperationReads,
    private readonly reader: Reader,
    private readonly onCached: (cached: Cached) => void,
  ) {}

  get(url: string, query?: Query, options: Options = {}): Awaitable<Reply> {
    return this.#replies(this.reads.read('GET', withQuery(url, query), undefined, options, this.reader))
  }

  find(url: string, query?: Query, options: Options = {}): Promise<Reply | null> {
    return orNull(this.get(url, query, options))
  }

  async post(url: string, body: unknown, options: Options = {}): Promise<Reply> {
    return this.#replies(this.reads.read('POST', url, JSON.stringify(body), options, this.reader))
  }

  write(method: WriteMethod, url: string, body?: unknown, affects?: readonly string[]): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return this.reads.write(method, url, text, affects, this.reader)
  }

  file(url: string, query?: Query, { range }: { range?: string | null } = {}): Promise<FileReply | null> {
    const headers = { accept: '*/*', ...(range && { range }) }
    const request = { method: 'GET', url: withQuery(url, query), headers } as const
    return orNull(this.reads.client.file({ request, anonymous: false, repeatable: true }, this.reader))
  }

  identity(): Promise<Readonly<Record<string, string>>> {
    return this.reads.client.identity(this.reader)
  }

  #replies(answer: Awaitable<Answer>): Awaitable<Reply> {
    return answer instanceof Promise ? answer.then((arrived) => this.#replyOf(arrived)) : this.#replyOf(answer)
  }

  #replyOf({ reply, cached }: Answer): Reply {
    if (cached) {
      this.onCached(cached)
      this.reads.noteStale(cached)
    }
    return reply
  }
}

function headersOf(body: string | undefined): Readonly<Record<string, string>> {
  return body === undefined ? HEADERS : HEADERS_WITH_BODY
}

const HEADERS = { accept: 'application/json', 'accept-language': 'en' }
const HEADERS_WITH_BODY = { ...HEADERS, 'content-type': 'application/json' }

const NO_QUERY: Query = {}

async function orNull<T>(found: Awaitable<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

function withQuery(url: string, query: Query = NO_QUERY): string {
  if (query === NO_QUERY) return url
  const entries = Object.entries(query).filter(([, value]) => value !== null && value !== undefined)
  if (entries.length === 0) return url
  return `${url}?${new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)]))}`
}
