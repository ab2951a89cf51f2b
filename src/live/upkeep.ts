import type { Clock } from '../clock.js'
import type { Store } from '../store/store.js'
import { endInferred } from './call-history.js'
import type { LiveAccount } from './live-account.js'
import { callOf, CALLS, type Recorder } from './recorder.js'

const HOUR_MS = 3_600_000

/** A call of which nothing is heard for so long has ended, and its end was lost. */
export const ENDLESS_MS = 4 * HOUR_MS

export interface UpkeepOptions {
  readonly store: Pick<Store, 'openStreams' | 'forgetEvents' | 'forgetChanges'>
  readonly recorder: Pick<Recorder, 'add' | 'close'>
  readonly clock: Pick<Clock, 'now'>
  /** How long events are kept. */
  readonly retentionMs: number
  /** How long the record of changes at providers is kept. */
  readonly changesMs: number
}

/**
 * Ends the calls whose end was lost, closes those whose account is gone, and forgets what is older
 * than the log, or the record of changes, is kept. Any process may do so, several at once too.
 */
export async function keepUp(accounts: readonly LiveAccount[], options: UpkeepOptions): Promise<void> {
  const { store, recorder, clock, retentionMs, changesMs } = options
  const now = clock.now()
  const byKey = new Map(accounts.map((account) => [account.key, account]))
  const { streams } = await store.openStreams(CALLS)
  for (const stream of streams) {
    const account = byKey.get(stream.account)
    if (account?.workspace !== stream.workspace) {
      await recorder.close(stream)
      continue
    }
    const { call } = callOf(stream)
    if (call.state !== 'ENDED' && now - stream.changedAt >= ENDLESS_MS)
      await recorder.add(account, [endInferred(call.providerCallId, null)])
  }
  await store.forgetEvents(now - retentionMs)
  await store.forgetChanges(now - changesMs, now)
}
