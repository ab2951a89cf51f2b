import 'reflect-metadata'

import type { EmulatedAccount } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'

export interface ServerProcessSettings {
  readonly store: string
  readonly keys: readonly string[]
  readonly account: EmulatedAccount
  /** How far both of its clocks are ahead, in seconds. */
  readonly ahead: number
}

/**
 * A whole server with one account, whose clocks its parent moves: `node --import ./typescript.mjs
 * server-process.ts <settings>`.
 */
const { store, keys, account, ahead } = JSON.parse(process.argv[2]!) as ServerProcessSettings
let moved = ahead * 1_000
const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
const config = checkConfig(
  {
    server: { port: 0, explore: false },
    store: { url: store, encryptionKeys: keys },
    // Hundreds of queries at once on a busy machine must not meet the deadline.
    limits: { operationTimeoutMs: 60_000, providerTimeoutMs: 30_000, tokenTimeoutMs: 12_000 },
    accounts: [{ id: 'shared', ...account }],
  },
  providers,
  { environment: {} },
)
const server = await startServer(config, { providers, clock, log: createLog({ write: () => true }) })
process.on('message', (seconds: number) => {
  moved += seconds * 1_000
  process.send!('moved')
})
process.send!({ url: server.url })
