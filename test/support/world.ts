import { setMaxListeners } from 'node:events'

import type { LoginEvent } from '../../src/auth/login-event.js'
import { TokenManager } from '../../src/auth/token-manager.js'
import type { Emulator, EmulatorOptions } from '../../src/emulator/emulator.js'
import { createSender } from '../../src/http/wire/send.js'
import { createStreamer } from '../../src/http/wire/stream.js'
import type { ConnectedAccount } from '../../src/providers/account.js'
import { Operation } from '../../src/operation.js'
import type { Provider } from '../../src/providers/provider.js'
import { connectAccount } from '../../src/server/accounts/connect-account.js'
import { checkConfig } from '../../src/server/config/config.js'
import { memoryStore } from '../../src/store/memory.js'
import type { TokenStore } from '../../src/store/token-store.js'

/** Our side's clock, moved together with the emulator's. */
export interface WorldClock {
  now(): number
  monotonic(): number
  /** Time passes for us and for the provider. */
  advance(seconds: number): void
}

/** One provider's emulator with accounts of ours joined to it, without the server around them. */
export interface World<E extends Emulator = Emulator> {
  readonly emulator: E
  readonly clock: WorldClock
  readonly events: LoginEvent[]
  readonly store: TokenStore
  /** An account by the name the emulator gives it; `key` makes a second one of the same. */
  account(name: string, key?: string): ConnectedAccount
  close(): Promise<void>
}

/** A Wednesday morning: the story is the same whenever the tests run. */
const STORY_END = Date.parse('2026-02-11T09:30:00Z')

export interface WorldOptions extends EmulatorOptions {
  readonly limits?: Readonly<Record<string, number>>
  readonly store?: TokenStore
}

export async function createWorld<E extends Emulator = Emulator>(
  provider: Provider,
  { limits = {}, store, ...options }: WorldOptions = {},
): Promise<World<E>> {
  const emulator = (await (await provider.emulator())({ scale: 0.05, storyEnd: STORY_END, ...options })) as E
  let moved = 0
  const clock: WorldClock = {
    now: () => Date.now() + moved,
    monotonic: () => performance.now() + moved,
    advance(seconds) {
      moved += seconds * 1000
      emulator.clock.advance(seconds * 1000)
    },
  }
  const events: LoginEvent[] = []
  const known = new Map<string, ConnectedAccount>()
  const { limits: allLimits } = checkConfig({ limits, accounts: [] }, [provider])
  const sender = createSender(allLimits, clock)
  const streamer = createStreamer(allLimits, clock)
  const kept = store ?? memoryStore(clock.monotonic)
  const manager = new TokenManager({
    store: kept,
    send: sender.send,
    clock,
    limits: allLimits,
    log: (event) => events.push(event),
    random: () => 0.5,
  })
  return {
    emulator,
    clock,
    events,
    store: kept,
    account(name, key = name.toLowerCase()) {
      const joined = known.get(key) ?? join(name, key)
      known.set(key, joined)
      return joined
    },
    async close() {
      await Promise.all([sender.close(), streamer.close()])
      await emulator.close()
    },
  }

  function join(name: string, key: string): ConnectedAccount {
    const entry = emulator.accounts[name]
    if (!entry)
      throw new Error(
        `the emulator of ${provider.slug} has no account ${name}, only ${Object.keys(emulator.accounts).join(', ')}`,
      )
    const [account] = checkConfig({ accounts: [{ id: key, ...entry }] }, [provider]).accounts
    return connectAccount(account!, { manager, send: sender.send, openStream: streamer.open, limits: allLimits, clock })
  }
}

let operations = 0

/** A new operation: nothing read before is shared with it. */
export function operation(signal: AbortSignal = new AbortController().signal): Operation {
  setMaxListeners(0, signal)
  return new Operation({ requestId: `operation-${++operations}`, signal })
}
