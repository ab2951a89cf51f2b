import { ConfigurationError } from '../errors.js'
import { keyring, SealBroken } from '../store/keyring.js'
import { openDialect, openStore } from '../store/open-store.js'
import { reencryptRows, type ReencryptProgress } from '../store/sql/reencrypt.js'
import type { Config } from '../server/config/config.js'
import { storeProblem } from '../server/config/open-store.js'

/**
 * Seals everything in the configured store under the first of its keys; says how many rows it moved. Throws ConfigurationError for a
 * store that does not open, holds a row none of the keys opens, or keeps nothing.
 */
export async function reencryptStore(
  { file, store: { url, encryptionKeys } }: Config,
  onProgress: (progress: ReencryptProgress) => void,
): Promise<number> {
  const told = (problem: string) => new ConfigurationError(file ?? 'The configuration', [problem])
  if (url === 'memory:') throw told('store.url: memory: keeps nothing that could be sealed')
  try {
    // Opened once as a server opens it, so that keys and tables are known to be right.
    await (await openStore(url, encryptionKeys)).close()
    const dialect = await openDialect(url)
    try {
      return await reencryptRows(dialect, keyring(encryptionKeys), onProgress)
    } finally {
      await dialect.db.destroy()
    }
  } catch (error) {
    if (error instanceof SealBroken)
      throw told(`store.encryptionKeys: ${error.message}. Every key that sealed a row must be among them.`)
    throw told(storeProblem(url, error))
  }
}
