import { existsSync } from 'node:fs'

import { ConfigurationError } from '../../errors.js'
import { SealBroken } from '../../store/keyring.js'
import { LaterVersion } from '../../store/later-version.js'
import { openStore } from '../../store/open-store.js'
import type { Store } from '../../store/store.js'
import type { Config } from './config.js'

/**
 * Opens the configured store.
 * @throws ConfigurationError, by key, when it cannot be reached or decrypted.
 */
export async function openConfiguredStore(config: Config): Promise<Store> {
  const { url, encryptionKeys } = config.store
  try {
    return await openStore(url, encryptionKeys)
  } catch (error) {
    throw new ConfigurationError(config.file ?? 'The configuration', [storeProblem(url, error)])
  }
}

/** Whether the store exists: opening a missing SQLite file would create it. */
export const isStoreBegun = ({ store: { url } }: Config): boolean =>
  !url.startsWith('sqlite:') || existsSync(url.slice('sqlite:'.length))

/**
 * A driver's message may quote the address, and with it a password: only its error code is shown.
 */
export function storeProblem(url: string, error: unknown): string {
  if (error instanceof SealBroken) {
    return `store.encryptionKeys: none of these keys opens the store (${error.message}). Put the key it was sealed with among them; nothing was changed.`
  }
  if (error instanceof RangeError) return error.message
  const code = codeOf(error)
  const what = url.startsWith('sqlite:') ? `the file ${url.slice('sqlite:'.length)}` : `the database at ${placeOf(url)}`
  if (error instanceof LaterVersion) {
    return `store.url: ${what} has been used by a later version of this server (${error.migration}). Start that version, or bring back a copy from before; nothing was changed.`
  }
  return `store.url: ${what} cannot be opened${code ? ` (${code})` : ''}. ${ADVICE[code] ?? 'Check that it is there, and that this process may use it.'}`
}

const ADVICE: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'It is not a database of this server.',
  SQLITE_CORRUPT: 'It is damaged: bring back a copy of it. It was left as it is.',
  '28P01': 'The password is refused.',
  '3D000': 'There is no such database.',
}

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly { code?: unknown }[] }
  const first = code ?? errors?.[0]?.code
  return typeof first === 'string' && /^[A-Z0-9_]{1,40}$/.test(first) ? first : ''
}

const placeOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'the address given')
