import { AppError, isOutage, type ErrorSource } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { Freshness, Reply } from '../rest.js'
import type { Authorizer } from './authorizer.js'
import { accountError } from './outcomes.js'
import type { Cached, FreshnessDemand, Reader, ReadRecord } from './reading.js'
import type { SizedReply } from './reply.js'
import { ageMs, OVERSIZED, type CachePartition, type KeptReply } from './reply-cache.js'
import { SharedRequest } from './shared-request.js'
import type { AccountRequest, Requester, Stage } from './stage.js'

/** One read of an account. */
export interface ReadRequest extends AccountRequest {
  /** Differs wherever the answer may, see `readKey`. */
  readonly key: string
  /** Absent: the answer is neither kept nor shared. */
  readonly freshness: Freshness | undefined
  /** Whether the cache must not answer, whatever the age. */
  readonly fresh: boolean
}

export interface Answer {
  readonly reply: Reply
  /** Null where it came from the provider for this read. */
  readonly cached: Cached | null
}

export interface CachedResponsesOptions {
  readonly source: ErrorSource
  /** Null: nothing is kept or shared. */
  readonly partition: CachePartition | null
  /** A cached reply is given only within the session it was read in. */
  readonly login: Pick<Authorizer, 'session'>
  /** The longest a shared request may be under way. */
  readonly deadlineMs: number
}

interface FetchedReply {
  readonly reply: Reply
  readonly revalidated: boolean
}
interface SharedRead {
  readonly request: SharedRequest<FetchedReply>
  readonly beganAt: number
}

/**
 * The first stage: the cached replies of one account and login. A fresh reply costs no request; one
 * that several operations need at once costs one; one with a validator is revalidated; a stale one
 * is given only while the provider is down, and says so. Errors are never kept.
 */
export class CachedResponses {
  readonly #options: CachedResponsesOptions
  readonly #next: Stage<SizedReply>
  readonly #shared = new Map<string, SharedRead>()
  #session: number
  /** Rises whenever cached replies are dropped. */
  #generation = 0

  constructor(options: CachedResponsesOptions, next: Stage<SizedReply>) {
    this.#options = options
    this.#next = next
    this.#session = options.login.session
  }

  /** The cached answer while it is fresh, without a promise; null where a request is needed. */
  kept(key: string, freshness: Freshness | undefined, { operation, record }: Reader): Answer | null {
    this.#forgetOtherSessions()
    const { partition } = this.#options
    if (!partition || !isKept(freshness)) return null
    const known = partition.find(key)
    if (!known || known === OVERSIZED) return null
    const { cache } = partition
    const age = ageMs(known, cache.clock)
    if (age >= Math.min(known.seconds * 1000, operation.demand.maxAgeMs)) return null
    cache.counts.hits += 1
    return noted(record, 'CACHE', { reply: known.reply, cached: { ageSeconds: wholeSeconds(age), failure: null } })
  }

  /**
   * Answers by a request of its own, by one that is under way, or with a stale reply while the
   * provider is down.
   *
   * @throws AppError with the account's name.
   */
  read(outgoing: ReadRequest, reader: Reader): Promise<Answer> {
    this.#forgetOtherSessions()
    const { partition } = this.#options
    if (partition && isKept(outgoing.freshness)) return this.#keeping(partition, outgoing, reader)
    const { record } = reader
    return this.#next(outgoing, reader).then((reply) => noted(record, 'PROVIDER', { reply, cached: null }))
  }

  /** The same where the reply may be kept, or shared. */
  async #keeping(partition: CachePartition, outgoing: ReadRequest, reader: Reader): Promise<Answer> {
    const { source } = this.#options
    const { record } = reader
    const { cache } = partition
    const { demand } = reader.operation
    cache.counts.misses += 1
    try {
      // If an oversized reply were shared, all who wait for it would work on it in one moment.
      const mayShare = demand.keep && partition.find(outgoing.key) !== OVERSIZED
      const { reply, revalidated } = await (mayShare
        ? this.#together(partition, outgoing, reader)
        : this.#fetch(partition, outgoing, reader, demand.keep))
      const from = record?.requests === 0 ? 'OTHER_OPERATION' : revalidated ? 'REVALIDATED' : 'PROVIDER'
      return noted(record, from, { reply, cached: null })
    } catch (thrown) {
      const stale = outgoing.fresh ? null : staleAnswer(partition, outgoing.key, demand, thrown)
      if (!stale) throw accountError(thrown, reader.signal, source, () => describeRequest(outgoing.request))
      cache.counts.stale += 1
      return noted(record, 'STALE', stale)
    }
  }

  /** Drops what was read before, of these nouns or all, and keeps nothing that is being read now. */
  forget(nouns?: readonly string[]): void {
    this.#options.partition?.clear(nouns && new Set(nouns))
    this.#shared.clear()
    this.#generation += 1
  }

  #forgetOtherSessions(): void {
    const { session } = this.#options.login
    if (session === this.#session) return
    this.#session = session
    this.forget()
  }

  #together(partition: CachePartition, outgoing: ReadRequest, reader: Reader): Promise<FetchedReply> {
    const { cache } = partition
    const { key, fresh } = outgoing
    const now = cache.clock.monotonic()
    const known = this.#shared.get(key)
    // A request sent before this caller's age limit may have been answered before it, too.
    if (known && !fresh && now - known.beganAt < reader.operation.demand.maxAgeMs) {
      cache.counts.shared += 1
      return known.request.join(reader)
    }
    const request = new SharedRequest<FetchedReply>({
      deadlineMs: this.#options.deadlineMs,
      closed: () => {
        if (this.#shared.get(key)?.request === request) this.#shared.delete(key)
      },
    })
    this.#shared.set(key, { request, beganAt: now })
    const response = request.join(reader)
    request.start((requester) => this.#fetch(partition, outgoing, requester, true))
    return response
  }

  async #fetch(
    partition: CachePartition,
    outgoing: ReadRequest,
    requester: Requester,
    keep: boolean,
  ): Promise<FetchedReply> {
    const { key } = outgoing
    const known = partition.find(key)
    const kept = known === OVERSIZED ? undefined : known
    const conditions = kept ? conditionsOf(kept.reply) : null
    const generation = this.#generation
    try {
      const answer = await this.#next(conditions ? withHeaders(outgoing, conditions) : outgoing, requester)
      const revalidated = kept !== undefined && answer.status === NOT_MODIFIED
      const { receivedAt } = answer
      const reply: Reply = revalidated ? { ...kept.reply, receivedAt } : answer
      if (revalidated) partition.cache.counts.revalidated += 1
      const seconds = secondsOf(outgoing.freshness!, reply)
      if (generation !== this.#generation || !keep) return { reply, revalidated }
      const { size } = revalidated ? kept : answer
      if (seconds > 0)
        partition.keep(key, { reply, noun: outgoing.freshness!.noun, seconds, size, ...receivedNow(reply, partition) })
      else partition.drop(key)
      return { reply, revalidated }
    } catch (error) {
      // What the provider now refuses, or no longer has, must not come back as stale.
      if (generation === this.#generation && !isOutage(error) && !requester.signal.aborted) partition.drop(key)
      throw error
    }
  }
}

function staleAnswer(partition: CachePartition, key: string, demand: FreshnessDemand, error: unknown): Answer | null {
  const known = partition.find(key)
  if (!known || known === OVERSIZED || !isOutage(error)) return null
  const age = ageMs(known, partition.cache.clock)
  const lifetime = known.seconds * 1000
  // Two limits: how stale this caller accepts, and how stale anybody may be given.
  if (age - Math.min(lifetime, demand.maxAgeMs) >= demand.staleMs) return null
  if (age - lifetime >= partition.cache.staleMs) return null
  return { reply: known.reply, cached: { ageSeconds: wholeSeconds(age), failure: error } }
}

const NOT_MODIFIED = 304

const isKept = (freshness: Freshness | undefined): boolean => freshness !== undefined && freshness.seconds !== 0

/** RFC 9110 §13.1: asks only for what has changed; null where the provider gave no validator. */
function conditionsOf({ headers }: Reply): Readonly<Record<string, string>> | null {
  const { etag, 'last-modified': lastModified } = headers
  if (etag) return { 'if-none-match': etag }
  return lastModified ? { 'if-modified-since': lastModified } : null
}

function withHeaders(outgoing: AccountRequest, headers: Readonly<Record<string, string>>): AccountRequest {
  const { request, anonymous, repeatable } = outgoing
  return { request: { ...request, headers: { ...request.headers, ...headers } }, anonymous, repeatable }
}

/** Lifetime in seconds; 0 where the provider forbids to store (RFC 9111 §5.2.2.5). */
function secondsOf({ seconds }: Freshness, reply: Reply): number {
  if (/(^|,)\s*no-store\s*(,|$)/i.test(reply.headers['cache-control'] ?? '')) return 0
  return typeof seconds === 'number' ? seconds : seconds(reply)
}

function receivedNow(
  { receivedAt }: Reply,
  { cache: { clock } }: CachePartition,
): Pick<KeptReply, 'wall' | 'monotonic'> {
  const wall = Date.parse(receivedAt)
  return { wall, monotonic: clock.monotonic() - Math.max(0, clock.now() - wall) }
}

const wholeSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

function noted(record: ReadRecord | null, from: NonNullable<ReadRecord['from']>, answer: Answer): Answer {
  if (!record) return answer
  record.from = from
  record.ageSeconds = answer.cached?.ageSeconds ?? null
  const failure = answer.cached?.failure
  if (failure instanceof AppError) record.failure = failure.code
  return answer
}
