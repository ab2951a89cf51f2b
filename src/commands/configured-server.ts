import { providers } from '../providers/index.js'
import { findConfigFile, readConfig, type Config } from '../server/config/config.js'

/** Where a server listens that no configuration says it of. */
const DEFAULT_PORT = 4_000

/** A server of this machine, as far as the command line and the configuration tell. */
export interface ConfiguredServer {
  /** Null where there is no configuration: the sandbox. */
  readonly config: Config | null
  /** Without a trailing slash. */
  readonly url: string
}

/** @throws ConfigurationError when the configuration is wrong */
export function configuredServer(options: { readonly config?: string; readonly port?: number }): ConfiguredServer {
  const file = findConfigFile({ file: options.config })
  const config = file === null ? null : readConfig(file, providers)
  const host = hostInUrl(config?.server.host ?? '127.0.0.1')
  return { config, url: `http://${host}:${options.port ?? config?.server.port ?? DEFAULT_PORT}` }
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
