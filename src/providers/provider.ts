import type { z } from 'zod'

import type { Flow, FlowKind } from '../auth/flow.js'
import type { Awaitable } from '../awaitable.js'
import type { FileReply, Rest } from '../http/rest.js'
import type { AccountProfile } from '../model/account.js'
import type { CallRecord, CallDirection, CallDisposition, CallKind } from '../model/call-record.js'
import type { Capability } from '../model/capability.js'
import type { Did, DidStatus } from '../model/did.js'
import type { Extension, RegistrationStatus } from '../model/extension.js'
import type { Group, GroupKind } from '../model/group.js'
import type { AccountField, DetailField, DetailFilter } from '../model/request-fields.js'
import type { EmulatorFactory } from '../emulator/emulator.js'
import type { DriftReporter } from './drift.js'
import type { CurrentCalls, WebhookFormat } from './live.js'
import type { Writes } from './writes.js'

/** What a provider's code knows of the account it serves. */
export interface AccountFacts {
  readonly key: string
  /** ISO 3166 country for numbers without a country code. */
  readonly country: string
  /** IANA zone for times without an offset, and for business hours. */
  readonly timeZone: string
  /** Wall clock, ms, for an API that must be told which days to look at. Default: the system's. */
  readonly now?: () => number
  /**
   * The redirect URI of browser logins; some token endpoints require it with a refresh. Read it
   * when it is used, not before.
   */
  readonly redirectUri?: string
  /** Hears of responses that differ from the provider's documentation. */
  readonly drift?: DriftReporter
}

/** An account connected to its provider: how it logs in, and how it is read. */
export interface Connection {
  readonly flow: Flow
  /** What this account can do, where its settings make that something else than its provider says. */
  readonly capabilities?: readonly Capability[]
  /** Origins that requests may go to; any other is refused before sending. */
  readonly origins: readonly string[]
  /** Created for every operation over that operation's client, so it holds no state of its own. */
  readonly source: (rest: Rest) => Source
}

/**
 * The version of this contract. It grows by one with each change that a provider written for the one
 * before would not survive; a server takes providers of its own version only.
 */
export const CONTRACT_VERSION = 1

/** A provider: its facts, its settings, how to connect to it, and its emulator. */
export interface Provider {
  /** The `CONTRACT_VERSION` it was defined with. */
  readonly contract: number
  /** Stable: used in configuration, `Provider.slug` and paths. */
  readonly slug: string
  readonly name: string
  readonly flows: readonly FlowKind[]
  readonly capabilities: readonly Capability[]
  /** Absent: nothing costs more than the lists themselves. */
  readonly costs?: RequestCosts
  readonly defaults: { readonly country: string; readonly timeZone: string }
  /**
   * Validates `urls`, `auth` and `options` of an account; its descriptions become the published
   * JSON Schema.
   */
  readonly settings: z.ZodObject
  /** `settings` has been validated. */
  readonly connect: (settings: unknown, account: AccountFacts) => Connection
  /**
   * The `auth` settings for the credentials that link an account at run time, to be validated by
   * `settings`. Null for a flow this provider does not have.
   */
  readonly linkAuth?: (request: LinkRequest) => Readonly<Record<string, unknown>> | null
  /** How it delivers what happens to calls; absent: it does not. */
  readonly webhook?: WebhookFormat
  /** Imported only where it is used, so production never evaluates it. */
  readonly emulator: () => Promise<EmulatorFactory>
}

/**
 * Schema coordinates that cost requests besides one for each list; operations are limited by them
 * before execution.
 */
export interface RequestCosts {
  /** A request for each object; several fields of one object share it. */
  readonly eachObject: readonly (DetailField | DetailFilter)[]
  /** One more request in the account, however many objects. */
  readonly onceMore: readonly (AccountField | DetailField)[]
}

/** The login of an account to link, as the GraphQL API has it. */
export interface LinkRequest {
  readonly flow: FlowKind
  readonly credentials: Readonly<
    Partial<Record<'username' | 'email' | 'password' | 'token' | 'clientId' | 'clientSecret', string>>
  >
  /** The user to act for. */
  readonly impersonate?: string
}

/** A provider as it is written: its `connect` gets what its own `settings` make of an account. */
export type ProviderDefinition<Settings extends z.ZodObject> = Omit<Provider, 'contract' | 'settings' | 'connect'> & {
  readonly settings: Settings
  readonly connect: (settings: z.output<Settings>, account: AccountFacts) => Connection
}

/**
 * Makes a provider of its definition. Closes over the type of the settings, so that the registry is a
 * plain list.
 */
export function defineProvider<Settings extends z.ZodObject>(definition: ProviderDefinition<Settings>): Provider {
  return {
    ...definition,
    contract: CONTRACT_VERSION,
    connect: (settings, account) => definition.connect(settings as z.output<Settings>, account),
  }
}

/**
 * What one account can be asked for. A type the provider lacks is absent, and is answered without a
 * request.
 *
 * Of the fields of an object, `undefined` means that `detail` has it, and `null` that it does not
 * exist.
 */
export interface Source {
  profile(): Promise<AccountProfile>
  /** The fields that `profile()` left undefined: another request. */
  profileDetail?(): Promise<Partial<AccountProfile>>
  readonly dids?: Collection<Did>
  readonly extensions?: Collection<Extension>
  readonly groups?: Collection<Group>
  readonly callRecords?: CallLog
  readonly recordings?: Recordings
  /** The calls under way now; absent: the provider does not list them. */
  currentCalls?(): Promise<CurrentCalls>
  /** Absent: nothing can be changed. */
  readonly writes?: Writes
}

/** The part of a source that tells what goes on now. */
export type LiveSource = Pick<Source, 'currentCalls'>

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** The total, when the provider counts or this page is everything. */
  readonly totalCount: number | null
  /** Records of this page that could not be read and are left out; the list is then PARTIAL. */
  readonly unreadable?: number
}

/**
 * Filters that the provider may evaluate. The reader checks every item again, so a source may
 * ignore them.
 */
export interface ListQuery {
  readonly search?: string | null
}

/** Pages in order; synchronous where everything is cached. `for await` reads either. */
export type Pages<T> = AsyncIterable<Page<T>> | Iterable<Awaitable<Page<T>>>

/** Values by the name of the filter they are compared with. */
export interface OnlyValues {
  readonly statuses?: readonly DidStatus[]
  readonly registrations?: readonly RegistrationStatus[]
  readonly kinds?: readonly GroupKind[]
}

export interface Collection<T> {
  /**
   * Everything, in the provider's order, one provider page at a time: a reader that has enough
   * stops. A provider with one response yields one page.
   */
  pages(query: ListQuery): Pages<T>
  /** Fields of `ListQuery` that the provider evaluates. */
  readonly pushdown?: readonly (keyof ListQuery)[]
  /**
   * The only values its items have in the fields that these filters are about: a filter for others
   * gives an empty list without a request.
   */
  readonly only?: OnlyValues
  /** Several ids in one request; preferred over the list. In any order, without unknown ids. */
  byIds?(ids: readonly string[]): Promise<readonly T[]>
  /** The fields that the list left undefined, all of them, for one item: one request. */
  detail?(item: T): Promise<Partial<T>>
}

/** A position in the order of calls: time first, then the global id, which breaks ties. */
export interface CallPosition {
  readonly startedAt: string
  readonly id: string
}

/**
 * What calls are wanted; every field narrows. The reader checks each call again, so a source may
 * ignore a field.
 */
export interface CallFilter {
  /** ISO UTC, inclusive. */
  readonly from: string | null
  /** ISO UTC, exclusive. */
  readonly until: string | null
  readonly directions: readonly CallDirection[] | null
  readonly dispositions: readonly CallDisposition[] | null
  readonly kinds: readonly CallKind[] | null
  /** E.164, either side; each list is an OR, the lists are an AND. */
  readonly numbers: readonly string[] | null
  readonly callerNumbers: readonly string[] | null
  readonly calleeNumbers: readonly string[] | null
  /** Internal numbers, either side or involved otherwise. */
  readonly extensionNumbers: readonly string[] | null
}

export interface CallQuery {
  /** DESC: newest first. */
  readonly order: 'ASC' | 'DESC'
  /** Only calls strictly after this position in `order`; null: from the start. */
  readonly after: CallPosition | null
  /** `CallPage.hint` of an earlier read: where `after` may be found; never trusted. */
  readonly hint: string | null
  readonly filter: CallFilter
  /** How many calls the reader expects to need; sizes the provider's pages. */
  readonly expected: number
  /** Whether `filter.numbers` are those of DIDs: who called one may be shown with another number. */
  readonly numbersAreDids?: boolean
}

/** What calls are counted. */
export interface CallCountQuery extends Pick<CallQuery, 'filter' | 'expected' | 'numbersAreDids'> {
  /** Whether a call within the time of the filter is counted; `undefined`: only its detail tells. */
  readonly matches: (call: CallRecord) => boolean | undefined
  /** Set where the filter and these bounds, inclusive, are all that `matches` looks at. */
  readonly seconds: { readonly minimum: number | null; readonly maximum: number | null } | null
}

export interface CallPage {
  /** In `order`, each once in a read, all after `after`. */
  readonly calls: readonly CallRecord[]
  /**
   * Calls that match the pushed-down part of the filter, when the provider counts calls (not rows);
   * null when unknown.
   */
  readonly totalCount: number | null
  /** Opaque and short: lets a later read find its position with few requests. */
  readonly hint: string | null
  /** The hint for who stops at this position, where that is told closer than by the page as a whole. */
  readonly hintAt?: (position: CallPosition) => string
  /** Calls of this page that could not be read and are left out; the log is then PARTIAL. */
  readonly unreadable?: number
  /**
   * ISO UTC, where calls were filtered out: in `order`, every call before this moment has been
   * returned or does not match, so that a reader who stops here can continue from here.
   */
  readonly readTo?: string | null
}

/** The call log of one account as an ordered stream, over whatever paging the provider has. */
export interface CallLog {
  /** The fields of this filter that the provider evaluates. */
  pushdown(filter: CallFilter): readonly (keyof CallFilter)[]
  /** Provider pages in order; ends when there are no more calls. */
  pages(query: CallQuery): AsyncIterable<CallPage>
  /** Null when it does not exist. */
  byId(id: string): Promise<CallRecord | null>
  /** The fields that the list left undefined, all of them, for one call. */
  detail?(call: CallRecord): Promise<Partial<CallRecord>>
  /**
   * Whether the list has this call, read before, under this filter: where the source leaves out more
   * than the fields of calls tell.
   */
  isListed?(call: CallRecord, filter: CallFilter): boolean
  /** How many calls match; null when that cannot be known. Absent: nothing is counted but by reading. */
  count?(query: CallCountQuery): Promise<number | null>
}

/** Recordings of calls, streamed. */
export interface Recordings {
  /**
   * Opens a recording by `Recording.nativeName`, or the part that `range` asks for: a Range header
   * with one range of bytes. Null when it does not exist.
   *
   * @throws ProviderError PROVIDER_BAD_RESPONSE when the response is no file
   */
  open(nativeName: string, request: { readonly range: string | null }): Promise<FileReply | null>
}
