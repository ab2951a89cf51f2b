import type { Awaitable } from '../../awaitable.js'
import { AppError, ProviderError } from '../../errors.js'
import { Flight, type SharedAsker } from './shared-request.js'
import type { HttpRequest } from '../http.js'
import type { Reply } from '../rest.js'
import { NO_DEMAND, type Asker, type Cached, type FreshnessDemand, type ReadRecord } from './reading.js'
import type { Freshness } from '../rest.js'
import type { SizedReply } from './reply.js'
import { ageMs, OVERSIZED, type CachePart, type KeptReply } from './reply-cache.js'

/** One thing to be read. */
export interface Question {
  /** Differs wherever the answer may, see `readKey`. */
  readonly key: string
  readonly request: HttpRequest
  readonly anonymous: boolean
  /** Absent: the answer is neither kept nor shared. */
  readonly freshness: Freshness | undefined
  /** An answer given before will not do, whatever its age. */
  readonly fresh: boolean
}

export interface Answer {
  readonly reply: Reply
  /** Null when it was asked for just now. */
  readonly cached: Cached | null
}

/** Who reads: one part of one operation. */
export interface Reader extends Asker {
  readonly demand?: FreshnessDemand
  readonly record?: ReadRecord
}

export interface AnswersOptions {
  /** Null: nothing is kept or shared. */
  readonly part: CachePart | null
  /** Sends; throws what keeps the provider from answering. */
  readonly fetch: (request: HttpRequest, anonymous: boolean, asker: SharedAsker) => Promise<SizedReply>
  /** Another number when another person may be logged in than before. */
  readonly session: () => number
  /** The longest a shared request may be under way. */
  readonly deadlineMs: number
}

interface Landed {
  readonly reply: Reply
  readonly revalidated: boolean
}
interface FlightUnderWay {
  readonly flight: Flight<Landed>
  readonly beganAt: number
}

/**
 * What one account answered to one login, for as long as it may be given again. What is still fresh costs no request; what several
 * operations need at once costs one; what can be validated is not sent twice; and what is too old is given only while the provider
 * cannot answer, and says so. Errors are never kept.
 */
export class AccountAnswers {
  readonly #options: AnswersOptions
  readonly #flights = new Map<string, FlightUnderWay>()
  #session: number
  /** Rises whenever what was read before counts no more. */
  #generation = 0

  constructor(options: AnswersOptions) {
    this.#options = options
    this.#session = options.session()
  }

  /** What is known and fresh at once, and without a promise; anything else once it has been read. */
  read(question: Question, reader: Reader): Awaitable<Answer> {
    this.#forgetOtherLogins()
    const { part } = this.#options
    const { freshness } = question
    if (!part || !freshness || freshness.seconds === 0) return this.#alone(question, reader)
    return this.#known(part, question, reader) ?? this.#ask(part, question, reader)
  }

  #known(part: CachePart, { key, fresh }: Question, { demand = NO_DEMAND, record }: Reader): Answer | null {
    const { cache } = part
    const known = fresh ? undefined : part.find(key)
    if (!known || known === OVERSIZED) return null
    const age = ageMs(known, cache.clock)
    if (age >= Math.min(known.seconds * 1000, demand.maxAgeMs)) return null
    cache.counts.hits += 1
    return told(record, 'CACHE', { reply: known.reply, cached: { ageSeconds: wholeSeconds(age), failure: null } })
  }

  async #ask(part: CachePart, question: Question, reader: Reader): Promise<Answer> {
    const { key, fresh } = question
    const { demand = NO_DEMAND, record } = reader
    const { cache } = part
    cache.counts.misses += 1
    // What is too large to be kept would have all who wait for it work on it in one moment.
    const mayShare = part.find(key) !== OVERSIZED && demand.keep
    try {
      const { reply, revalidated } = await (mayShare ? this.#together : this.#single).call(this, part, question, reader)
      return told(record, record?.requests === 0 ? 'OTHER_OPERATION' : revalidated ? 'REVALIDATED' : 'PROVIDER', {
        reply,
        cached: null,
      })
    } catch (error) {
      const stale = fresh ? null : this.#stale(part, key, demand, error)
      if (!stale) throw error
      cache.counts.stale += 1
      return told(record, 'STALE', stale)
    }
  }

  /** Whatever was read before is not given to anyone any more, nor what is being read now. */
  forget(): void {
    this.#options.part?.clear()
    this.#flights.clear()
    this.#generation += 1
  }

  #forgetOtherLogins(): void {
    const session = this.#options.session()
    if (session === this.#session) return
    this.#session = session
    this.forget()
  }

  /** As if there were no cache. */
  async #alone({ request, anonymous }: Question, reader: Reader): Promise<Answer> {
    const reply = await this.#options.fetch(request, anonymous, alone(reader))
    return told(reader.record, 'PROVIDER', { reply, cached: null })
  }

  #single(part: CachePart, question: Question, reader: Reader): Promise<Landed> {
    return this.#fetch(part, question, alone(reader), reader.demand?.keep ?? true)
  }

  #together(part: CachePart, question: Question, reader: Reader): Promise<Landed> {
    const { cache } = part
    const { key, fresh } = question
    const now = cache.clock.monotonic()
    const known = this.#flights.get(key)
    const { maxAgeMs } = reader.demand ?? NO_DEMAND
    // What was asked before this caller wanted it fresh may have been answered before, too.
    if (known && !fresh && now - known.beganAt < maxAgeMs) {
      cache.counts.shared += 1
      return known.flight.join(reader)
    }
    const flight = new Flight<Landed>({
      deadlineMs: this.#options.deadlineMs,
      over: () => {
        if (this.#flights.get(key)?.flight === flight) this.#flights.delete(key)
      },
    })
    this.#flights.set(key, { flight, beganAt: now })
    const landed = flight.join(reader)
    flight.start((asker) => this.#fetch(part, question, asker, true))
    return landed
  }

  async #fetch(part: CachePart, question: Question, asker: SharedAsker, keep: boolean): Promise<Landed> {
    const { key, request, anonymous, freshness } = question
    const found = part.find(key)
    const known = found === OVERSIZED ? undefined : found
    const conditions = known ? conditionsOf(known.reply) : null
    const generation = this.#generation
    try {
      const asked = conditions ? { ...request, headers: { ...request.headers, ...conditions } } : request
      const answer = await this.#options.fetch(asked, anonymous, asker)
      const revalidated = known !== undefined && answer.status === NOT_MODIFIED
      const { receivedAt } = answer
      const reply: Reply = revalidated ? { ...known.reply, receivedAt } : answer
      if (revalidated) part.cache.counts.revalidated += 1
      const seconds = secondsOf(freshness!, reply)
      if (generation !== this.#generation || !keep) return { reply, revalidated }
      const { size } = revalidated ? known : answer
      if (seconds > 0) part.keep(key, { reply, seconds, size, ...receivedNow(reply, part) })
      else part.drop(key)
      return { reply, revalidated }
    } catch (error) {
      // What the provider now refuses, or does not have any more, must not come back with the next outage.
      if (generation === this.#generation && !isOutage(error) && !asker.signal.aborted) part.drop(key)
      throw error
    }
  }

  #stale(part: CachePart, key: string, demand: FreshnessDemand, error: unknown): Answer | null {
    const known = part.find(key)
    if (!known || known === OVERSIZED || !isOutage(error)) return null
    const age = ageMs(known, part.cache.clock)
    const lifetime = known.seconds * 1000
    // Too old for this caller and too old in itself are two questions: it may want something fresher than others do.
    if (age - Math.min(lifetime, demand.maxAgeMs) >= demand.staleMs) return null
    if (age - lifetime >= part.cache.staleMs) return null
    return { reply: known.reply, cached: { ageSeconds: wholeSeconds(age), failure: error } }
  }
}

const NOT_MODIFIED = 304

/** The provider is there and cannot answer; not: it answered, or the login is not good, or nobody waits any more. */
const isOutage = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === 'PROVIDER_UNAVAILABLE' ||
    error.code === 'PROVIDER_RATE_LIMITED' ||
    (error.code === 'PROVIDER_TIMEOUT' && error.reason !== 'OPERATION_ENDED'))

const alone = (reader: Reader): SharedAsker => ({ signal: reader.signal, pay: reader.pay, payer: () => reader })

/** RFC 9110 §13.1: asks only for what has changed; null where the provider gave nothing to go by. */
function conditionsOf({ headers }: Reply): Readonly<Record<string, string>> | null {
  const { etag, 'last-modified': lastModified } = headers
  if (etag) return { 'if-none-match': etag }
  return lastModified ? { 'if-modified-since': lastModified } : null
}

/** What the provider forbids to store (RFC 9111 §5.2.2.5) is not stored. */
function secondsOf({ seconds }: Freshness, reply: Reply): number {
  if (/(^|,)\s*no-store\s*(,|$)/i.test(reply.headers['cache-control'] ?? '')) return 0
  return typeof seconds === 'number' ? seconds : seconds(reply)
}

function receivedNow({ receivedAt }: Reply, { cache: { clock } }: CachePart): Pick<KeptReply, 'wall' | 'monotonic'> {
  const wall = Date.parse(receivedAt)
  return { wall, monotonic: clock.monotonic() - Math.max(0, clock.now() - wall) }
}

const wholeSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

function told(record: ReadRecord | undefined, from: NonNullable<ReadRecord['from']>, answer: Answer): Answer {
  if (record) {
    record.from = from
    record.ageSeconds = answer.cached?.ageSeconds ?? null
    const failure = answer.cached?.failure
    if (failure instanceof AppError) record.failure = failure.code
  }
  return answer
}
