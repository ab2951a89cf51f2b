import type { LiveAccount } from '../../src/live/live-account.js'
import { CallDirection, type CallParty, type CallRecord } from '../../src/model/call-record.js'
import { has, ResourceKind, ResourceOperation } from '../../src/model/capability.js'
import type { CurrentCall, CurrentCalls } from '../../src/providers/live.js'
import type { CallPage } from '../../src/providers/provider.js'
import { phone } from './facts.js'

const nobody: CallParty = { number: null, rawNumber: null, displayName: null, endpointRef: null, accountKey: 'izmir' }

export const current = (callId: string, state: CurrentCall['state'], target: string | null = null): CurrentCall => ({
  callId,
  state,
  nativeState: state,
  direction: CallDirection.INBOUND,
  caller: nobody,
  callee: nobody,
  didRef: null,
  targetRef: target === null ? null : phone(target),
  startedAt: null,
})

export interface FakeAccount {
  readonly account: LiveAccount
  /** What its provider answers; an Error fails. */
  calls: CurrentCalls | Error
  records: readonly Partial<CallRecord>[]
  recordsError: Error | null
  health: ReturnType<LiveAccount['health']>
  /** Whether requests of clients wait for their turn. */
  isCrowded: boolean
  /** What was read: `calls` or `records`. */
  readonly reads: string[]
}

/** An account whose provider is this object; no request leaves. */
export function fakeAccount(live: Partial<LiveAccount['live']> = {}): FakeAccount {
  const provider = {
    slug: 'fake',
    capabilities: [
      ...has(ResourceKind.LIVE_CALL, [ResourceOperation.LIST]),
      ...has(ResourceKind.CALL_RECORD, [ResourceOperation.LIST]),
    ],
  }
  const fake: FakeAccount = {
    calls: { calls: [], unreadable: 0 },
    records: [],
    recordsError: null,
    health: { circuit: 'CLOSED', rateLimitResetAt: null, lastSuccessAt: null, lastFailureAt: null },
    isCrowded: false,
    reads: [],
    account: {
      key: 'izmir',
      workspace: 'default',
      provider,
      live: { webhook: false, pollSeconds: 3, always: false, ...live },
      health: () => fake.health,
      isCrowded: () => fake.isCrowded,
      source: () => ({
        async currentCalls() {
          fake.reads.push('calls')
          if (fake.calls instanceof Error) throw fake.calls
          return fake.calls
        },
        callRecords: {
          async *pages(): AsyncIterable<Partial<CallPage>> {
            fake.reads.push('records')
            if (fake.recordsError) throw fake.recordsError
            yield { calls: fake.records as readonly CallRecord[], totalCount: null, hint: null }
          },
        },
      }),
    } as unknown as LiveAccount,
  }
  return fake
}

/** A clock that stands until it is moved. */
export function standingClock(start = Date.parse('2026-12-01T09:00:00.000Z')) {
  let time = start
  return {
    now: () => time,
    monotonic: () => time - start,
    advance: (milliseconds: number) => void (time += milliseconds),
  }
}
