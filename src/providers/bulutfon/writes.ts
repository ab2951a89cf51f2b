import type { Rest } from '../../http/rest.js'
import type { AccountFacts } from '../provider.js'
import type { Writes } from '../writes.js'
import { callAndBridge } from './writes/call-and-bridge.js'
import { createExtension, deleteExtension, updateExtension } from './writes/extension.js'
import { ExtensionReads } from './writes/extension-reads.js'
import { saidBy } from './writes/said.js'

/**
 * What can be changed: extensions; and a call can be placed. Every body is JSON, and holds what was
 * said and nothing else. Source: github.com/bulutfon/documents, `API/endpoints`; the shapes of the
 * answers are not documented, so none is relied on.
 */
export function bulutfonWrites(rest: Rest, url: string, account: AccountFacts): Writes {
  const reads = new ExtensionReads(rest, url, account)
  return {
    said: saidBy,
    extensions: {
      create: createExtension(rest, url, reads),
      update: updateExtension(rest, url, reads),
      delete: deleteExtension(rest, url, reads),
    },
    calls: { originate: callAndBridge(rest, url) },
  }
}
