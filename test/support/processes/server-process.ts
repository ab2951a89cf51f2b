import 'reflect-metadata'

import type { ArchiveSettings } from '../../../src/archive/archived-account.js'
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
  /** Also such as no configuration may have. Absent: its calls are not archived. */
  readonly archive?: Partial<ArchiveSettings>
}

/**
 * A whole server with one account, whose clocks its parent moves: `server-process.ts <settings>`.
 */
const { store, keys, account, ahead, archive } = JSON.parse(process.argv[2]!) as ServerProcessSettings
let moved = ahead * 1_000
const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
const config = checkConfig(
  {
    server: { port: 0, explore: false },
    store: { url: store, encryptionKeys: keys },
    // Hundreds of queries at once on a busy machine must not meet the deadline.
    limits: { operationTimeoutMs: 60_000, providerTimeoutMs: 30_000, tokenTimeoutMs: 12_000 },
    accounts: [{ id: 'shared', ...account, ...(archive && { archive: {} }) }],
  },
  providers,
  { environment: {} },
)
const accounts = config.accounts.map((one) => ({ ...one, archive: one.archive && { ...one.archive, ...archive } }))
const server = await startServer(
  { ...config, accounts },
  {
    ...{ providers, clock, log: createLog({ write: () => true }) },
  },
)
process.on('message', (seconds: number) => {
  moved += seconds * 1_000
  process.send!('moved')
})
process.send!({ url: server.url })
