import type { Config } from '../server/config/config.js'
import { createApiKey, listApiKeys, printApiKeys, revokeApiKey, type NewApiKey } from './made-keys.js'

/** `keys create`: prints a new key, alone on standard output. */
export async function create(config: Config, options: NewApiKey): Promise<void> {
  const { id, key } = await createApiKey(config, options)
  console.log(key.reveal())
  console.error(`This is the key ${id}. Keep it now: it cannot be shown again.`)
  if (config.callers === null)
    console.error('The configuration has no `callers`, so nobody is asked for a key: `callers: {}` is enough to begin.')
}

/** `keys list`: for a person, or as JSON. */
export async function list(config: Config, asJson: boolean): Promise<void> {
  const keys = await listApiKeys(config, (id) => console.error(`The key ${id} does not open: its row was changed.`))
  if (asJson) console.log(JSON.stringify(keys, null, 2))
  else if (keys.length > 0) console.log(printApiKeys(keys, process.stdout.isTTY))
  else console.error('There are no keys yet: `dialgraph keys create` makes one.')
}

/** `keys revoke`: of a key, by its id or itself. */
export async function revoke(config: Config, idOrKey: string): Promise<void> {
  console.log(`The key ${await revokeApiKey(config, idOrKey)} is revoked; running servers refuse it within a minute.`)
}
