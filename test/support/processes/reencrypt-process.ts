import { keyring } from '../../../src/store/keyring.js'
import { openDialect } from '../../../src/store/open-store.js'
import { reencryptRows } from '../../../src/store/sql/reencrypt.js'

export interface ReencryptSettings {
  readonly store: string
  readonly keys: readonly string[]
  /** Share of the rows after which it kills itself with SIGKILL. */
  readonly share: number
}

/**
 * `reencrypt-process.ts <settings>`: reencrypts, and is killed on
 * the way.
 */
const { store, keys, share } = JSON.parse(process.argv[2]!) as ReencryptSettings
await reencryptRows(await openDialect(store), keyring(keys), ({ seen, all }) => {
  if (seen >= share * all) process.kill(process.pid, 'SIGKILL')
})
