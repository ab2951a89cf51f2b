/** `dialgraph`: the server, for a program that has it inside itself, and for its tests. */

import 'reflect-metadata'

import { dirname, resolve } from 'node:path'
import { PassThrough } from 'node:stream'

import { providers as ours } from './providers/index.js'
import type { Provider } from './providers/provider.js'
import { checkConfig, parseConfigFile, providerModules, readConfig } from './server/config/config.js'
import type { Configuration } from './server/config/configuration.js'
import { loadProviders } from './server/providers/provider-modules.js'
import { createLog } from './server/observing/log.js'
import { startServer as start } from './server/server.js'

export type { AccountConfiguration, Configuration } from './server/config/configuration.js'
export { ConfigurationError } from './errors.js'
export type { Provider } from './providers/provider.js'

/** What is not in the configuration. */
export interface EmbeddingOptions {
  /** Providers besides the built-in ones, as `defineProvider` makes them. */
  readonly providers?: readonly Provider[]
  /** Where the log goes, a JSON object on each line. Default: nowhere. */
  readonly log?: { write(line: string): unknown }
  /** Values of the placeholders `${NAME}`. Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** A server that listens. */
export interface StartedServer {
  /** `http://host:port`, with the actual port; GraphQL is at `/graphql` below it. */
  readonly url: string
  /**
   * Lets running work finish within `limits.drainTimeoutMs`, then closes everything; false when some
   * was cut off.
   */
  close(): Promise<boolean>
}

/**
 * Starts a server with the built-in providers and those that the configuration names. `configuration`:
 * the path of a file, or what one holds. Makes no request to any provider.
 *
 * @throws ConfigurationError with every mistake of the configuration, and when the store does not open
 * @throws the socket's error when it cannot listen
 */
export async function startServer(
  configuration: Configuration | string,
  { providers = [], log = new PassThrough().resume(), environment }: EmbeddingOptions = {},
): Promise<StartedServer> {
  const isFile = typeof configuration === 'string'
  const modules = providerModules(isFile ? parseConfigFile(configuration) : configuration, environment)
  const place = isFile
    ? { source: configuration, directory: dirname(resolve(configuration)) }
    : { source: 'The configuration', directory: process.cwd() }
  const all = await loadProviders(modules, [...ours, ...providers], place)
  const config = isFile ? readConfig(configuration, all, environment) : checkConfig(configuration, all, { environment })
  const { url, close } = await start(config, { providers: all, log: createLog(log as never) })
  return { url, close }
}
