import type { z } from 'zod'

import type { Flow, FlowKind } from '../auth/flow.js'
import type { Awaitable } from '../awaitable.js'
import type { FileReply, Rest } from '../http/rest.js'
import type { AccountProfile } from '../model/account.js'
import type { CallRecord, CallDirection, CallDisposition, CallKind } from '../model/call-record.js'
import type { Capability } from '../model/capability.js'
import type { Did } from '../model/did.js'
import type { Extension } from '../model/extension.js'
import type { Group } from '../model/group.js'
import type { AccountField, DetailField, DetailFilter } from '../model/request-fields.js'
import type { EmulatorFactory } from '../emulator/emulator.js'
import type { DriftReporter } from './drift.js'

/** What a provider's folder is told about the account it serves. */
export interface AccountFacts {
  readonly key: string
  /** ISO 3166 country for numbers written without one. */
  readonly country: string
  /** IANA zone for times written without one, and for business hours. */
  readonly timeZone: string
  /** Where a browser login comes back to; some token endpoints want it with a refresh, too. To be read when it is used, not before. */
  readonly redirectUri?: string
  /** Hears of what the provider answers against its own documentation. */
  readonly drift?: DriftReporter
}

/** One account joined to its provider: how it logs in, and how its answers are read. */
export interface Connection {
  readonly flow: Flow
  /** Origins this account may be asked at; a request to any other is refused before it is sent. */
  readonly origins: readonly string[]
  /** Made anew for every operation over that operation's client, so it keeps no state of its own. */
  readonly source: (rest: Rest) => Source
}

/** A provider: facts, settings, and the two ways in, one for real and one emulated. */
export interface Provider {
  /** Stable: used in configuration, `Provider.slug` and paths. */
  readonly slug: string
  readonly name: string
  readonly flows: readonly FlowKind[]
  readonly capabilities: readonly Capability[]
  /** Absent: nothing takes more than the lists themselves. */
  readonly costs?: RequestCosts
  readonly defaults: { readonly country: string; readonly timeZone: string }
  /** Checks `urls`, `auth` and `options` of an account; its descriptions become the published JSON Schema. */
  readonly settings: z.ZodObject
  /** `settings` has been parsed already. */
  readonly connect: (settings: unknown, account: AccountFacts) => Connection
  /**
   * The `auth` of the configuration file that says the same as what a person gives to link an account at run time; its keys are
   * checked by `settings` afterwards. Null for a flow this provider does not have.
   */
  readonly linkAuth?: (request: LinkRequest) => Readonly<Record<string, unknown>> | null
  /** Loaded only where it is used, so production never evaluates it. */
  readonly emulator: () => Promise<EmulatorFactory>
}

/** What of the graph takes requests besides one for each list, by schema coordinate: operations are refused by it before they are executed. */
export interface RequestCosts {
  /** A request for each object that is asked; several of one object are one request. */
  readonly eachObject: readonly (DetailField | DetailFilter)[]
  /** One more request in the account, however many ask. */
  readonly onceMore: readonly (AccountField | DetailField)[]
}

/** How a person says to log in, in the words of the graph. */
export interface LinkRequest {
  readonly flow: FlowKind
  readonly credentials: Readonly<
    Partial<Record<'username' | 'email' | 'password' | 'token' | 'clientId' | 'clientSecret', string>>
  >
  /** Whom to act for. */
  readonly impersonate?: string
}

/** Closes over the type of the settings, so that the registry is a plain list. */
export function defineProvider<Settings extends z.ZodObject>(
  definition: Omit<Provider, 'settings' | 'connect'> & {
    settings: Settings
    connect: (settings: z.output<Settings>, account: AccountFacts) => Connection
  },
): Provider {
  return { ...definition, connect: (settings, account) => definition.connect(settings as z.output<Settings>, account) }
}

/**
 * A list of answers, readable beside the provider's own documentation. A noun the provider lacks is absent,
 * and is then answered without any request.
 */
export interface Source {
  profile(): Promise<AccountProfile>
  /** What of the profile costs another request: the fields `profile()` left undefined. */
  profileDetail?(): Promise<Partial<AccountProfile>>
  readonly dids?: Collection<Did>
  readonly extensions?: Collection<Extension>
  readonly groups?: Collection<Group>
  readonly callRecords?: CallLog
  readonly recordings?: Recordings
}

export interface Page<T> {
  readonly items: readonly T[]
  /** How many there are in all, when the provider says or this is everything. */
  readonly totalCount: number | null
  /** Records of this page that could not be read and are left out; the list is then PARTIAL. */
  readonly unreadable?: number
}

/** Filters a list may be narrowed by at the provider. The reader checks every item again, so leaving one out is always right. */
export interface ListQuery {
  readonly query?: string | null
}

/** Pages one after the other, or, where what is known is given at once, also without waiting; `for await` reads either. */
export type Pages<T> = AsyncIterable<Page<T>> | Iterable<Awaitable<Page<T>>>

export interface Collection<T> {
  /**
   * Everything there is, in the provider's order, one provider page at a time: who has read enough stops asking.
   * A provider that gives all in one answer yields one page.
   */
  pages(query: ListQuery): Pages<T>
  /** Fields of `ListQuery` the provider evaluates itself. */
  readonly pushdown?: readonly (keyof ListQuery)[]
  /** The only values these fields ever have here: a list filtered for others is empty, and nobody need be asked. */
  readonly only?: { readonly [Field in keyof T]?: readonly T[Field][] }
  /** Many ids in one request; preferred over the list when present. Order and absences are free. */
  byIds?(ids: readonly string[]): Promise<readonly T[]>
  /** The fields the list left undefined, all of them, for one item: one request. */
  detail?(item: T): Promise<Partial<T>>
}

/** A moment in the order of calls: time first, then the global id, so that ties always break the same way. */
export interface CallPosition {
  readonly startedAt: string
  readonly id: string
}

/** What the log is asked for; every field narrows, and the reader checks each call again: a source may ignore what it cannot evaluate. */
export interface CallFilter {
  /** ISO UTC, inclusive. */
  readonly from: string | null
  /** ISO UTC, exclusive. */
  readonly until: string | null
  readonly direction: readonly CallDirection[] | null
  readonly disposition: readonly CallDisposition[] | null
  readonly kind: readonly CallKind[] | null
  /** E.164, either side; each list is an OR, the lists are an AND. */
  readonly numbers: readonly string[] | null
  readonly callerNumbers: readonly string[] | null
  readonly calleeNumbers: readonly string[] | null
  /** Internal numbers, either side or taken part in. */
  readonly extensionNumbers: readonly string[] | null
}

export interface CallQuery {
  /** DESC: newest first. */
  readonly order: 'ASC' | 'DESC'
  /** Only calls strictly after this position in `order`; null from the start. */
  readonly after: CallPosition | null
  /** What a page of an earlier read said of where `after` may be found now; a hint, never trusted. */
  readonly hint: string | null
  readonly filter: CallFilter
  /** How many calls the reader expects to need: sizes the provider's pages. */
  readonly expected: number
}

export interface CallPage {
  /** In `order`, none twice in one read, none on the wrong side of `after`. */
  readonly calls: readonly CallRecord[]
  /** Calls that match the pushed-down part of the filter, when the provider counts calls (not rows); null when it cannot tell. */
  readonly totalCount: number | null
  /** Opaque, short: lets a later read find its place with few requests. */
  readonly hint: string | null
  /** Calls of this page that could not be read and are left out; the log is then PARTIAL. */
  readonly unreadable?: number
  /**
   * ISO UTC, where calls were left out because they do not match: in `order`, every call before this moment has been given or
   * does not match, so that a reader who stops here need not begin again from the last call it was given.
   */
  readonly readTo?: string | null
}

/** The call log of one account as an ordered stream, on top of whatever paging the provider has. */
export interface CallLog {
  /** Filter fields evaluated by the provider, of those that are set in this filter. */
  pushdown(filter: CallFilter): readonly (keyof CallFilter)[]
  /** One provider page after another, in order; ends when there are no more calls. */
  pages(query: CallQuery): AsyncIterable<CallPage>
  /** Null when there is none. */
  byId(id: string): Promise<CallRecord | null>
  /** The fields the list left undefined, all of them, for one call. */
  detail?(call: CallRecord): Promise<Partial<CallRecord>>
}

/** The sound of calls, handed on as it comes. */
export interface Recordings {
  /**
   * The recording of this name (`Recording.nativeName`), or the part that `range` asks for: a Range header with one range of bytes.
   * Null when there is none; throws PROVIDER_BAD_RESPONSE when what comes is no file.
   */
  open(nativeName: string, request: { readonly range: string | null }): Promise<FileReply | null>
}
