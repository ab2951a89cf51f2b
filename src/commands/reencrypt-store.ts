import { ConfigurationError } from '../errors.js'
import { keyring, SealBroken } from '../store/keyring.js'
import { openDialect, openStore } from '../store/open-store.js'
import { reencryptRows, type ReencryptProgress } from '../store/sql/reencrypt.js'
import type { Config } from '../server/config/config.js'
import { storeProblem } from '../server/config/open-store.js'

/**
 * Seals everything in the configured store with the first of its keys. Returns the number of rows
 * it sealed.
 * @throws ConfigurationError for a store that does not open, keeps nothing, or holds a row that
 * none of the keys opens
 */
export async function reencryptStore(
  { file, store: { url, encryptionKeys } }: Config,
  onProgress: (progress: ReencryptProgress) => void,
): Promise<number> {
  const refused = (problem: string) => new ConfigurationError(file ?? 'The configuration', [problem])
  if (url === 'memory:') throw refused('store.url: memory: keeps nothing that could be sealed')
  try {
    // Opened once as a server opens it, which checks the keys and migrates the tables.
    await (await openStore(url, encryptionKeys)).close()
    const dialect = await openDialect(url)
    try {
      return await reencryptRows(dialect, keyring(encryptionKeys), onProgress)
    } finally {
      await dialect.db.destroy()
    }
  } catch (error) {
    if (error instanceof SealBroken)
      throw refused(`store.encryptionKeys: ${error.message}. Every key that sealed a row must be among them.`)
    throw refused(storeProblem(url, error))
  }
}
