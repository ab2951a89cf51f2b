import type { LoginEvent } from '../../../src/auth/login-event.js'
import { TokenManager } from '../../../src/auth/token-manager.js'
import type { Clock } from '../../../src/clock.js'
import type { EmulatedAccount } from '../../../src/emulator/emulator.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createStreamer } from '../../../src/http/wire/stream.js'
import { providers } from '../../../src/providers/index.js'
import { connectAccount, type JoinedAccount } from '../../../src/server/accounts/connect-account.js'
import { checkConfig } from '../../../src/server/config/config.js'
import type { Store } from '../../../src/store/store.js'
import { query } from './query.js'

export interface JoinedLogin {
  readonly account: JoinedAccount
  readonly events: readonly LoginEvent[]
  query(timeoutMs?: number): Promise<string>
  /** Stores what is in progress; the store stays open. */
  close(): Promise<void>
}

/**
 * One account at an emulator with a token manager of its own, as each of several processes has it.
 */
export function joinLogin(entry: EmulatedAccount, store: Store, clock: Clock, limits: object = {}): JoinedLogin {
  const events: LoginEvent[] = []
  const config = checkConfig(
    { limits: { providerConcurrency: 64, ...limits }, accounts: [{ id: 'shared', ...entry }] },
    providers,
    {
      environment: {},
    },
  )
  const sender = createSender(config.limits, clock)
  const streamer = createStreamer(config.limits, clock)
  const manager = new TokenManager({
    store,
    send: sender.send,
    clock,
    limits: config.limits,
    log: (event) => void events.push(event),
  })
  const services = { manager, send: sender.send, openStream: streamer.open, limits: config.limits, clock }
  const account = connectAccount(config.accounts[0]!, { ...services, publicUrl: () => 'http://127.0.0.1:4000' })
  return {
    account,
    events,
    query: async (timeoutMs) => {
      const outcome = await query(account, timeoutMs)
      await manager.settle()
      return outcome
    },
    async close() {
      await manager.settle()
      await Promise.all([sender.close(), streamer.close()])
    },
  }
}

/** Wall and monotonic clock, moved by the test. */
export function movedClock(): Clock & { advance(seconds: number): void } {
  let moved = 0
  return {
    now: () => Date.now() + moved,
    monotonic: () => performance.now() + moved,
    advance: (seconds) => void (moved += seconds * 1_000),
  }
}
