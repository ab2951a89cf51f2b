import type { Provider } from '../providers/provider.js'
import { findConfigFile, readConfig, type Config } from '../server/config/config.js'
import { registeredProviders } from './registered-providers.js'

/** Where a server listens that no configuration says it of. */
const DEFAULT_PORT = 4_000

/** A server of this machine, as far as the command line and the configuration tell. */
export interface ConfiguredServer {
  /** Null where there is no configuration: the sandbox. */
  readonly config: Config | null
  readonly providers: readonly Provider[]
  /** Without a trailing slash. */
  readonly url: string
}

/** @throws ConfigurationError when the configuration is wrong */
export async function configuredServer(options: {
  readonly config?: string
  readonly port?: number
}): Promise<ConfiguredServer> {
  const file = findConfigFile({ file: options.config })
  const providers = await registeredProviders(file)
  const config = file === null ? null : readConfig(file, providers)
  const host = hostInUrl(config?.server.host ?? '127.0.0.1')
  return { config, providers, url: `http://${host}:${options.port ?? config?.server.port ?? DEFAULT_PORT}` }
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
