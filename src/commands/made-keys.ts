import Table from 'cli-table3'

import { ConfigurationError } from '../errors.js'
import { isScope, SCOPES, type Scope } from '../graphql/scope.js'
import type { Secret } from '../secret.js'
import type { ApiKeyStore, StoredApiKey } from '../store/api-key-store.js'
import { boundExtension, scopesProblem } from '../server/config/bound-extension.js'
import { WORKSPACE } from '../server/config/schema.js'
import type { Config } from '../server/config/config.js'
import { openConfiguredStore } from '../server/config/open-store.js'
import { idIn, makeApiKey } from '../server/callers/api-key.js'

/** One line of `dialgraph keys list`; holds no secret. */
export interface ApiKeyState {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly scopes: readonly string[]
  /** `<account key>/<internal number>` of the person who has it; null for a key that is nobody's. */
  readonly extension: string | null
  /** ISO 8601. */
  readonly createdAt: string
  readonly revokedAt: string | null
}

export interface NewApiKey {
  readonly name: string
  readonly workspace: string
  /** Separated by commas or spaces. */
  readonly scopes: string
  /** `<account key>/<internal number>`. */
  readonly extension?: string | undefined
}

const LONGEST_NAME = 200

/**
 * Creates a key and stores its digest: the key itself is returned here and never again.
 * @throws ConfigurationError for options that are not valid, or a store that keeps no key
 */
export async function createApiKey(
  config: Config,
  { name, workspace, scopes, extension }: NewApiKey,
): Promise<{ readonly id: string; readonly key: Secret }> {
  const parsedScopes = scopesIn(scopes)
  if (name.trim() === '' || name.length > LONGEST_NAME)
    throw refused(`--name must have 1 to ${LONGEST_NAME} characters`)
  if (!WORKSPACE.test(workspace)) throw refused('--workspace must be 1 to 64 small letters, digits or hyphens')
  if (extension !== undefined && !boundExtension(extension))
    throw refused('--extension must be the key of an account, a slash, and an internal number, as in istanbul/101')
  const problem = scopesProblem(parsedScopes, extension)
  if (problem) throw refused(`--scopes: ${problem}`)
  const { id, key, digest } = makeApiKey()
  const allowed = { workspace, scopes: parsedScopes, extension: extension ?? null }
  await withKeys(config, (store) =>
    store.keepApiKey({ id, name, ...allowed, digest, createdAt: Date.now(), revokedAt: null }),
  )
  return { id, key }
}

/**
 * The keys created by command, the oldest first. `onUnreadable` is called with the id of each that
 * cannot be decrypted.
 * @throws ConfigurationError for a store that keeps no key or does not open
 */
export function listApiKeys(config: Config, onUnreadable: (id: string) => void): Promise<readonly ApiKeyState[]> {
  return withKeys(config, async (store) => (await store.apiKeys(onUnreadable)).map(stateOf))
}

/**
 * Revokes a key; `idOrKey` is its id, or by mistake the whole key. Returns the id.
 * @throws ConfigurationError when no valid key has this id
 */
export async function revokeApiKey(config: Config, idOrKey: string): Promise<string> {
  const id = idIn(idOrKey) ?? idOrKey
  const revoked = await withKeys(config, (store) => store.revokeApiKey(id, Date.now()))
  // Not repeated: it may be a secret of something else.
  if (!revoked) throw refused('no key of this id is good: `dialgraph keys list` shows which there are')
  return id
}

/** A table for a person at a terminal, tab-separated lines for a pipe. */
export function printApiKeys(keys: readonly ApiKeyState[], terminal: boolean): string {
  const rows = keys.map(({ id, name, workspace, scopes, extension, createdAt, revokedAt }) => [
    ...[id, name, workspace, scopes.join(' '), extension ?? '', createdAt],
    revokedAt ?? '',
  ])
  if (!terminal) return rows.map((row) => row.join('\t')).join('\n')
  const head = ['id', 'name', 'workspace', 'scopes', 'extension', 'created', 'revoked']
  const table = new Table({ head, style: { head: ['cyan'] } })
  table.push(...rows)
  return table.toString()
}

async function withKeys<T>(config: Config, work: (store: ApiKeyStore) => Promise<T>): Promise<T> {
  if (config.store.url === 'memory:') {
    const problem = 'store.url: memory: keeps no key. Name another store, or put keys under callers.apiKeys.'
    throw new ConfigurationError(config.file ?? 'The configuration', [problem])
  }
  const store = await openConfiguredStore(config)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function scopesIn(text: string): readonly Scope[] {
  const words = text.split(/[\s,]+/).filter(Boolean)
  if (words.length === 0 || !words.every(isScope)) throw refused(`--scopes must be some of ${SCOPES.join(', ')}`)
  return [...new Set(words)]
}

const refused = (problem: string) => new ConfigurationError('The command', [problem])

const stateOf = ({ id, name, workspace, scopes, extension, createdAt, revokedAt }: StoredApiKey): ApiKeyState => ({
  id,
  name,
  workspace,
  scopes,
  extension: extension ?? null,
  createdAt: new Date(createdAt).toISOString(),
  revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
})
