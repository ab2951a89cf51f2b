import { randomUUID } from 'node:crypto'

import { supportOf, SupportLevel } from '../model/capability.js'
import { Operation } from '../operation.js'
import type { ConnectedAccount } from '../providers/account.js'

/** How an account's calls are followed, as its configuration says. */
export interface LiveSettings {
  /** Whether the provider delivers events here; false where it has no webhooks. */
  readonly webhook: boolean
  /** Seconds between two looks at the calls under way; 0: never. */
  readonly pollSeconds: number
  /** Whether it is looked at while nobody asks. */
  readonly always: boolean
}

/** An account whose calls are followed. */
export interface LiveAccount extends ConnectedAccount {
  readonly live: LiveSettings
  /** Whether requests to its provider wait for their turn. */
  isCrowded(): boolean
}

/** Whether anything at all says what its calls do. */
export const canTell = (account: LiveAccount): boolean => account.live.webhook || isPolled(account)

/** Whether the calls under way are listed by its provider, and may be looked at. */
export const isPolled = ({ live, provider }: LiveAccount): boolean =>
  live.pollSeconds > 0 && supportOf(provider.capabilities, 'LIVE_CALL', 'LIST') === SupportLevel.NATIVE

/** Whether its provider has a call log, in which the record of an ended call appears. */
export const hasCallLog = ({ provider }: Pick<ConnectedAccount, 'provider'>): boolean =>
  supportOf(provider.capabilities, 'CALL_RECORD', 'LIST') !== SupportLevel.UNSUPPORTED

/** An operation of ours: nothing that is cached answers it, and no client waits for it. */
export function ownOperation(timeoutMs: number): Operation {
  return new Operation({
    requestId: `live-${randomUUID()}`,
    signal: AbortSignal.timeout(timeoutMs),
    endsAt: performance.now() + timeoutMs,
    demand: { maxAgeMs: 0, staleMs: 0, keep: true },
  })
}

/**
 * Milliseconds for which an account is to be spared: its provider has asked us to wait, or its
 * requests fail. 0: it may be asked.
 */
export function sparedFor(account: LiveAccount, now: number, pauseMs: number): number {
  const { circuit, rateLimitResetAt } = account.health()
  const wait = rateLimitResetAt === null ? 0 : Date.parse(rateLimitResetAt) - now
  return Math.max(0, wait, circuit === 'OPEN' ? pauseMs : 0)
}
