import type { Awaitable } from '../../awaitable.js'
import { AppError, ProviderError, type ErrorSource } from '../../errors.js'
import type { ReportsDrift } from '../../providers/drift.js'
import type { ProviderWrite, Writes } from '../../providers/writes.js'
import type {
  CallCountQuery,
  CallFilter,
  CallLog,
  CallQuery,
  Collection,
  ListQuery,
  Pages,
  Recordings,
  Source,
} from '../../providers/provider.js'

/**
 * Every member of a part of the provider contract; one that providers may leave out is `undefined`,
 * not absent. The classes below implement it, so a member added to the contract does not compile
 * until it is wrapped here.
 */
type EveryMember<T> = { readonly [Member in keyof Required<T>]: T[Member] }

/**
 * Wraps a source so that each of its errors names the account, including those thrown while reading
 * a response; a response that cannot be used is reported. Members are wrapped on access: an operation opens many sources and uses one noun of
 * most of them. `through` gives the call log in place of the source's own.
 */
export function nameErrors(source: Source, account: NamedAccount, through: ThroughLog = (log) => log): Source {
  return new NamedSource(source, account, through)
}

type ThroughLog = (log: CallLog) => CallLog

/** Whom errors name, and who hears of responses that cannot be used. */
type NamedAccount = ErrorSource & ReportsDrift

class NamedSource implements EveryMember<Source> {
  readonly #source: Source
  readonly #account: NamedAccount
  readonly #through: ThroughLog

  constructor(source: Source, account: NamedAccount, through: ThroughLog) {
    this.#source = source
    this.#account = account
    this.#through = through
  }

  profile() {
    return nameAccount(this.#source.profile(), this.#account)
  }

  get profileDetail() {
    return this.#source.profileDetail && (() => nameAccount(this.#source.profileDetail!(), this.#account))
  }

  get dids() {
    return namedCollection(this.#source.dids, this.#account)
  }

  get extensions() {
    return namedCollection(this.#source.extensions, this.#account)
  }

  get groups() {
    return namedCollection(this.#source.groups, this.#account)
  }

  get callRecords() {
    const log = this.#source.callRecords
    return log && new NamedCallLog(this.#through(log), this.#account)
  }

  get recordings() {
    const recordings = this.#source.recordings
    return recordings && new NamedRecordings(recordings, this.#account)
  }

  get currentCalls() {
    return this.#source.currentCalls && (() => nameAccount(this.#source.currentCalls!(), this.#account))
  }

  get writes() {
    return this.#source.writes && namedWrites(this.#source.writes, this.#account)
  }
}

function namedWrites({ extensions, calls, said }: Writes, account: NamedAccount): EveryMember<Writes> {
  const named = <Input, Ready>(write: ProviderWrite<Input, Ready> | undefined) =>
    write && new NamedWrite(write, account)
  const ofExtensions = extensions && {
    create: named(extensions.create),
    update: named(extensions.update),
    delete: named(extensions.delete),
  }
  const ofCalls = calls && {
    originate: named(calls.originate),
    transfer: named(calls.transfer),
    hangUp: named(calls.hangUp),
  }
  return {
    said,
    extensions: ofExtensions satisfies EveryMember<NonNullable<Writes['extensions']>> | undefined,
    calls: ofCalls satisfies EveryMember<NonNullable<Writes['calls']>> | undefined,
  }
}

class NamedWrite<Input, Ready> implements EveryMember<ProviderWrite<Input, Ready>> {
  readonly #write: ProviderWrite<Input, Ready>
  readonly #account: NamedAccount

  constructor(write: ProviderWrite<Input, Ready>, account: NamedAccount) {
    this.#write = write
    this.#account = account
  }

  get affects() {
    return this.#write.affects
  }

  get mistakes() {
    return this.#write.mistakes && ((input: Input) => this.#write.mistakes!(input))
  }

  get check() {
    return this.#write.check && ((ready: Ready) => nameAccount(this.#write.check!(ready), this.#account))
  }

  send(ready: Ready) {
    return nameAccount(this.#write.send(ready), this.#account)
  }

  get look() {
    return this.#write.look && ((ready: Ready) => nameAccount(this.#write.look!(ready), this.#account))
  }
}

const namedCollection = <T>(collection: Collection<T> | undefined, account: NamedAccount) =>
  collection && new NamedCollection(collection, account)

class NamedCollection<T> implements EveryMember<Collection<T>> {
  readonly pushdown: Collection<T>['pushdown']
  readonly only: Collection<T>['only']
  readonly #collection: Collection<T>
  readonly #account: NamedAccount

  constructor(collection: Collection<T>, account: NamedAccount) {
    this.pushdown = collection.pushdown
    this.only = collection.only
    this.#collection = collection
    this.#account = account
  }

  pages(query: ListQuery): Pages<T> {
    const pages = this.#collection.pages(query)
    return Symbol.asyncIterator in pages
      ? new NamedPages(pages, this.#account)
      : new NamedSyncPages(pages, this.#account)
  }

  get byIds() {
    return (
      this.#collection.byIds && ((ids: readonly string[]) => nameAccount(this.#collection.byIds!(ids), this.#account))
    )
  }

  get detail() {
    return this.#collection.detail && ((item: T) => nameAccount(this.#collection.detail!(item), this.#account))
  }
}

class NamedCallLog implements EveryMember<CallLog> {
  readonly #log: CallLog
  readonly #account: NamedAccount

  constructor(log: CallLog, account: NamedAccount) {
    this.#log = log
    this.#account = account
  }

  pushdown(filter: CallFilter) {
    return this.#log.pushdown(filter)
  }

  pages(query: CallQuery) {
    return new NamedPages(this.#log.pages(query), this.#account)
  }

  byId(id: string) {
    return nameAccount(this.#log.byId(id), this.#account)
  }

  get detail() {
    type Call = Parameters<NonNullable<CallLog['detail']>>[0]
    return this.#log.detail && ((call: Call) => nameAccount(this.#log.detail!(call), this.#account))
  }

  get isListed() {
    type Listed = Parameters<NonNullable<CallLog['isListed']>>
    return this.#log.isListed && ((...listed: Listed) => this.#log.isListed!(...listed))
  }

  get count() {
    return this.#log.count && ((query: CallCountQuery) => nameAccount(this.#log.count!(query), this.#account))
  }
}

class NamedRecordings implements EveryMember<Recordings> {
  readonly #recordings: Recordings
  readonly #account: NamedAccount

  constructor(recordings: Recordings, account: NamedAccount) {
    this.#recordings = recordings
    this.#account = account
  }

  open(nativeName: string, request: Parameters<Recordings['open']>[1]) {
    return nameAccount(this.#recordings.open(nativeName, request), this.#account)
  }
}

/**
 * An iterator written out: a generator around the provider's would cost several promise turns for
 * each page.
 */
class NamedPages<T> implements AsyncIterable<T>, AsyncIterator<T> {
  readonly #pages: AsyncIterator<T>
  readonly #account: NamedAccount

  constructor(pages: AsyncIterable<T>, account: NamedAccount) {
    this.#pages = pages[Symbol.asyncIterator]()
    this.#account = account
  }

  [Symbol.asyncIterator]() {
    return this
  }

  next() {
    return nameAccount(this.#pages.next(), this.#account)
  }

  async return(): Promise<IteratorResult<T>> {
    return (await this.#pages.return?.()) ?? { done: true, value: undefined }
  }
}

/** For pages that may be available synchronously, as may their errors. */
class NamedSyncPages<T> implements IterableIterator<Awaitable<T>> {
  readonly #pages: Iterator<Awaitable<T>>
  readonly #account: NamedAccount

  constructor(pages: Iterable<Awaitable<T>>, account: NamedAccount) {
    this.#pages = pages[Symbol.iterator]()
    this.#account = account
  }

  [Symbol.iterator]() {
    return this
  }

  next(): IteratorResult<Awaitable<T>> {
    try {
      const next = this.#pages.next()
      return !next.done && next.value instanceof Promise
        ? { done: false, value: nameAccount(next.value, this.#account) }
        : next
    } catch (error) {
      throw withAccount(error, this.#account)
    }
  }
}

const nameAccount = <Answer>(answer: Promise<Answer>, account: NamedAccount): Promise<Answer> =>
  answer.catch((error: unknown) => {
    throw withAccount(error, account)
  })

/** Reported already: a failure that several readers share is one response. */
const reported = new WeakSet<object>()

function withAccount(error: unknown, { drift, ...account }: NamedAccount): unknown {
  if (!(error instanceof AppError)) return error
  if (drift && error instanceof ProviderError && error.code === 'PROVIDER_BAD_RESPONSE' && !reported.has(error)) {
    reported.add(error)
    drift.answer(error.reason ?? error.code)
  }
  return error.of(account)
}
