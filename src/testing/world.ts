import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'

import type { LoginEvent } from '../auth/login-event.js'
import { TokenManager } from '../auth/token-manager.js'
import type { Emulator, EmulatorOptions } from '../emulator/emulator.js'
import { createSender } from '../http/wire/send.js'
import { createStreamer } from '../http/wire/stream.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { DriftReporter } from '../providers/drift.js'
import { Operation } from '../operation.js'
import type { Provider } from '../providers/provider.js'
import { connectAccount } from '../server/accounts/connect-account.js'
import { checkConfig } from '../server/config/config.js'
import { memoryStore } from '../store/memory.js'
import type { TokenStore } from '../store/token-store.js'

/** Our side's clock, moved together with the emulator's. */
export interface WorldClock {
  now(): number
  monotonic(): number
  /** Time passes for us and for the provider. */
  advance(seconds: number): void
}

/** A provider's emulator with accounts joined to it, without the server around them. */
export interface World<E extends Emulator = Emulator> {
  readonly emulator: E
  readonly clock: WorldClock
  /** What became of logins so far. */
  readonly events: readonly LoginEvent[]
  readonly store: TokenStore
  /** An account by the name the emulator gives it; `key` makes a second one of the same. */
  account(name: string, key?: string): ConnectedAccount
  close(): Promise<void>
}

/** A Wednesday morning: the story is the same whenever the tests run. */
const STORY_END = Date.parse('2026-02-11T09:30:00Z')

/** Options of the emulator, and of our side. */
export interface WorldOptions extends EmulatorOptions {
  /** As `limits` of the configuration. */
  readonly limits?: Readonly<Record<string, number>>
  /** Where logins are stored. Default: in memory. */
  readonly store?: TokenStore
  /** Hears of every answer that is not as documented. */
  readonly drift?: DriftReporter
  /** The emulator, where it was started before. */
  readonly emulator?: Emulator
}

/** Starts a provider's emulator and joins its accounts as they are asked for. */
export async function createWorld<E extends Emulator = Emulator>(
  provider: Provider,
  { limits = {}, store, drift, emulator: started, ...options }: WorldOptions = {},
): Promise<World<E>> {
  const factory = async () => (await provider.emulator())({ scale: 0.05, storyEnd: STORY_END, ...options })
  const emulator = (started ?? (await factory())) as E
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
    return connectAccount(account!, {
      ...{ manager, send: sender.send, openStream: streamer.open, limits: allLimits, clock },
      ...(drift && { driftOf: () => drift }),
    })
  }
}

/** A new operation of a client: nothing read before is shared with it. */
export function newOperation(signal: AbortSignal = new AbortController().signal, patienceMs = 0): Operation {
  setMaxListeners(0, signal)
  const endsAt = patienceMs === 0 ? 0 : performance.now() + patienceMs
  return new Operation({ requestId: randomUUID(), signal, endsAt })
}
