import { keyring } from '../../../src/store/keyring.js'
import { openDialect } from '../../../src/store/open-store.js'
import { reencryptRows } from '../../../src/store/sql/reencrypt.js'

export interface ReencryptSettings {
  readonly store: string
  readonly keys: readonly string[]
  /** After which part of the rows it dies, by kill -9. */
  readonly share: number
}

/** `node --import ./typescript.mjs reencrypt-process.ts <settings>`: seals anew, and dies in the middle of it. */
const { store, keys, share } = JSON.parse(process.argv[2]!) as ReencryptSettings
await reencryptRows(await openDialect(store), keyring(keys), ({ seen, all }) => {
  if (seen >= share * all) process.kill(process.pid, 'SIGKILL')
})
