import { callLogLoader, type CallLogLoader } from '../../../src/loaders/calls/log.js'
import type {
  CallGapRequest,
  CallLogAccount,
  CallLogRequest,
  CallRecordPage,
} from '../../../src/loaders/calls/request.js'
import { cursorSigner, type CursorSigner } from '../../../src/loaders/cursor.js'
import { Bulkhead } from '../../../src/bulkhead.js'
import {
  CallDirection,
  CallDisposition,
  CallKind,
  RecordingStatus,
  type CallRecord,
} from '../../../src/model/call-record.js'
import type { Extension } from '../../../src/model/extension.js'
import { globalId } from '../../../src/model/id.js'
import type { Reference } from '../../../src/model/reference.js'
import type { ConnectedAccount } from '../../../src/providers/account.js'
import type { SimulatedLog } from './simulated-log.js'

/** Calls begin here; nothing in these tests looks at the clock on the wall. */
export const BEGINNING = Date.parse('2026-01-05T08:00:00.000Z')
const KEY = Buffer.alloc(32, 7)

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <T>(next: () => number, choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T

export const EXTENSIONS = ['1001', '1002', '1003', '1004', '1005']
export const GROUPS = ['101', '102']
export const DIDS = ['+902120000041', '+902120000042']
export const OUTSIDE = ['+905550000001', '+905550000002', '+420777000111', '+902323333333']

/** A call with nothing said of it but when it began. */
export function call(account: string, native: string, startedAt: number, rest: Partial<CallRecord> = {}): CallRecord {
  const party = { number: null, rawNumber: null, displayName: null, endpointRef: null, accountKey: account }
  return {
    __typename: 'CallRecord',
    id: globalId('CallRecord', account, native),
    accountKey: account,
    providerResourceId: native,
    startedAt: new Date(startedAt).toISOString(),
    kind: CallKind.VOICE,
    direction: CallDirection.INBOUND,
    disposition: CallDisposition.ANSWERED,
    caller: party,
    callee: party,
    durationSeconds: 60,
    recordings: [],
    didRef: null,
    answeredByRef: null,
    groupRefs: [],
    steps: [],
    ...rest,
  } as unknown as CallRecord
}

/**
 * Calls of one account over a stretch of `seconds`; the fewer the seconds, the more of them begin
 * in the same one.
 */
export function calls(account: string, count: number, seconds: number, seed: number): CallRecord[] {
  const next = random(seed)
  return Array.from({ length: count }, (_, index) =>
    call(
      account,
      `${index.toString(36)}-${Math.floor(next() * 1e6)}`,
      BEGINNING + Math.floor(next() * seconds) * 1000,
      madeFields(account, next),
    ),
  )
}

/** A random tale in which every field of a filter finds something. */
function madeFields(account: string, next: () => number): Partial<CallRecord> {
  const direction = pick(next, [CallDirection.INBOUND, CallDirection.OUTBOUND, CallDirection.INTERNAL])
  const [one, other, did, outside] = [
    pick(next, EXTENSIONS),
    pick(next, EXTENSIONS),
    pick(next, DIDS),
    pick(next, OUTSIDE),
  ]
  const extension = (number: string): Reference => ({ kind: 'Extension', number })
  const inside = (number: string) => ({
    number: null,
    rawNumber: number,
    displayName: null,
    endpointRef: extension(number),
    accountKey: account,
  })
  const publicly = (number: string, endpointRef: Reference | null = null) => ({
    number,
    rawNumber: number.slice(1),
    displayName: null,
    endpointRef,
    accountKey: account,
  })
  const didRef: Reference = { kind: 'Did', number: did, rawNumber: did.slice(1) }
  const shared = {
    direction,
    kind: next() < 0.9 ? CallKind.VOICE : CallKind.FAX,
    disposition: pick(next, [CallDisposition.ANSWERED, CallDisposition.MISSED, CallDisposition.BUSY]),
    durationSeconds: next() < 0.05 ? null : Math.floor(next() * 600),
    recordings: next() < 0.3 ? [{ status: next() < 0.7 ? RecordingStatus.AVAILABLE : RecordingStatus.DELETED }] : [],
  } as unknown as Partial<CallRecord>
  if (direction === CallDirection.INTERNAL)
    return { ...shared, caller: inside(one), callee: inside(other), answeredByRef: extension(other) }
  if (direction === CallDirection.OUTBOUND)
    return { ...shared, caller: publicly(did, didRef), callee: publicly(outside), didRef }
  const rang = [one, other].map((number) => ({ targetRef: extension(number) }))
  return {
    ...shared,
    caller: publicly(outside),
    callee: publicly(did, didRef),
    didRef,
    answeredByRef: shared.disposition === CallDisposition.ANSWERED ? extension(one) : null,
    groupRefs: next() < 0.5 ? [{ kind: 'Group', number: pick(next, GROUPS) }] : [],
    steps: rang as unknown as CallRecord['steps'],
  }
}

export interface World {
  /** By account key; null: a provider without a call log. */
  readonly logs: ReadonlyMap<string, SimulatedLog | null>
  now?: () => number
  readonly limits?: {
    readonly pageSize?: number
    readonly detailConcurrency?: number
    readonly providerRequestsPerOperation?: number
  }
  readonly key?: Buffer
  readonly cursors?: CursorSigner
  readonly workspace?: string
  readonly onDefect?: (error: unknown) => void
  /** The id of the only extension whose calls are listed; absent: all calls are. */
  readonly own?: string
}

/** A server just started: nothing is left of any earlier request but the key that signs cursors. */
export function operation(world: World): CallLogLoader {
  const accounts = new Map([...world.logs].map(([key, log]) => [key, account(key, log)]))
  return callLogLoader({
    accounts,
    workspace: world.workspace ?? 'default',
    cursors: world.cursors ?? cursorSigner(world.key ?? KEY),
    limits: { pageSize: 100, detailConcurrency: 5, providerRequestsPerOperation: 100_000, ...world.limits },
    now: world.now ?? (() => BEGINNING + 365 * 86_400_000),
    onDefect: world.onDefect,
    own: world.own === undefined ? null : () => ({ id: world.own }) as Extension,
  })
}

export type PageRequest = Partial<CallLogRequest>

/** One page, as one request to a server just started. */
export const page = (world: World, request: PageRequest): Promise<CallRecordPage> =>
  operation(world).connection({ criteria: [], order: 'DESC', onSourceFailure: 'PARTIAL', wantsMore: true, ...request })

/** One page of what a retry cursor stands for, as one request to a server just started. */
export const gapPage = (
  world: World,
  cursor: string,
  request: Partial<Omit<CallGapRequest, 'cursor'>> = {},
): Promise<CallRecordPage> => operation(world).gap({ cursor, first: 100, wantsMore: true, ...request })

/** Everything, by brute force, in the order asked. */
export function everything(
  { logs }: World,
  order: 'ASC' | 'DESC',
  matches: (call: CallRecord) => boolean = () => true,
): CallRecord[] {
  const all = [...logs.values()].flatMap((log) => log?.calls.filter(matches) ?? [])
  const key = (one: CallRecord) => [one.startedAt, one.accountKey, one.id] as const
  return all
    .map((one) => ({ one, key: key(one) }))
    .sort((left, right) => {
      const at = left.key.findIndex((part, index) => part !== right.key[index])
      if (at < 0) return 0
      const isLess = (left.key[at] as string) < (right.key[at] as string)
      return isLess === (order === 'ASC') ? -1 : 1
    })
    .map(({ one }) => one)
}

export const ids = (list: readonly CallRecord[]): readonly string[] => list.map(({ id }) => id)

function account(key: string, log: SimulatedLog | null): CallLogAccount {
  const found = <T>(item: object) => ({ providerResourceId: key, displayName: null, name: null, ...item }) as T
  return {
    account: {
      key,
      id: globalId('Account', key),
      provider: { name: `Provider of ${key}`, capabilities: [] },
    } as unknown as ConnectedAccount,
    pool: new Bulkhead(5),
    extensions: {
      existing: (id) =>
        EXTENSIONS.includes(id.slice(1)) ? found({ providerResourceId: id, number: id.slice(1) }) : null,
      list: () => ({ all: () => EXTENSIONS.map((number) => found({ providerResourceId: `x${number}`, number })) }),
    },
    groups: {
      existing: (id) =>
        GROUPS.includes(id.slice(1)) ? found({ providerResourceId: id, internalNumber: id.slice(1) }) : null,
      value: () => null,
      find: () => null,
    },
    dids: {
      existing: (id) =>
        DIDS.includes(id.slice(1))
          ? found({ providerResourceId: id, number: id.slice(1), rawNumber: id.slice(2) })
          : null,
    },
    open: ({ onRequest = () => {} } = {}) => ({
      profile: () => Promise.reject(new Error('not asked')),
      callRecords: log?.log(onRequest),
    }),
  }
}
