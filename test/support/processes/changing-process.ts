import { openStore } from '../../../src/store/open-store.js'
import type { StoredChange, WriteRequest } from '../../../src/store/write-store.js'

export interface ChangingSettings {
  readonly store: string
  readonly keys: readonly string[]
  readonly change: StoredChange
  readonly request: Pick<WriteRequest, 'id' | 'owner' | 'input' | 'expiresAt'>
}

/**
 * `changing-process.ts <settings>`: begins a change as if it were
 * about to be sent, says so, and waits to be killed.
 */
const { store: url, keys, change, request } = JSON.parse(process.argv[2]!) as ChangingSettings
const store = await openStore(url, keys)
const isClaimed = (await store.claimWrite(request, 0)) === null
if (!isClaimed || !(await store.beginChange(change, request))) process.exit(1)
process.send!('begun')
setInterval(() => {}, 60_000)
