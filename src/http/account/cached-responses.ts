import { AppError, ProviderError, type ErrorSource } from '../../errors.js'
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
  /** Whether an answer from the cache will not do, whatever its age. */
  readonly fresh: boolean
}

export interface Answer {
  readonly reply: Reply
  /** Null when the provider was asked for it now. */
  readonly cached: Cached | null
}

export interface CachedResponsesOptions {
  readonly source: ErrorSource
  /** Null: nothing is kept or shared. */
  readonly partition: CachePartition | null
  /** What was read under another session is given to nobody. */
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
 * The stage that answers from what one account answered to one login before. What is fresh costs no
 * request; what several operations need at once costs one; what has a validator is revalidated; what
 * is stale is given only while the provider is down, and says so. Errors are never kept.
 */
export class CachedResponses {
  readonly #options: CachedResponsesOptions
  readonly #next: Stage<SizedReply>
  readonly #shared = new Map<string, SharedRead>()
  #session: number
  /** Rises whenever what was read before counts no more. */
  #generation = 0

  constructor(options: CachedResponsesOptions, next: Stage<SizedReply>) {
    this.#options = options
    this.#next = next
    this.#session = options.login.session
  }

  /** What is kept and fresh, at once and without a promise; null where the provider must be asked. */
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
   * By a request of its own, or by one that is under way; with what is stale while the provider is down.
   *
   * @throws AppError with the account's name.
   */
  async read(asked: ReadRequest, reader: Reader): Promise<Answer> {
    this.#forgetOtherSessions()
    const { partition, source } = this.#options
    const { record } = reader
    if (!partition || !isKept(asked.freshness))
      return noted(record, 'PROVIDER', { reply: await this.#next(asked, reader), cached: null })
    const { cache } = partition
    const { demand } = reader.operation
    cache.counts.misses += 1
    try {
      // Sharing what is too large to be kept would have all who wait for it work on it in one moment.
      const mayShare = demand.keep && partition.find(asked.key) !== OVERSIZED
      const { reply, revalidated } = await (mayShare
        ? this.#together(partition, asked, reader)
        : this.#fetch(partition, asked, reader, demand.keep))
      const from = record?.requests === 0 ? 'OTHER_OPERATION' : revalidated ? 'REVALIDATED' : 'PROVIDER'
      return noted(record, from, { reply, cached: null })
    } catch (thrown) {
      const stale = asked.fresh ? null : staleAnswer(partition, asked.key, demand, thrown)
      if (!stale) throw accountError(thrown, reader.signal, source, () => describeRequest(asked.request))
      cache.counts.stale += 1
      return noted(record, 'STALE', stale)
    }
  }

  /** What was read before is given to nobody any more, nor kept if it is being read now. */
  forget(): void {
    this.#options.partition?.clear()
    this.#shared.clear()
    this.#generation += 1
  }

  #forgetOtherSessions(): void {
    const { session } = this.#options.login
    if (session === this.#session) return
    this.#session = session
    this.forget()
  }

  #together(partition: CachePartition, asked: ReadRequest, reader: Reader): Promise<FetchedReply> {
    const { cache } = partition
    const { key, fresh } = asked
    const now = cache.clock.monotonic()
    const known = this.#shared.get(key)
    // What was sent before this caller wanted it fresh may have been answered before, too.
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
    request.start((requester) => this.#fetch(partition, asked, requester, true))
    return response
  }

  async #fetch(
    partition: CachePartition,
    asked: ReadRequest,
    requester: Requester,
    keep: boolean,
  ): Promise<FetchedReply> {
    const { key } = asked
    const known = partition.find(key)
    const kept = known === OVERSIZED ? undefined : known
    const conditions = kept ? conditionsOf(kept.reply) : null
    const generation = this.#generation
    try {
      const answer = await this.#next(conditions ? withHeaders(asked, conditions) : asked, requester)
      const revalidated = kept !== undefined && answer.status === NOT_MODIFIED
      const { receivedAt } = answer
      const reply: Reply = revalidated ? { ...kept.reply, receivedAt } : answer
      if (revalidated) partition.cache.counts.revalidated += 1
      const seconds = secondsOf(asked.freshness!, reply)
      if (generation !== this.#generation || !keep) return { reply, revalidated }
      const { size } = revalidated ? kept : answer
      if (seconds > 0) partition.keep(key, { reply, seconds, size, ...receivedNow(reply, partition) })
      else partition.drop(key)
      return { reply, revalidated }
    } catch (error) {
      // What the provider now refuses, or does not have any more, must not come back with the next outage.
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
  // Too old for this caller and too old in itself are two questions: it may want something fresher than others do.
  if (age - Math.min(lifetime, demand.maxAgeMs) >= demand.staleMs) return null
  if (age - lifetime >= partition.cache.staleMs) return null
  return { reply: known.reply, cached: { ageSeconds: wholeSeconds(age), failure: error } }
}

const NOT_MODIFIED = 304

const isKept = (freshness: Freshness | undefined): boolean => freshness !== undefined && freshness.seconds !== 0

/** Whether the provider is down: not where it answered, the login is not good, or nobody waits any more. */
const isOutage = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_UNAVAILABLE' ||
    error.code === 'PROVIDER_RATE_LIMITED' ||
    (error.code === 'PROVIDER_TIMEOUT' && error.reason !== 'OPERATION_ENDED'))

/** RFC 9110 §13.1: asks only for what has changed; null where the provider gave no validator. */
function conditionsOf({ headers }: Reply): Readonly<Record<string, string>> | null {
  const { etag, 'last-modified': lastModified } = headers
  if (etag) return { 'if-none-match': etag }
  return lastModified ? { 'if-modified-since': lastModified } : null
}

function withHeaders(asked: AccountRequest, headers: Readonly<Record<string, string>>): AccountRequest {
  const { request, anonymous, repeatable } = asked
  return { request: { ...request, headers: { ...request.headers, ...headers } }, anonymous, repeatable }
}

/** What the provider forbids to store (RFC 9111 §5.2.2.5) is not stored. */
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
