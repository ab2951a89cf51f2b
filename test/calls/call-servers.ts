import { systemClock, type Clock } from '../../src/clock.js'
import { startBulutfonEmulator, type BulutfonEmulator } from '../../src/providers/bulutfon/emulator/emulator.js'
import { providers } from '../../src/providers/index.js'
import { startIpexEmulator, type IpexEmulator } from '../../src/providers/ipex/emulator/emulator.js'
import type { SandboxAccount } from '../../src/sandbox.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer, type RunningServer } from '../../src/server/server.js'

/** The two providers that have calls, each with two customers. */
export interface CallEmulators {
  readonly bulutfon: BulutfonEmulator
  readonly ipex: IpexEmulator
  /** Logins that any number of servers can use at once. */
  readonly accounts: readonly SandboxAccount[]
  close(): Promise<void>
}

export async function startCallEmulators(options: {
  readonly scale: number
  readonly now: number
}): Promise<CallEmulators> {
  const [bulutfon, ipex] = [await startBulutfonEmulator(options), await startIpexEmulator(options)]
  for (const { clock } of [bulutfon, ipex]) clock.set(options.now)
  return {
    ...{ bulutfon, ipex },
    accounts: [
      { id: 'izmir', ...bulutfon.accounts['password']! },
      { id: 'antalya', ...bulutfon.accounts['otherPassword']! },
      { id: 'praha', ...ipex.accounts.password },
      { id: 'vorlik', ...ipex.accounts.other },
    ],
    close: async () => void (await Promise.all([bulutfon.close(), ipex.close()])),
  }
}

/** A whole server over these accounts; `key` signs its cursors. */
export function serveCalls(
  accounts: readonly SandboxAccount[],
  { key, clock = systemClock }: { readonly key?: string; readonly clock?: Clock } = {},
): Promise<RunningServer> {
  const store = { url: 'memory:', ...(key !== undefined && { encryptionKeys: [key] }) }
  const document = { server: { port: 0 }, store, limits: { cacheBytes: 0 }, accounts }
  const config = checkConfig(document, providers, { environment: {} })
  return startServer(config, { providers, clock, log: createLog({ write: () => true }) })
}
