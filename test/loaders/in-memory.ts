import { ProviderError } from '../../src/errors.js'
import type { AccountProfile } from '../../src/model/account.js'
import {
  CallDirection,
  CallDisposition,
  CallKind,
  HangupParty,
  RecordingStatus,
  type CallParty,
  type CallRecord,
} from '../../src/model/call-record.js'
import type { Capability } from '../../src/model/capability.js'
import { DidStatus, type Did } from '../../src/model/did.js'
import { RegistrationStatus, type Extension } from '../../src/model/extension.js'
import { GroupKind, type Group } from '../../src/model/group.js'
import { globalId } from '../../src/model/id.js'
import type { ConnectedAccount } from '../../src/providers/account.js'
import type { CallLog, Collection, Page, Provider, Source } from '../../src/providers/provider.js'

const FETCHED_AT = '2026-02-11T08:00:00.000Z'

/** What one noun of an account holds, and how its provider lists it. */
export interface CollectionContent<T> {
  readonly items: readonly T[]
  /** All in one answer unless given. */
  readonly pageSize?: number
  readonly byIds?: boolean
  /** Further items of each page, which cannot be read. */
  readonly unreadable?: number
  readonly pushdown?: readonly 'search'[]
  /** What the list leaves out, by provider id. */
  readonly details?: Readonly<Record<string, Partial<T>>>
}

export interface AccountContent {
  readonly dids?: CollectionContent<Did>
  readonly extensions?: CollectionContent<Extension>
  readonly groups?: CollectionContent<Group>
  readonly calls?: readonly CallRecord[]
  readonly callDetails?: Readonly<Record<string, Partial<CallRecord>>>
  readonly profile?: Partial<AccountProfile>
  readonly profileDetail?: Partial<AccountProfile>
  readonly unavailable?: readonly string[]
  readonly provider?: string
}

/**
 * An account whose provider is this process: every request is a line in `requests`, and fails when
 * its line is in `failing`.
 */
export class InMemoryAccount implements ConnectedAccount {
  readonly requests: string[] = []
  readonly failing = new Map<string, Error>()
  /** Requests under way now, and at most so far. */
  running = 0
  peak = 0
  authorizationStatus: 'ACTIVE' | 'REAUTHORIZATION_REQUIRED' = 'ACTIVE'

  readonly id: string
  readonly label: string
  readonly workspace = 'default'
  readonly provider: Provider
  readonly facts

  constructor(
    readonly key: string,
    readonly content: AccountContent = {},
  ) {
    this.id = globalId('Account', key)
    this.label = `${key} office`
    this.facts = { key, country: 'TR', timeZone: 'Europe/Istanbul' }
    this.provider = memoryProvider(content.provider ?? 'bulutfon', content.unavailable ?? [])
  }

  fail(request: string, error: Error = new ProviderError('PROVIDER_UNAVAILABLE', `GET ${request} answered 503`)): void {
    this.failing.set(
      request,
      error instanceof ProviderError ? error.of({ provider: this.provider.slug, accountId: this.id }) : error,
    )
  }

  source(_operation: unknown, onRequest: () => void = () => {}): Source {
    const { dids, extensions, groups, calls, profile, profileDetail } = this.content
    const ask = <T>(name: string, answer: () => T) => this.#ask(name, answer, onRequest)
    return {
      profile: () => ask('profile', () => profile as AccountProfile),
      ...(profileDetail && { profileDetail: () => ask('profile detail', () => profileDetail) }),
      ...(dids && { dids: collection('did', dids, ask, (did) => [did.number ?? '']) }),
      ...(extensions && {
        extensions: collection('extension', extensions, ask, (extension) => [extension.displayName ?? '']),
      }),
      ...(groups && { groups: collection('group', groups, ask, (group) => [group.name ?? '']) }),
      ...(calls && { callRecords: callLog(calls, this.content.callDetails ?? {}, ask) }),
    }
  }

  async authorization() {
    const status = this.authorizationStatus
    return {
      flow: 'OAUTH2_PASSWORD',
      status,
      scopes: [],
      expiresAt: null,
      lastRefreshedAt: null,
      impersonating: null,
      authorizeUrl: null,
      lastError: null,
    } as const
  }

  health() {
    return { circuit: 'CLOSED', rateLimitResetAt: null, lastSuccessAt: null, lastFailureAt: null } as const
  }

  async #ask<T>(name: string, answer: () => T, onRequest: () => void): Promise<T> {
    onRequest()
    this.requests.push(name)
    this.running += 1
    this.peak = Math.max(this.peak, this.running)
    // As an answer from a socket would, this comes in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    this.running -= 1
    const failure = this.failing.get(name)
    if (failure) throw failure
    return answer()
  }
}

type Ask = <T>(name: string, answer: () => T) => Promise<T>

function collection<T extends { readonly providerResourceId: string }>(
  noun: string,
  { items, pageSize = Infinity, byIds, pushdown, details, unreadable }: CollectionContent<T>,
  ask: Ask,
  texts: (item: T) => readonly string[],
): Collection<T> {
  return {
    async *pages({ search }): AsyncIterable<Page<T>> {
      const matching = search ? items.filter((item) => texts(item).some((text) => text.includes(search))) : items
      const size = Math.min(pageSize, Math.max(matching.length, 1))
      for (let at = 0; at === 0 || at < matching.length; at += size) {
        const name = `${noun}s${search ? ` ${search}` : ''} page ${at / size + 1}`
        yield await ask(name, () => ({
          items: matching.slice(at, at + size),
          totalCount: matching.length,
          unreadable,
        }))
      }
    },
    ...(pushdown && { pushdown }),
    ...(byIds && {
      byIds: (ids: readonly string[]) =>
        ask(`${noun}s ${ids.join(',')}`, () => items.filter((item) => ids.includes(item.providerResourceId)).reverse()),
    }),
    ...(details && {
      detail: (item: T) => ask(`${noun} ${item.providerResourceId}`, () => details[item.providerResourceId] ?? {}),
    }),
  }
}

function callLog(
  calls: readonly CallRecord[],
  details: Readonly<Record<string, Partial<CallRecord>>>,
  ask: Ask,
): CallLog {
  return {
    pushdown: () => [],
    async *pages() {
      yield await ask('calls page 1', () => ({ calls, totalCount: calls.length, hint: null }))
    },
    byId: (id) => ask(`call ${id}`, () => calls.find((call) => call.providerResourceId === id) ?? null),
    detail: (call) => ask(`call ${call.providerResourceId} detail`, () => details[call.providerResourceId] ?? {}),
  }
}

function memoryProvider(slug: string, unavailableFields: readonly string[]): Provider {
  const capability: Capability = {
    resource: 'DID',
    operation: 'LIST',
    support: 'NATIVE',
    pushdownFields: [],
    unavailableFields,
    maxPageSize: null,
    batchMode: 'LIST_INDEX',
    reason: null,
  } as Capability
  return { slug, name: slug, flows: ['OAUTH2_PASSWORD'], capabilities: [capability] } as unknown as Provider
}

const resource = (account: string, id: string) => ({
  accountKey: account,
  providerResourceId: id,
  fetchedAt: FETCHED_AT,
  payload: { id },
})

export function did(account: string, id: string, fields: Partial<Did> = {}): Did {
  return {
    ...resource(account, id),
    __typename: 'Did',
    id: globalId('Did', account, id),
    number: `+9021200${id.padStart(5, '0')}`,
    rawNumber: `9021200${id.padStart(5, '0')}`,
    status: DidStatus.ACTIVE,
    nativeStatus: 'CONFIRMED',
    destinationRef: null,
    hours: null,
    ...fields,
  }
}

/** Its detail is left out, as providers' lists do. */
export function extension(account: string, id: string, fields: Partial<Extension> = {}): Extension {
  return {
    ...resource(account, id),
    __typename: 'Extension',
    id: globalId('Extension', account, id),
    number: `1${id.padStart(3, '0')}`,
    displayName: `Line ${id}`,
    email: null,
    registration: RegistrationStatus.REGISTERED,
    callerIdRef: undefined,
    voicemail: undefined,
    forwardingRules: undefined,
    permissions: undefined,
    groupIds: undefined,
    didIds: undefined,
    ...fields,
  }
}

/** Its members are left out, as providers' lists do. */
export function group(account: string, id: string, fields: Partial<Group> = {}): Group {
  return {
    ...resource(account, id),
    __typename: 'Group',
    id: globalId('Group', account, id),
    kind: GroupKind.RING_GROUP,
    name: `Group ${id}`,
    ringTimeoutSeconds: 20,
    internalNumber: `5${id.padStart(2, '0')}`,
    memberships: undefined,
    countedMembers: undefined,
    ...fields,
  }
}

const party = (account: string, fields: Partial<CallParty>): CallParty => ({
  number: null,
  rawNumber: null,
  displayName: null,
  endpointRef: null,
  accountKey: account,
  ...fields,
})

/** An answered call from outside; who took it, and its way, are left to the detail. */
export function call(account: string, id: string, fields: Partial<CallRecord> = {}): CallRecord {
  return {
    ...resource(account, id),
    __typename: 'CallRecord',
    id: globalId('CallRecord', account, id),
    kind: CallKind.VOICE,
    direction: CallDirection.INBOUND,
    caller: party(account, { number: '+905550000001', rawNumber: '905550000001' }),
    callee: party(account, { number: '+902120000001', rawNumber: '902120000001' }),
    startedAt: '2026-02-11T07:00:00.000Z',
    answeredAt: '2026-02-11T07:00:05.000Z',
    endedAt: '2026-02-11T07:01:00.000Z',
    durationSeconds: 60,
    waitSeconds: 5,
    talkSeconds: 55,
    disposition: CallDisposition.ANSWERED,
    nativeDisposition: 'recv_bye',
    nativeHangupCause: 'NORMAL_CLEARING',
    hangupParty: HangupParty.CALLER,
    recordings: [
      {
        __typename: 'Recording',
        id: globalId('Recording', account, id),
        accountKey: account,
        nativeName: id,
        status: RecordingStatus.AVAILABLE,
        mimeType: null,
      },
    ],
    cost: null,
    didRef: { kind: 'Did', number: '+902120000001', rawNumber: '902120000001' },
    answeredByRef: undefined,
    groupRefs: undefined,
    steps: undefined,
    ...fields,
  }
}

export const many = <T>(count: number, make: (id: string) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(String(at + 1)))
