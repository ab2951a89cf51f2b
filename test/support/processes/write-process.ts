import 'reflect-metadata'

import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import { openStore } from '../../../src/store/open-store.js'
import type { Store } from '../../../src/store/store.js'
import type { WritePoint } from './write-point.js'

export interface WriteProcessSettings {
  readonly store: string
  readonly keys: readonly string[]
  /** Entries of the configuration. */
  readonly accounts: readonly object[]
  /** Where each write stands still, by a text of its input. */
  readonly points: Readonly<Record<string, WritePoint>>
}

/** What it says: where it listens, then the text of each write that stands still. */
export type WriteProcessSaid = { readonly url: string } | { readonly stands: string }

/**
 * A whole server whose writes stand still at points: `write-process.ts <settings>`.
 */
const { store: url, keys, accounts, points } = JSON.parse(process.argv[2]!) as WriteProcessSettings
// What stands still at its provider takes none of the time, and none of the places, of the others.
const LIMITS = { operationTimeoutMs: 60_000, providerTimeoutMs: 60_000, providerConcurrency: 64 }
const config = checkConfig({ server: { port: 0, explore: false }, limits: LIMITS, accounts }, providers, {
  environment: {},
})
const store = standingStill(await openStore(url, keys))
const server = await startServer(config, { providers, store, log: createLog({ write: () => true }) })
say({ url: server.url })

function say(said: WriteProcessSaid): void {
  process.send!(said)
}

function standingStill(inner: Store): Store {
  /** The text of a write's input, by its request and then by its change. */
  const texts = new Map<string, string>()
  const standAt = async (point: WritePoint, text: string | undefined) => {
    if (text === undefined || points[text] !== point) return
    say({ stands: text })
    await new Promise(() => {})
  }
  return {
    ...inner,
    async claimWrite(request, now) {
      const text = Object.keys(points).find((one) => request.input.includes(JSON.stringify(one)))
      if (text !== undefined) texts.set(request.id, text)
      await standAt('before the claim', text)
      const standing = await inner.claimWrite(request, now)
      await standAt('after the claim', text)
      return standing
    },
    async beginChange(change, request) {
      const text = texts.get(request?.id ?? '')
      if (text !== undefined) texts.set(change.id, text)
      await standAt('before it begins', text)
      const begun = await inner.beginChange(change, request)
      await standAt('before it is sent', text)
      return begun
    },
    async endChange(id, end, answered) {
      const text = texts.get(id)
      await standAt(answered ? 'before its stored answer' : 'before its record', text)
      await inner.endChange(id, end, answered)
      if (answered) await standAt('after its stored answer', text)
    },
  }
}
