import { ConfigurationError } from '../errors.js'
import { retryStoredLogin } from '../server/accounts/retry-stored.js'
import type { Log } from '../server/observing/log.js'
import { configuredServer, type ConfiguredServer } from './configured-server.js'
import { queryAccountStates, storedAccountStates } from './account-states.js'
import { listAccountStates, tabulateAccountStates } from './print-account-states.js'
import { readRequiredConfig } from './required-config.js'
import { listWebhookStates, queryWebhookStates, storedWebhookStates } from './webhook-states.js'

export interface AccountsOptions {
  readonly config?: string
  readonly port?: number
  readonly json?: true
  readonly webhooks?: true
}

/** `accounts`: queries the running server, which knows most; without one, reads the store. */
export async function accounts(options: AccountsOptions, log: Log): Promise<void> {
  const { config, providers, url } = await configuredServer(options)
  if (options.webhooks) return webhooks(options, { config, providers, url }, log)
  // With callers, a server shows each only the accounts of its workspace; the store has all of
  // them.
  const served = config?.callers ? null : await queryAccountStates(url)
  if (!served && !config) throw nobodyKnows(url)
  if (!served && !config?.callers)
    console.warn(`No server answers at ${url}: this is what the store knows. Links to open work once one does.`)
  const states = served ?? (await storedAccountStates(config!, providers, log))
  if (options.json) console.log(JSON.stringify(states, null, 2))
  else console.log(process.stdout.isTTY ? tabulateAccountStates(states, Date.now()) : listAccountStates(states))
}

/** `accounts --webhooks`: where each provider delivers. */
async function webhooks(
  options: AccountsOptions,
  { config, providers, url }: ConfiguredServer,
  log: Log,
): Promise<void> {
  const served = config?.callers ? null : await queryWebhookStates(url)
  if (!served && !config) throw nobodyKnows(url)
  const publicUrl = config?.server.publicUrl ?? url
  const states = served ?? (await storedWebhookStates(config!, providers, log, publicUrl))
  if (!config?.signingKeys.length)
    console.warn(
      'These addresses are random: they are good until this server ends. `store.encryptionKeys` makes lasting ones.',
    )
  if (options.json) console.log(JSON.stringify(states, null, 2))
  else console.log(listWebhookStates(states, process.stdout.isTTY))
}

const nobodyKnows = (url: string) =>
  new ConfigurationError('The configuration', [`there is none, and no server answers at ${url}`])

/** `accounts retry`: tries the login of one account. */
export async function retry(id: string, option: string | undefined, log: Log): Promise<void> {
  const { config, providers } = await readRequiredConfig(option)
  const { id: key, state, failure } = await retryStoredLogin(config, id, { providers, log })
  if (failure === null) return console.log(`${key}: ${state.status}`)
  throw new ConfigurationError(`The login of ${key}`, [`${state.status}: ${failure}`])
}
