import 'reflect-metadata'

import { openStore } from '../../../src/store/open-store.js'
import { accountOf, making } from '../../exports/making.js'

export interface ExportProcessSettings {
  readonly store: string
  readonly keys: readonly string[]
  /** Chunks that are stored before it stands still. */
  readonly chunks: number
}

/**
 * Makes files of exports, and stands still with a chunk in its hands that is not stored: `export-process.ts <settings>`.
 */
const { store: url, keys, chunks } = JSON.parse(process.argv[2]!) as ExportProcessSettings
const store = await openStore(url, keys)
const { exports } = making(
  {
    ...store,
    async changeExport(id, revision, change) {
      if (change.chunk?.position !== chunks) return store.changeExport(id, revision, change)
      process.send!('stands')
      return new Promise(() => {})
    },
  },
  [accountOf()],
)
exports.open()
setInterval(() => {}, 60_000)
