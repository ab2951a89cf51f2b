import Table from 'cli-table3'

import { ConfigurationError } from '../errors.js'
import { isScope, SCOPES, type Scope } from '../graphql/scope.js'
import type { Secret } from '../secret.js'
import type { ApiKeyStore, StoredApiKey } from '../store/api-key-store.js'
import { WORKSPACE } from '../server/config/schema.js'
import type { Config } from '../server/config/config.js'
import { openConfiguredStore } from '../server/config/open-store.js'
import { idIn, makeApiKey } from '../server/callers/api-key.js'

/** One line of `dialgraph keys list`; nothing of it is secret. */
export interface ApiKeyState {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly scopes: readonly string[]
  /** ISO 8601. */
  readonly createdAt: string
  readonly revokedAt: string | null
}

export interface NewApiKey {
  readonly name: string
  readonly workspace: string
  /** Words with commas or spaces between them. */
  readonly scopes: string
}

const LONGEST_NAME = 200

/** Makes a key and keeps its digest; the key itself is given here and never again. Throws ConfigurationError for what cannot be made. */
export async function createApiKey(
  config: Config,
  { name, workspace, scopes }: NewApiKey,
): Promise<{ readonly id: string; readonly key: Secret }> {
  const wanted = scopesIn(scopes)
  if (name.trim() === '' || name.length > LONGEST_NAME)
    throw refused(`--name must have 1 to ${LONGEST_NAME} characters`)
  if (!WORKSPACE.test(workspace)) throw refused('--workspace must be 1 to 64 small letters, digits or hyphens')
  const { id, key, digest } = makeApiKey()
  await withKeys(config, (store) =>
    store.keepApiKey({ id, name, workspace, scopes: wanted, digest, createdAt: Date.now(), revokedAt: null }),
  )
  return { id, key }
}

/** Every key that was made by command, the oldest first; `onUnreadable` hears the id of each that does not open any more. */
export function listApiKeys(config: Config, onUnreadable: (id: string) => void): Promise<readonly ApiKeyState[]> {
  return withKeys(config, async (store) => (await store.apiKeys(onUnreadable)).map(stateOf))
}

/** Takes a key by its id, or the whole key by mistake. Throws ConfigurationError when there is none that is still good. */
export async function revokeApiKey(config: Config, given: string): Promise<string> {
  const id = idIn(given) ?? given
  const revoked = await withKeys(config, (store) => store.revokeApiKey(id, Date.now()))
  // Whatever was given may be a secret that was meant for another place.
  if (!revoked) throw refused('no key of this id is good: `dialgraph keys list` shows which there are')
  return id
}

/** A table for a person at a terminal, tab-separated lines for a pipe. */
export function printApiKeys(keys: readonly ApiKeyState[], terminal: boolean): string {
  const rows = keys.map(({ id, name, workspace, scopes, createdAt, revokedAt }) => [
    ...[id, name, workspace, scopes.join(' '), createdAt],
    revokedAt ?? '',
  ])
  if (!terminal) return rows.map((row) => row.join('\t')).join('\n')
  const head = ['id', 'name', 'workspace', 'scopes', 'created', 'revoked']
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

const stateOf = ({ id, name, workspace, scopes, createdAt, revokedAt }: StoredApiKey): ApiKeyState => ({
  id,
  name,
  workspace,
  scopes,
  createdAt: new Date(createdAt).toISOString(),
  revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
})
